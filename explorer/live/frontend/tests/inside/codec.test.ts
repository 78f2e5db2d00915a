import { expect, it } from "vitest";
import { pixelsOfJpeg, pixelsOfPng } from "../../src/inside/codec";

const chunk = (name: string, data: Uint8Array) => {
  const out = new Uint8Array(12 + data.length);
  new DataView(out.buffer).setUint32(0, data.length);
  out.set(new TextEncoder().encode(name), 4);
  out.set(data, 8); // the check sum is not read
  return out;
};

it("counts what the IDAT chunks of a PNG hold, however many there are", () => {
  const packed = new Uint8Array(900).map((_, i) => i);
  const [one, two] = [packed.subarray(0, 40), packed.subarray(40)];
  const parts = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), chunk("IHDR", new Uint8Array(13)), chunk("tEXt", new Uint8Array(70)), chunk("IDAT", one), chunk("IDAT", two), chunk("IEND", new Uint8Array(0))];
  expect(pixelsOfPng(Uint8Array.from(parts.flatMap((part) => [...part])))).toBe(packed.length);
});

it("counts what the scans of a JPEG hold, with their stuffed bytes, and no marker", () => {
  const segment = (marker: number, size: number) => [0xff, marker, 0, size, ...new Array<number>(size - 2).fill(7)];
  const scan = [1, 2, 0xff, 0, 3]; // FF 00 is a byte FF of the scan
  const file = [0xff, 0xd8, ...segment(0xe0, 16), ...segment(0xdb, 67), ...segment(0xda, 8), ...scan, 0xff, 0xd0, 9, 9, 0xff, 0xd9];
  expect(pixelsOfJpeg(Uint8Array.from(file))).toBe(scan.length + 2);
});
