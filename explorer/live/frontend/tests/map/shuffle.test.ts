import { describe, expect, it } from "vitest";
import { pack, permutation, random } from "../../src/map/shuffle";

describe("shuffle", () => {
  it("is a permutation for every size, the same for the same seed", () => {
    for (const n of [0, 1, 2, 3, 100, 70_001]) {
      const order = permutation(n, 3);
      expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k));
      expect(permutation(n, 3)).toEqual(order);
    }
    expect(permutation(1000, 3)).not.toEqual(permutation(1000, 4));
  });

  it("makes prefixes fair samples", () => {
    // 2,000 of 100,000: each tenth of the indices should hold 200 (sd 13.3); six sd is one in 10^8.
    const tenths = new Array<number>(10).fill(0);
    for (const i of permutation(100_000).subarray(0, 2000)) tenths[Math.floor(i / 10_000)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(80);
  });

  it("draws every order of three equally often", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const key = permutation(3, seed).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(175); // six sd
  });

  it("has numbers in [0, 1) with the mean and variance of a uniform", () => {
    const next = random(42);
    const draws = Array.from({ length: 20_000 }, next);
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(draws.every((d) => d >= 0 && d < 1)).toBe(true);
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it("packs x and y side by side in the given order", () => {
    const packed = pack(Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 30), Uint32Array.of(2, 0, 1));
    expect([...packed]).toEqual([3, 30, 1, 10, 2, 20]);
  });
});
