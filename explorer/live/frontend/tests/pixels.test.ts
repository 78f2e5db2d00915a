import { describe, expect, it } from "vitest";
import { fromRgba, halve, inRow, rowSize, toRgba } from "../src/engine/pixels";
import { crispSize } from "../src/ui/picture";

describe("toRgba", () => {
  it("spreads grey over the channels, rounds and clamps", () => {
    expect([...toRgba([0, 0.5, 1.0001, -0.1], 1, [1, 2, 2])]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 0, 0, 0, 255]);
  });
  it("turns planes of colour into pixels, image by image", () => {
    const planes = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]; // two images of 1 × 2
    expect([...toRgba(planes, 2, [3, 1, 2], 1)]).toEqual([1, 3, 5, 255, 2, 4, 6, 255, 11, 13, 15, 255, 12, 14, 16, 255]);
  });
});

it("halve averages squares of four", () => {
  const grey = (values: number[]) => Uint8ClampedArray.from(values.flatMap((x) => [x, x, x, 255]));
  expect(halve(grey([0, 100, 8, 8, 100, 200, 8, 8]), 1, 2, 4)).toEqual(grey([100, 8]));
});

describe("inRow", () => {
  const grey = (values: number[]) => Uint8ClampedArray.from(values.flatMap((x) => [x, x, x, 255]));
  it("puts images side by side with a clear gap", () => {
    const two = grey([1, 2, 3, 4, 5, 6, 7, 8]); // two images of 2 × 2
    const clear = [0, 0, 0, 0];
    const expected = [...grey([1, 2]), ...clear, ...grey([5, 6]), ...grey([3, 4]), ...clear, ...grey([7, 8])];
    expect([...inRow(two, 2, [1, 2, 2], { factor: 1, gap: 1 })]).toEqual(expected);
  });
  it("halves what is asked to be smaller, an odd side rounded down", () => {
    const row = { factor: 2, gap: 2 };
    expect(rowSize(3, [1, 5, 5], row)).toEqual([3 * 2 + 2 * 2, 2]);
    const flat = inRow(grey(Array.from({ length: 75 }, (_, i) => 10 * Math.floor(i / 25))), 3, [1, 5, 5], row);
    const alpha0 = [0, 0, 0, 0, 0, 0, 0, 0];
    const line = [...grey([0, 0]), ...alpha0, ...grey([10, 10]), ...alpha0, ...grey([20, 20])];
    expect([...flat]).toEqual([...line, ...line]);
  });
});

describe("crispSize", () => {
  it.each([
    [28, 288, 1, 280],
    [64, 288, 1, 256],
    [8, 60, 1, 56],
    [28, 43, 1, 42],
    [64, 40, 1, 64],
    [28, 288, 2, 280],
  ])("%i pixels in %i at ratio %f", (native, most, ratio, size) => {
    expect(crispSize(native, most, ratio)).toBe(size);
    expect(((size * ratio) / native) % 0.5).toBe(0);
  });
});

it("takes pixels apart again, channel by channel and image by image", () => {
  for (const shape of [[1, 2, 3], [3, 2, 1]] as const) {
    const size = 2 * shape[0] * shape[1] * shape[2];
    const values = Float32Array.from({ length: size }, (_, i) => ((i * 37) % 256) / 255);
    fromRgba(toRgba(values, 2, shape), 2, shape).forEach((value, i) => expect(value).toBeCloseTo(values[i], 5));
  }
});
