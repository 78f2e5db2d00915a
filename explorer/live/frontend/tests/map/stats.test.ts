import { describe, expect, it } from "vitest";
import { dotStyle } from "../../src/map/layer";
import { random } from "../../src/map/shuffle";
import { bounds, coreBounds, typicalDensity, viewExtent } from "../../src/map/stats";

const next = random(77);
const cloud = (n: number, width: number, height: number): Float32Array =>
  Float32Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? width : height) * next());

describe("stats", () => {
  it("bounds what is finite", () => {
    expect(bounds(Float32Array.of(1, 2, Number.NaN, 9, -3, 5, Infinity, 0))).toEqual({ x0: -3, x1: 1, y0: 2, y1: 5 });
    expect(bounds(new Float32Array(0))).toBeNull();
    expect(coreBounds(Float32Array.of(Number.NaN, 1), 10, 0.1)).toBeNull();
  });

  it("shows all of a small set, and does not let a few outliers shrink a large one", () => {
    const few = cloud(300, 4, 2);
    expect(viewExtent(few)).toEqual(bounds(few));
    const many = cloud(8000, 4, 2);
    many.set([1e5, -1e5], 500);
    const extent = viewExtent(many)!;
    expect(extent.x1).toBeLessThan(4.5);
    expect(extent.x1).toBeGreaterThan(3.9);
    expect(extent.y0).toBeGreaterThan(-0.5);
  });

  it("knows the density of an even cloud, whatever its size", () => {
    for (const n of [400, 8000, 60_000]) {
      const density = typicalDensity(cloud(n, 4, 2), () => true);
      expect(density / (n / 8)).toBeGreaterThan(0.75);
      expect(density / (n / 8)).toBeLessThan(1.35);
    }
    const half = typicalDensity(cloud(60_000, 4, 2), (k) => k % 2 === 0);
    expect(half / (30_000 / 8)).toBeGreaterThan(0.75);
    expect(half / (30_000 / 8)).toBeLessThan(1.35);
    expect(typicalDensity(cloud(100, 1, 1), () => false)).toBe(0);
  });

  it("makes dots smaller and fainter the denser they lie, outlined when few", () => {
    const at = (density: number) => dotStyle(density, { size: 0, alpha: 0, outline: 0 });
    const styles = [0.0001, 0.002, 0.05, 0.35, 3.5, 40, 4000].map(at);
    for (let k = 1; k < styles.length; k++) {
      expect(styles[k]!.size).toBeLessThanOrEqual(styles[k - 1]!.size);
      expect(styles[k]!.alpha).toBeLessThanOrEqual(styles[k - 1]!.alpha);
    }
    expect(at(0.002).outline).toBe(1);
    expect(at(0.35).outline).toBe(0);
    expect(at(1e9).alpha).toBeGreaterThan(0.05);
    expect(at(0)).toEqual(at(1e-6));
  });
});
