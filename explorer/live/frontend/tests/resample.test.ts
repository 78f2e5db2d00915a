import { describe, expect, it } from "vitest";
import { middle } from "../src/input/bring";
import { readHeader } from "../src/input/header";
import { areaMeans, centredBox, type Pixels, whole } from "../src/input/resample";

function picture(width: number, height: number, at: (x: number, y: number) => number[]): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([...at(x, y), 255], 4 * (y * width + x));
  return { data, width, height };
}

describe("area means", () => {
  it("give back an image that was made larger by whole pixels", () => {
    const values = Array.from({ length: 12 }, (_, i) => (i * 53) % 256);
    const large = picture(40, 30, (x, y) => Array(3).fill(values[4 * Math.floor(y / 10) + Math.floor(x / 10)]));
    const found = areaMeans(large, whole(large), [1, 3, 4], 0);
    values.forEach((value, i) => expect(found[i]).toBeCloseTo(value / 255, 5));
  });

  it("weigh pixels that are partly covered, and what lies beyond", () => {
    const three = picture(3, 1, (x) => Array(3).fill(255 * x / 2)); // 0, ½, 1
    const found = areaMeans(three, { x: 0.5, y: 0, width: 3, height: 1 }, [1, 1, 2], 1);
    expect(found[0]).toBeCloseTo((0.5 * 0 + 0.5) / 1.5, 2);
    expect(found[1]).toBeCloseTo((1 + 0.5 * 1) / 1.5, 5);
  });

  it("keep colours apart, and make them grey by luma", () => {
    const red = picture(2, 2, () => [255, 0, 51]);
    expect([...areaMeans(red, whole(red), [3, 1, 1], 0)].map((v) => Math.round(v * 100))).toEqual([100, 0, 20]);
    expect(areaMeans(red, whole(red), [1, 1, 1], 0)[0]).toBeCloseTo(0.299 + 0.114 * 0.2, 5);
  });
});

describe("the frame of MNIST", () => {
  /** A digit 20 pixels high in 28×28 whose centre of mass is at 14.5, give or take half a pixel, as MNIST's are. */
  const digit = (() => {
    const image = new Float32Array(28 * 28);
    for (let y = 4; y < 24; y++) for (let x = 9; x < 20; x++) image[28 * y + x] = (x + 2 * y) % 5 < 3 ? (0.3 + ((7 * x + 3 * y) % 8) / 10) : 0;
    for (const y of [4, 23]) image[28 * y + 12] = 1;
    for (const x of [9, 19]) image[28 * 10 + x] = 1;
    return image;
  })();
  const mass = digit.reduce((sum, value) => sum + value, 0);
  const moment = (axis: (i: number) => number) => digit.reduce((sum, value, i) => sum + value * (axis(i) + 0.5), 0) / mass;

  it("gives an image of MNIST back, however large and wherever it is on the board", () => {
    expect(Math.abs(moment((i) => i % 28) - 14.5)).toBeLessThan(0.5);
    expect(Math.abs(moment((i) => Math.floor(i / 28)) - 14.5)).toBeLessThan(0.5);
    for (const [scale, left, top] of [[10, 0, 0], [6, 90, -20], [4, 3, 160]]) {
      const board = picture(280, 280, (x, y) => {
        const [u, v] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
        return Array(3).fill(u >= 0 && u < 28 && v >= 0 && v < 28 ? Math.round(255 * digit[28 * v + u]) : 0);
      });
      const found = areaMeans(board, centredBox(board), [1, 28, 28], 0);
      digit.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(0.003));
    }
  });

  it("is the whole board where nothing is drawn", () => {
    const empty = picture(28, 28, () => [0, 0, 0]);
    expect(centredBox(empty)).toEqual({ x: 0, y: 0, width: 28, height: 28 });
  });
});

it("crops to the middle", () => {
  expect(middle(400, 300, 28, 28)).toEqual([50, 0, 300, 300]);
  expect(middle(100, 300, 2, 1)).toEqual([0, 125, 100, 50]);
});

describe("the size that a file says it has", () => {
  const bytes = (...parts: (number | string)[]) => Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (c) => c.charCodeAt(0)) : [part])));

  it("is read from the headers of PNG, GIF, BMP, JPEG and WebP", () => {
    const png = bytes(0x89, "PNG\r\n", 0x1a, "\n", 0, 0, 0, 13, "IHDR", 0, 1, 0x86, 0xa0, 0, 0, 4, 1);
    expect(readHeader(png)).toEqual({ width: 100_000, height: 1025, animated: false });
    expect(readHeader(bytes("GIF89a", 44, 1, 10, 0, 0, 0, 0))).toEqual({ width: 300, height: 10, animated: false });
    const jpeg = bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc4, 0, 3, 9, 0xff, 0xc2, 0, 11, 8, 2, 0, 3, 1, 1);
    expect(readHeader(jpeg)).toEqual({ width: 769, height: 512, animated: false });
    const webp = bytes("RIFF", 0, 0, 0, 0, "WEBPVP8X", 10, 0, 0, 0, 2, 0, 0, 0, 255, 0, 0, 9, 1, 0);
    expect(readHeader(webp)).toEqual({ width: 256, height: 266, animated: true });
  });

  it("is none of what is cut off or of another kind", () => {
    expect(readHeader(bytes(0x89, "PNG"))).toBeNull();
    expect(readHeader(bytes(0xff, 0xd8, 0xff))).toBeNull();
    expect(readHeader(bytes("<svg/>"))).toBeNull();
    expect(readHeader(new Uint8Array(0))).toBeNull();
  });
});
