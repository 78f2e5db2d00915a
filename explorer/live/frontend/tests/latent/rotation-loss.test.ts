import { expect, it } from "vitest";
import { diagonalLoss } from "../../src/latent/rotation-loss";

/** KL(N(0, diag(v)) ‖ N(0, R diag(s²) Rᵀ)) of two dimensions, from the definition. */
function divergence(v: [number, number], [s, t]: [number, number], degrees: number): number {
  const [c, w] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const covariance = [c * c * s * s + w * w * t * t, c * w * (s * s - t * t), w * w * s * s + c * c * t * t];
  const determinant = covariance[0] * covariance[2] - covariance[1] ** 2;
  const trace = (covariance[2] * v[0] + covariance[0] * v[1]) / determinant;
  return 0.5 * (trace - 2 + Math.log(determinant / (v[0] * v[1])));
}

/** The least divergence over diagonal Gaussians, by a search that narrows. */
function least(scale: [number, number], degrees: number): number {
  let [best, at, step] = [Infinity, [0, 0], 4];
  for (; step > 1e-6; step *= 0.7) {
    const around = at;
    for (let a = -4; a <= 4; a++)
      for (let b = -4; b <= 4; b++) {
        const here = [around[0] + (step * a) / 4, around[1] + (step * b) / 4];
        const found = divergence([Math.exp(here[0]), Math.exp(here[1])], scale, degrees);
        if (found < best) [best, at] = [found, here];
      }
  }
  return best;
}

it("is the least divergence of any diagonal Gaussian from the rotated one, averaged over codes", () => {
  const scales: [number, number][] = [[0.1, 0.9], [0.3, 0.2], [1, 0.05]];
  const rows = Float32Array.from(scales.flatMap(([s, t]) => [t, 0.5, s])); // dimensions 2 and 0 of three
  for (const degrees of [10, 30, 45, 77]) {
    const expected = scales.reduce((sum, scale) => sum + least(scale, degrees), 0) / scales.length;
    expect(diagonalLoss(rows, 3, { i: 2, j: 0, degrees })).toBeCloseTo(expected, 4);
  }
});

it("is nothing without a rotation, at a right angle, and where both scales are equal", () => {
  const rows = Float32Array.of(0.1, 0.9, 0.3, 0.2);
  for (const degrees of [0, 90]) expect(diagonalLoss(rows, 2, { i: 0, j: 1, degrees })).toBeCloseTo(0, 10);
  expect(diagonalLoss(Float32Array.of(0.4, 0.4), 2, { i: 0, j: 1, degrees: 33 })).toBeCloseTo(0, 10);
});
