import { describe, expect, it } from "vitest";
import { halve, toRgba } from "../src/engine/pixels";
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
