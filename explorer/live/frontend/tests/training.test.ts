import { describe, expect, it } from "vitest";
import { rateBands } from "../src/training/bands";
import { duration, megabytes, sentenceOf } from "../src/training/phrases";
import { ticks, drawRange } from "../src/training/scale";
import type { CurveLine, RunRow } from "../src/schema";

const line = (epoch: number, rates: number[]): CurveLine => ({ epoch, loss: 1, distortion: 1, rate: rates.reduce((a, b) => a + b, 0), rates, test: null, beta: 1, speed: 1234, left: 75 });

describe("scales", () => {
  it("marks round numbers inside the range", () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(24.3, 31, 4)).toEqual([26, 28, 30]);
    expect(ticks(-1.2, 0.3, 3)).toEqual([-1, -0.5, 0]);
    expect(ticks(5, 5)).toEqual([5]);
    for (const [low, high] of [[0.001, 0.0042], [-3e5, 7e6], [0, 1]])
      for (const value of ticks(low, high)) expect(value >= low && value <= high).toBe(true);
  });

  it("leaves the first steps out of the range, and never the last ones", () => {
    const curve = Array.from({ length: 100 }, (_, i) => 25 + 500 * Math.exp(-i));
    const [low, high] = drawRange(curve);
    expect(low).toBeLessThan(25);
    expect(high).toBeGreaterThan(curve[60]);
    expect(high).toBeLessThan(100);
    expect(drawRange([])).toEqual([0, 1]);
    const [one, two] = drawRange([7, 7]);
    expect(one < 7 && two > 7).toBe(true);
    expect(drawRange([3, Number.NaN, 5])[1]).toBeGreaterThan(5);
  });
});

describe("rates", () => {
  it("stacks every dimension, and the top is the whole rate", () => {
    const bands = rateBands([line(1, [1, 2, 3]), line(2, [2, 2, 2])]);
    expect(bands.map((band) => band.label)).toEqual(["z₁", "z₂", "z₃"]);
    expect(bands[2].top).toEqual([6, 6]);
    expect(bands[0].top).toEqual([1, 2]);
  });

  it("shows the strongest of many, the others as one", () => {
    const rates = Array.from({ length: 20 }, (_, k) => (k % 2 ? 0.01 : k + 1));
    const bands = rateBands([line(1, rates)]);
    expect(bands).toHaveLength(9);
    expect(bands[8].label).toBe("12 others");
    expect(bands[8].top[0]).toBeCloseTo(rates.reduce((a, b) => a + b));
    expect(bands.slice(0, 8).every((band, i) => i === 0 || band.top[0] >= bands[i - 1].top[0])).toBe(true);
    expect(rateBands([])).toEqual([]);
  });
});

describe("sentences", () => {
  const row: RunRow = { name: "a", title: "", state: "running", message: "epoch 3 of 9", fraction: 0.3, seconds: 5, place: 0, epochs: 9, latentSize: 2, parent: null, model: false, bytes: 0 };

  it("say how a training stands", () => {
    expect(sentenceOf(row, line(3, [1]))).toBe("epoch 3 of 9 · 1,234 images/s · 75 s left");
    expect(sentenceOf({ ...row, message: "saving the model" }, line(3, [1]))).toBe("saving the model");
    expect(sentenceOf({ ...row, state: "waiting", place: 2 }, undefined)).toContain("behind 2 trainings");
    expect(sentenceOf({ ...row, state: "failed", message: "The disk is full." }, undefined)).toBe("The disk is full.");
    expect(sentenceOf({ ...row, state: "paused", message: "Saved after epoch 3." }, undefined)).toBe("Paused. Saved after epoch 3.");
    expect([12.4, 150, 7200].map(duration)).toEqual(["12 s", "3 min", "2.0 h"]);
    expect([0, 300, 2_140_000, 1.5e9].map(megabytes)).toEqual(["0.0 MB", "< 0.1 MB", "2.1 MB", "1500.0 MB"]);
  });
});
