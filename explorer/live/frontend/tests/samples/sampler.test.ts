import { describe, expect, it } from "vitest";
import { drawNoise, Sampler } from "../../src/samples/sampler";

const mean = (values: Iterable<number>) => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

describe("noise", () => {
  it("is the same for a seed, and begins the same for every number of codes", () => {
    const [few, many] = [drawNoise(7, 16, 3), drawNoise(7, 100, 3)];
    expect([...few.epsilon]).toEqual([...many.epsilon.slice(0, 48)]);
    expect([...few.pick]).toEqual([...many.pick.slice(0, 16)]);
    expect([...drawNoise(8, 16, 3).epsilon]).not.toEqual([...few.epsilon]);
  });

  it("is standard normal, and uniform where it picks, each without regard to the other", () => {
    const n = 20_000;
    const { epsilon, pick } = drawNoise(1, n, 1);
    expect(mean(epsilon)).toBeCloseTo(0, 1);
    expect(mean(epsilon.map((v) => v * v))).toBeCloseTo(1, 1);
    const sorted = Array.from(pick).sort((a, b) => a - b);
    // Kolmogorov and Smirnov: 1.95/√n is exceeded once in a thousand
    const gap = Math.max(...sorted.map((value, i) => Math.abs(value - (i + 0.5) / n)));
    expect(gap).toBeLessThan(1.95 / Math.sqrt(n));
    expect(Math.abs(mean(epsilon.map((v, i) => v * (pick[i] - 0.5))) * Math.sqrt(12 * n))).toBeLessThan(3.3);
  });
});

describe("sampler", () => {
  const numbers = Float32Array.of(
    ...[0.25, 0.75], // weights
    ...[1, 2, -10, 20], // means
    ...[2, 0, 3, 4], // L of the first
    ...[1, 0, 0, 1],
  );
  const sampler = new Sampler(numbers, 2);

  it("computes mean + temperature · L ε of the component that is picked", () => {
    const noise = { epsilon: Float32Array.of(1, -1, 0.5, 2, 1, 1), pick: Float32Array.of(0, 0.25, 0.9999) };
    expect([...sampler.draw(noise, 3, 0.5)]).toEqual([1 + 0.5 * 2, 2 + 0.5 * (3 - 4), -10 + 0.25, 21, -9.5, 20.5]);
    expect([...sampler.draw(noise, 3, 0)]).toEqual([1, 2, -10, 20, -10, 20]);
  });

  it("has the mixture's mean and covariance", () => {
    const n = 40_000;
    const z = new Sampler(numbers.with(4, 1).with(5, 2), 2).draw(drawNoise(3, n, 2), n, 1); // both means alike
    const [x, y] = [0, 1].map((k) => Array.from({ length: n }, (_, i) => z[2 * i + k]));
    expect(mean(x)).toBeCloseTo(1, 1);
    expect(mean(y)).toBeCloseTo(2, 1);
    expect(mean(x.map((v) => (v - 1) ** 2)) / (0.25 * 4 + 0.75)).toBeCloseTo(1, 1);
    expect(mean(x.map((v, i) => (v - 1) * (y[i] - 2))) / (0.25 * 6)).toBeCloseTo(1, 1);
  });

  it("refuses numbers of another latent size", () => expect(() => new Sampler(numbers, 3)).toThrow(/latent size/));
});
