import { describe, expect, it } from "vitest";
import { meanOf, minus } from "../../src/directions/codes";
import { findAccuracy, findCone } from "../../src/directions/confidence";
import { findProblem, findVector, gapOf, measure, moveTo, type Method, NOTHING, placeOf, samples, sweepAlong } from "../../src/directions/direction";
import { Slices, Superseded } from "../../src/directions/slices";
import { standardNormal } from "../../src/latent/vectors";
// made and checked by tests/latents/test_directions.py
import known from "./known.json";

const d = 4;
const codes = Float32Array.from(known.codes.flat());
const slices = () => new Slices();
const degrees = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const dot = (p: ArrayLike<number>, q: ArrayLike<number>) => Array.from(p).reduce((sum, value, k) => sum + value * q[k], 0);
  return (180 / Math.PI) * Math.acos(Math.min(1, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
};

/** Standard normal codes of two groups of n, `gap` apart along the first axis. */
function planted(n: number, size: number, gap: number, seed: number): Float32Array {
  const all = standardNormal(2 * n * size, seed);
  for (let i = 0; i < n; i++) all[i * size] += gap;
  return all;
}

const first = (n: number) => Array.from({ length: n }, (_, i) => i);
const second = (n: number) => Array.from({ length: n }, (_, i) => n + i);

describe.each(["means", "probe"] as const)("by %s", (method: Method) => {
  const wanted = known.found[method];
  const groups = samples(codes, d, known.a, known.b);

  it("the direction is that of Python", async () => {
    const vector = await findVector(...groups, method, slices());
    vector.forEach((value, k) => expect(value).toBeCloseTo(wanted.vector[k], 5));
    const direction = measure(vector, codes);
    expect(direction.scale).toBeCloseTo(wanted.scale, 3);
    expect(gapOf(direction, ...groups)).toBeCloseTo(wanted.gap, 3);
    wanted.places.forEach((place, i) => expect(direction.projections[i]).toBeCloseTo(place, 3));
  });

  it("and so are its accuracy and, up to its draws, its cone", async () => {
    const vector = await findVector(...groups, method, slices());
    expect(await findAccuracy(...groups, method, slices())).toBeCloseTo(wanted.accuracy, 4);
    expect(Math.abs((await findCone(...groups, method, vector, slices())) / wanted.cone - 1)).toBeLessThan(0.12);
  });

  it("the planted direction is found at 10,000 codes", async () => {
    const all = planted(5000, 10, 2, 1);
    const both = samples(all, 10, first(5000), second(5000));
    const vector = await findVector(...both, method, slices());
    expect(degrees(vector, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toBeLessThan(method === "means" ? 2 : 4);
    // two unit Gaussians 2 apart: Φ(1) of each is on its side of the middle
    expect(Math.abs((await findAccuracy(...both, method, slices())) - 0.841)).toBeLessThan(0.01);
  });
});

it("the cone is as wide as Gaussian noise makes it, whether groups are resampled or drawn from their limit", async () => {
  for (const n of [300, 3000]) {
    const both = samples(planted(n, 10, 1, 4), 10, first(n), second(n));
    const vector = await findVector(...both, "means", slices());
    // the difference of the means has a variance of 2/n in each of 10 dimensions, which makes it longer
    const length = Math.sqrt(minus(meanOf(both[0]), meanOf(both[1])).reduce((sum, v) => sum + v ** 2, 0) - (10 * 2) / n);
    const expected = (180 / Math.PI) * Math.atan(Math.sqrt((16.919 * 2) / n) / length); // χ² of 9 degrees of freedom at 95 %
    expect(Math.abs((await findCone(...both, "means", vector, slices())) / expected - 1)).toBeLessThan(0.1);
  }
});

it("the cone holds the truth as often as it says", async () => {
  let inside = 0;
  const cases = 300;
  for (let seed = 0; seed < cases; seed++) {
    const both = samples(planted(40, 4, 1, 1000 + seed), 4, first(40), second(40));
    const vector = await findVector(...both, "means", slices());
    if (degrees(vector, [1, 0, 0, 0]) <= (await findCone(...both, "means", vector, slices(), seed))) inside++;
  }
  // 95 %, within three standard deviations of a share of 300
  expect(Math.abs(inside / cases - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / cases));
});

it("z moves along a direction only, and to where it is told to", () => {
  const direction = measure(Float64Array.of(0.6, 0.8, 0, 0), codes);
  const z = Float32Array.of(1, -1, 2, 3);
  const moved = moveTo(direction, z, 1.5);
  expect(placeOf(direction, moved)).toBeCloseTo(1.5, 5);
  const step = Array.from(moved, (value, k) => value - z[k]);
  expect(step[0] / step[1]).toBeCloseTo(0.75, 4);
  expect(step.slice(2)).toEqual([0, 0]);
  const strip = sweepAlong(direction, z, -2, 2, 3);
  [-2, 0, 2].forEach((place, i) => expect(placeOf(direction, strip.subarray(4 * i, 4 * i + 4))).toBeCloseTo(place, 5));
});

it("10,000 codes are projected in less than 50 ms", () => {
  const all = standardNormal(10_000 * 32, 1);
  measure(Float64Array.from({ length: 32 }, () => Math.sqrt(1 / 32)), all); // compiled
  const began = performance.now();
  measure(Float64Array.from({ length: 32 }, () => Math.sqrt(1 / 32)), all);
  expect(performance.now() - began).toBeLessThan(50);
});

it("groups without a direction are said in a sentence", async () => {
  expect(findProblem([], [1, 2])).toMatch(/^Group A is empty/);
  expect(findProblem([1, 2], [])).toMatch(/^Group B is empty/);
  expect(findProblem([1], [2, 3])).toMatch(/^Group A has one image/);
  expect(findProblem([1, 2], [3])).toMatch(/^Group B has one image/);
  expect(findProblem([1, 2], [1, 2])).toMatch(/^Both groups are the same images/);
  expect(findProblem([1, 2, 3], [3, 4])).toMatch(/one image is in both/);
  expect(findProblem([1, 2, 3], [2, 3, 4])).toMatch(/2 images are in both/);
  expect(findProblem([1, 2], [3, 4])).toBe("");
  const still = samples(new Float32Array(8), 2, [0, 1], [2, 3]);
  await expect(findVector(...still, "means", slices())).rejects.toThrow(NOTHING);
  await expect(findVector(...still, "probe", slices())).rejects.toThrow(NOTHING);
});

it("gives way to the page while it works, and stops once it is not wanted", async () => {
  const both = samples(planted(2000, 24, 1, 2), 24, first(2000), second(2000));
  let [turns, over] = [0, false];
  const ticking = setInterval(() => turns++, 0);
  const vector = await findVector(...both, "means", slices());
  await findCone(...both, "means", vector, slices());
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(10);
  const stopped = findCone(...both, "means", vector, new Slices(() => over));
  over = true;
  await expect(stopped).rejects.toThrow(Superseded);
});
