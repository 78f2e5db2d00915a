import { expect, it } from "vitest";
import { cholesky, eigen, solve } from "../../src/latent/symmetric";
import { standardNormal } from "../../src/latent/vectors";

/** A Aᵀ of normal numbers, and so positive definite. */
function spread(d: number, seed: number): Float64Array {
  const a = standardNormal(d * d, seed);
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) out[i * d + j] += a[i * d + k] * a[j * d + k];
  return out;
}

it("the eigenvalues of a 2 × 2 matrix are those of its quadratic equation", () => {
  const { values, vectors } = eigen(Float64Array.of(2, 1, 1, 2), 2);
  expect([...values].map((v) => v.toFixed(10))).toEqual(["3.0000000000", "1.0000000000"]);
  expect(vectors[0][0]).toBeCloseTo(Math.SQRT1_2, 10);
  expect(vectors[0][1]).toBeCloseTo(Math.SQRT1_2, 10);
});

it.each([1, 3, 24, 128])("vectors are orthonormal and make the matrix again, at %i", (d) => {
  const a = spread(d, d);
  const { values, vectors } = eigen(a, d);
  for (let i = 1; i < d; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
  for (let i = 0; i < d; i++) {
    const v = vectors[i];
    const dots = [0, d >> 1, d - 1].map((j) => v.reduce((sum, value, k) => sum + value * vectors[j][k], 0));
    [0, d >> 1, d - 1].forEach((j, n) => expect(dots[n]).toBeCloseTo(Number(i === j), 8));
    const off = v.map((value, p) => v.reduce((sum, other, q) => sum + a[p * d + q] * other, -values[i] * value));
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(1e-8 * values[0]);
  }
});

it("a diagonal matrix with equal and with zero entries stays what it is", () => {
  expect([...eigen(Float64Array.of(0, 0, 0, 0, 5, 0, 0, 0, 5), 3).values]).toEqual([5, 5, 0]);
});

it("the triangle solves equations", () => {
  const d = 6;
  const a = spread(d, 3);
  const x = standardNormal(d, 9);
  const b = Float64Array.from({ length: d }, (_, i) => x.reduce((sum, value, k) => sum + a[i * d + k] * value, 0));
  solve(cholesky(a, d), b).forEach((value, k) => expect(value).toBeCloseTo(x[k], 6));
});
