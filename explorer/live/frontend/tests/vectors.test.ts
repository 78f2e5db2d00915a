import { describe, expect, it } from "vitest";
import { nearestRow } from "../src/latent/nearest";
import { linear, norm, path, spherical, standardNormal, sweep } from "../src/latent/vectors";

const v = (...values: number[]) => Float32Array.from(values);
const angle = (a: Float32Array, b: Float32Array) =>
  Math.acos(Math.min(1, a.reduce((s, x, k) => s + x * b[k], 0) / norm(a) / norm(b)));

describe("paths", () => {
  it("goes along a great circle at constant speed", () => {
    const [a, b] = [v(1, 0, 0), v(0, 1, 0)];
    const third = spherical(a, b, 1 / 3);
    expect(third[0]).toBeCloseTo(Math.cos(Math.PI / 6), 6);
    expect(third[1]).toBeCloseTo(Math.sin(Math.PI / 6), 6);
  });

  it("keeps the angle and changes the length evenly for ends of any length", () => {
    for (let seed = 0; seed < 20; seed++) {
      const [a, b] = [standardNormal(7, seed), standardNormal(7, seed + 100)];
      for (const t of [0, 0.25, 0.6, 1]) {
        const z = spherical(a, b, t);
        expect(norm(z)).toBeCloseTo(norm(a) + t * (norm(b) - norm(a)), 4);
        expect(angle(a, z)).toBeCloseTo(t * angle(a, b), 2);
      }
    }
  });

  it("is the straight line where there is no great circle", () => {
    expect([...spherical(v(1, 1), v(2, 2), 0.5)]).toEqual([1.5, 1.5]);
    expect([...spherical(v(0, 0), v(2, 0), 0.5)]).toEqual([1, 0]);
    expect([...spherical(v(1, 0), v(-1, 0), 0.5)].every(Number.isFinite)).toBe(true);
  });

  it.each(["linear", "spherical"] as const)("of kind %s starts and ends at its ends", (kind) => {
    const [a, b] = [v(0.5, -2, 1), v(1, 1, 3)];
    const codes = path(a, b, 5, kind);
    for (let k = 0; k < 3; k++) {
      expect(codes[k]).toBeCloseTo(a[k], 5);
      expect(codes[12 + k]).toBeCloseTo(b[k], 5);
    }
    expect([...linear(a, b, 0.5)]).toEqual([0.75, -0.5, 2]);
  });

  it("sweeps one dimension and leaves the others", () => {
    expect([...sweep(v(7, 8), 1, -1, 1, 3)]).toEqual([7, -1, 7, 0, 7, 1]);
  });
});

describe("standardNormal", () => {
  it("has mean 0, variance 1, and is the same for the same seed", () => {
    const draws = standardNormal(20000, 5);
    const mean = draws.reduce((s, x) => s + x, 0) / draws.length;
    const variance = draws.reduce((s, x) => s + (x - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(20000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 20000));
    expect(standardNormal(4, 5)).toEqual(standardNormal(4, 5));
    expect(standardNormal(4, 5)).not.toEqual(standardNormal(4, 6));
  });
});

describe("nearestRow", () => {
  it("agrees with sorting all distances", () => {
    const codes = standardNormal(300 * 4, 1);
    for (let seed = 2; seed < 12; seed++) {
      const z = standardNormal(4, seed);
      const all = Array.from({ length: 300 }, (_, i) => [Math.hypot(...z.map((x, k) => x - codes[4 * i + k])), i]).sort((p, q) => p[0] - q[0]);
      const [row, distance] = nearestRow(codes, z);
      expect(row).toBe(all[0][1]);
      expect(distance).toBeCloseTo(all[0][0], 5);
    }
  });

  it("is infinitely far from nothing", () => expect(nearestRow(new Float32Array(0), v(1, 2))).toEqual([0, Infinity]));
});
