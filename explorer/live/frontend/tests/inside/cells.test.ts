import { describe, expect, it } from "vitest";
import { arrange, cells, pictureSize, stages } from "../../src/inside/cells";
import type { Layer } from "../../src/inside/networks";

const layer = (shape: number[]): Layer => ({ name: shape.join(), by: "Gemm", steps: ["ReLU"], shape, values: new Float32Array(shape.reduce((a, b) => a * b)) });

describe("the arrangement of a layer", () => {
  it("has a place for every number, in cells that are nearly square", () => {
    for (const n of [1, 7, 256, 500]) {
      const at = arrange([n], 40, 200);
      expect(at.columns * at.rows).toBeGreaterThanOrEqual(n);
      expect(at.columns * (at.rows - 1)).toBeLessThan(n);
      if (n > 30) expect(40 / at.columns / (200 / at.rows)).toBeGreaterThan(0.6);
    }
  });

  it("keeps the maps of channels whole, a pixel apart", () => {
    const at = arrange([8, 4, 4], 100, 50);
    expect([at.tiles, at.columns, at.rows]).toEqual([8, 4, 2]);
    expect(pictureSize(at)).toEqual([4 * 5 - 1, 2 * 5 - 1]);
  });
});

it("shows the sign of a number by its colour and its size by how opaque it is", () => {
  const values = Float32Array.of(2, -1, 0, 0.5);
  const rgba = cells({ values }, arrange([4], 40, 10), [1, 2, 3], [9, 8, 7]);
  const pixel = (i: number) => [...rgba.slice(4 * i, 4 * i + 4)];
  expect([0, 1, 2, 3].map(pixel)).toEqual([[1, 2, 3, 255], [9, 8, 7, 128], [1, 2, 3, 0], [1, 2, 3, 64]]);
});

it("puts the number of a channel at its place in the channel's map", () => {
  const values = new Float32Array(2 * 2 * 3);
  values[1 * 6 + 1 * 3 + 2] = 1; // channel 1, row 1, column 2
  const at = arrange([2, 2, 3], 80, 20);
  const rgba = cells({ values }, at, [5, 5, 5], [0, 0, 0]);
  const [across] = pictureSize(at);
  expect(at.columns).toBe(2);
  expect(rgba[4 * (1 * across + 4 + 2) + 3]).toBe(255);
});

it("shows the last of convolutions of one shape, and every fully connected layer", () => {
  const found = stages([layer([8, 4, 4]), layer([8, 4, 4]), layer([16, 2, 2]), layer([32]), layer([32])]);
  expect(found.map(({ layer: { shape }, of }) => [shape.join(), of])).toEqual([["8,4,4", 2], ["16,2,2", 1], ["32", 1], ["32", 1]]);
});
