/** A rotation of two latent dimensions: z′ = R z, decoded as decoder(Rᵀ z′). */
export interface Rotation {
  i: number;
  j: number;
  degrees: number;
}

/** R z of codes (n, d), or Rᵀ z with `back`; a copy. */
export function rotate(z: Float32Array, d: number, { i, j, degrees }: Rotation, back = false): Float32Array {
  const angle = ((back ? -1 : 1) * degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const out = z.slice();
  for (let at = 0; at < z.length; at += d) {
    out[at + i] = c * z[at + i] - s * z[at + j];
    out[at + j] = s * z[at + i] + c * z[at + j];
  }
  return out;
}

/**
 * Mean KL to N(0, 1) of each of the two rotated dimensions alone, from means and standard deviations (N, d) of diagonal
 * Gaussians. Their sum may be lower than before: a rotated posterior has part of its rate in its correlations.
 */
export function rotatedRates(mean: Float32Array, scale: Float32Array, d: number, { i, j, degrees }: Rotation): [number, number] {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const sums: [number, number] = [0, 0];
  for (let at = 0; at < mean.length; at += d) {
    const [mi, mj] = [mean[at + i], mean[at + j]];
    const [vi, vj] = [scale[at + i] ** 2, scale[at + j] ** 2];
    sums[0] += kl(c * mi - s * mj, c * c * vi + s * s * vj);
    sums[1] += kl(s * mi + c * mj, s * s * vi + c * c * vj);
  }
  const n = mean.length / d;
  return [sums[0] / n, sums[1] / n];
}

const kl = (mean: number, variance: number): number => 0.5 * (mean * mean + variance - 1 - Math.log(variance));
