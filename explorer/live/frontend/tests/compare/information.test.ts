import { expect, it } from "vitest";
import { carried, entropy, type Factor, gap, mutualInformation } from "../../src/compare/information";
import { rotate, rotatedRates } from "../../src/latent/rotation";
import { standardNormal } from "../../src/latent/vectors";

/** Every pair of two factors of n values, as dSprites has every combination. */
function grid(n: number): Factor[] {
  const at = Array.from({ length: n * n }, (_, i) => i);
  return [
    { name: "x position", values: Uint8Array.from(at, (i) => Math.floor(i / n)), size: n },
    { name: "y position", values: Uint8Array.from(at, (i) => i % n), size: n },
  ];
}

const table = (codes: Float32Array, d: number, factors: Factor[]) => ({
  table: factors.map((f) => Float64Array.from({ length: d }, (_, k) => mutualInformation(Float32Array.from({ length: codes.length / d }, (_, i) => codes[i * d + k]), f))),
  entropy: factors.map(entropy),
});

it("knows all of a factor that is the code, nothing of an independent one", () => {
  const [x, y] = grid(10);
  expect(entropy(x)).toBeCloseTo(Math.log(10), 12);
  expect(mutualInformation(Float32Array.from(x.values), x)).toBeCloseTo(Math.log(10), 12);
  expect(mutualInformation(Float32Array.from(x.values), y)).toBeCloseTo(0, 12);
  expect(mutualInformation(new Float32Array(100).fill(2), x)).toBe(0);
});

it("has a gap of 1 for a perfect code, which falls when it is turned by 45° and comes back at 90°", () => {
  const n = 16;
  const factors = grid(n);
  const codes = Float32Array.from({ length: 2 * n * n }, (_, i) => (factors[i % 2].values[i >> 1] - (n - 1) / 2) / 4);
  const at = (degrees: number) => gap(table(rotate(codes, 2, { i: 0, j: 1, degrees }), 2, factors));
  expect(at(0)).toBeCloseTo(1, 6);
  expect(at(90)).toBeCloseTo(1, 6);
  expect(at(45)).toBeLessThan(0.05);
  expect(carried(table(codes, 2, factors), factors, 1)).toEqual({ factor: 1, share: expect.closeTo(1, 6) });
});

it("says that a dimension of noise carries nothing", () => {
  const factors = grid(16);
  const noise = standardNormal(256, 3);
  expect(carried(table(noise, 1, factors), factors, 0)).toBeNull();
});

it("corrects cells for the bias of few images: independent ones have about 0", () => {
  const values = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 12);
  const factor = { values, size: 12 };
  const estimates = Array.from({ length: 20 }, (_, seed) => standardNormal(1000, seed + 1));
  const mean = (corrected: boolean) => estimates.reduce((sum, code) => sum + mutualInformation(code, factor, corrected), 0) / estimates.length;
  expect(mean(false)).toBeGreaterThan(0.05);
  expect(mean(true)).toBeLessThan(0.012);
});

it("turns back to where it was, and keeps the length of every code", () => {
  const z = standardNormal(50, 1);
  const turn = { i: 1, j: 4, degrees: 33 };
  const there = rotate(z, 5, turn);
  rotate(there, 5, turn, true).forEach((value, i) => expect(value).toBeCloseTo(z[i], 5));
  const length = (codes: Float32Array) => codes.reduce((sum, v) => sum + v * v, 0);
  expect(length(there)).toBeCloseTo(length(z), 3);
});

it("keeps the rate of two dimensions where posteriors are round, and of each at 0°", () => {
  const mean = standardNormal(200, 2);
  const scale = new Float32Array(200).fill(0.3);
  const sum = (degrees: number) => rotatedRates(mean, scale, 2, { i: 0, j: 1, degrees }).reduce((a, b) => a + b);
  expect(sum(45)).toBeCloseTo(sum(0), 4);
  const [first] = rotatedRates(mean, scale, 2, { i: 0, j: 1, degrees: 0 });
  const kl = Array.from({ length: 100 }, (_, i) => 0.5 * (mean[2 * i] ** 2 + 0.09 - 1 - Math.log(0.09)));
  expect(first).toBeCloseTo(kl.reduce((a, b) => a + b) / 100, 4);
});
