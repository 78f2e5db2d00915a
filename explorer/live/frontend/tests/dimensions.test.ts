import { describe, expect, it } from "vitest";
import { dataRanges, dimensionName, distanceUnit, orderDimensions, quantile, rangeOf } from "../src/latent/dimensions";
import { standardNormal } from "../src/latent/vectors";

describe("orderDimensions", () => {
  it("puts what carries most first and names the dead", () => {
    expect(orderDimensions({ rate: [0.01, 2, 0.5, 3], variance: [0.005, 1, 0.02, 1] })).toEqual({ live: [3, 1, 2], dead: [0], collapsed: false });
  });
  it("orders a plain autoencoder by variance, with nothing dead but constants", () => {
    expect(orderDimensions({ rate: null, variance: [0.001, 4, 0] })).toEqual({ live: [1, 0], dead: [2], collapsed: false });
  });
  it("still shows a model that has collapsed", () => {
    expect(orderDimensions({ rate: [0.01, 0.02], variance: [0, 0] })).toEqual({ live: [1, 0], dead: [], collapsed: true });
  });
});

it("measures distances in the prior's σ, and without a prior in that of two typical codes", () => {
  expect(distanceUnit({ rate: [1, 2], variance: [4, 5] })).toEqual({ size: 1, name: "σ" });
  const z = standardNormal(2 * 4000, 5).map((v, i) => v * (i % 2 ? 3 : 1));
  const squares = Array.from({ length: 2000 }, (_, i) => (z[4 * i] - z[4 * i + 2]) ** 2 + (z[4 * i + 1] - z[4 * i + 3]) ** 2);
  const { size, name } = distanceUnit({ rate: null, variance: [1, 9] });
  expect(size / Math.sqrt(squares.reduce((a, b) => a + b) / 2000)).toBeCloseTo(1, 1);
  expect(name).toBe("× typical distance");
});

describe("ranges", () => {
  it("are quantiles of each dimension: of a normal, ±2.326", () => {
    const [[low, high]] = dataRanges(standardNormal(20000, 3), 1);
    expect(low).toBeCloseTo(-2.326, 0);
    expect(high).toBeCloseTo(2.326, 0);
    const codes = Float32Array.from({ length: 202 }, (_, i) => (i % 2 ? 5 : i / 2)); // 0..100 beside a constant
    const [first, constant] = dataRanges(codes, 2);
    expect(first).toEqual([1, 99]);
    expect(constant).toEqual([5, 5]);
    expect(rangeOf({ kind: "data", k: 3 }, 1, [first, constant])).toEqual([4.5, 5.5]);
  });
  it("fall back to the prior until the codes are there", () => expect(rangeOf({ kind: "data", k: 2 }, 0, null)).toEqual([-2, 2]));
  it("interpolate between order statistics", () => expect(quantile([0, 10], 0.25)).toBe(2.5));
});

it("names dimensions from one", () => expect([dimensionName(0), dimensionName(127)]).toEqual(["z₁", "z₁₂₈"]));
