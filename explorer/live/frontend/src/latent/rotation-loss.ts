import type { Rotation } from "./rotation";

/**
 * KL from the best diagonal Gaussian to the rotated q(z|x), in nats, mean over images, from the standard deviations
 * (N, d) of a diagonal q.
 *
 * Rotated, q has the precision Λ′ = R diag(1/σ²) Rᵀ. Of all diagonal Gaussians the one with the same mean and the
 * precisions Λ′ₖₖ is nearest to it, and its KL is ½ (Σ ln Λ′ₖₖ − ln det Λ); a rotation keeps the determinant. It is
 * what the ELBO loses as far as q is the posterior and log p(x, z) is quadratic where q has its mass: reconstruction
 * and rate together. See docs/comparing.md.
 */
export function diagonalLoss(scale: Float32Array, d: number, { i, j, degrees }: Rotation): number {
  const angle = (degrees * Math.PI) / 180;
  const [cc, ss] = [Math.cos(angle) ** 2, Math.sin(angle) ** 2];
  let sum = 0;
  for (let at = 0; at < scale.length; at += d) {
    const [a, b] = [1 / scale[at + i] ** 2, 1 / scale[at + j] ** 2];
    sum += 0.5 * Math.log(((cc * a + ss * b) * (ss * a + cc * b)) / (a * b));
  }
  return sum / (scale.length / d);
}
