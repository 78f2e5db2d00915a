import { applyPalette, GIFEncoder, quantize, type Palette } from "gifenc";
import type { Shape } from "../engine/pixels";

const GREYS: Palette = Array.from({ length: 256 }, (_, i) => [i, i, i]);

/** Repeats every pixel `scale` times each way. */
export function enlarge(index: Uint8Array, width: number, height: number, scale: number): Uint8Array {
  const wide = width * scale;
  const out = new Uint8Array(wide * height * scale);
  for (let y = 0; y < height; y++) {
    const line = y * scale * wide;
    for (let x = 0; x < width; x++) out.fill(index[y * width + x], line + x * scale, line + (x + 1) * scale);
    for (let k = 1; k < scale; k++) out.copyWithin(line + k * wide, line, line + wide);
  }
  return out;
}

/** A looping GIF of images (count, H, W) in RGBA, enlarged to about `side` pixels; `delay` in ms per frame. */
export function gif(rgba: Uint8ClampedArray, count: number, [channels, height, width]: Shape, delay: number, side = 320): Uint8Array<ArrayBuffer> {
  const scale = Math.max(1, Math.round(side / Math.max(width, height)));
  const size = width * height * 4;
  const encoder = GIFEncoder();
  for (let i = 0; i < count; i++) {
    const frame = rgba.slice(i * size, (i + 1) * size);
    // grey images keep every level: no quantization
    const palette = channels === 1 ? GREYS : quantize(frame, 256);
    const index = channels === 1 ? Uint8Array.from({ length: width * height }, (_, p) => frame[4 * p]) : applyPalette(frame, palette);
    encoder.writeFrame(enlarge(index, width, height, scale), width * scale, height * scale, { palette, delay, repeat: 0 });
  }
  encoder.finish();
  return encoder.bytes();
}

/** Frame indices of a loop forward and back over `count` frames, without repeating either end. */
export const backAndForth = (count: number): number[] => [
  ...Array.from({ length: count }, (_, i) => i),
  ...Array.from({ length: Math.max(0, count - 2) }, (_, i) => count - 2 - i),
];
