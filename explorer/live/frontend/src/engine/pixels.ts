export type Shape = readonly [channels: number, height: number, width: number];

/** Decoder output (count, C, H, W) in [0, 1] as RGBA, rounded; values outside are clamped. */
export function toRgba(values: ArrayLike<number>, count: number, [c, h, w]: Shape, scale = 255): Uint8ClampedArray<ArrayBuffer> {
  return c === 1 ? greyToRgba(values, count * h * w, scale) : coloursToRgba(values, count, h * w, scale);
}

/** A pixel is one number to write, not four: strips are most of what a page decodes. Every machine with a browser is little-endian. */
function greyToRgba(values: ArrayLike<number>, pixels: number, scale: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint32Array(pixels);
  for (let p = 0; p < pixels; p++) {
    const value = values[p] * scale;
    const grey = value > 0 ? (value < 255 ? (value + 0.5) | 0 : 255) : 0;
    out[p] = 0xff000000 | (grey * 0x010101);
  }
  return new Uint8ClampedArray(out.buffer);
}

function coloursToRgba(values: ArrayLike<number>, count: number, size: number, scale: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(count * size * 4);
  for (let i = 0, at = 0; i < count; i++) {
    const red = i * 3 * size;
    for (let p = red; p < red + size; p++, at += 4) {
      out[at] = values[p] * scale;
      out[at + 1] = values[p + size] * scale;
      out[at + 2] = values[p + 2 * size] * scale;
      out[at + 3] = 255;
    }
  }
  return out;
}

/** RGBA images (count, H, W, 4) as (count, C, H, W) in [0, 1]. */
export function fromRgba(rgba: Uint8ClampedArray, count: number, [c, h, w]: Shape): Float32Array {
  const size = h * w;
  const out = new Float32Array(count * c * size);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < c; k++) {
      const [to, from] = [(i * c + k) * size, 4 * i * size + k];
      for (let p = 0; p < size; p++) out[to + p] = rgba[from + 4 * p] / 255;
    }
  return out;
}

/** How images stand in a row: each halved until it is `factor` times smaller, `gap` clear pixels apart. */
export interface Row {
  factor: number;
  gap: number;
}

/** Width and height in pixels of `count` images of a shape in a row. */
export function rowSize(count: number, [, h, w]: Shape, { factor, gap }: Row): [number, number] {
  return [count * Math.floor(w / factor) + (count - 1) * gap, Math.floor(h / factor)];
}

/** RGBA images (count, H, W, 4) as one picture of them in a row. */
export function inRow(rgba: Uint8ClampedArray<ArrayBuffer>, count: number, shape: Shape, row: Row): Uint8ClampedArray<ArrayBuffer> {
  let [, h, w] = shape;
  let pixels = rgba;
  for (let factor = row.factor; factor > 1; factor /= 2, h >>= 1, w >>= 1) pixels = halve(pixels, count, h, w);
  const [across] = rowSize(count, shape, row);
  const [from, to] = [new Uint32Array(pixels.buffer), new Uint32Array(across * h)];
  for (let i = 0; i < count; i++)
    for (let y = 0; y < h; y++) to.set(from.subarray((i * h + y) * w, (i * h + y + 1) * w), y * across + i * (w + row.gap));
  return new Uint8ClampedArray(to.buffer);
}

/** Halves images (count, H, W, 4), an odd last line left out, by averaging 2×2 pixels: for strips narrower than the images. */
export function halve(rgba: Uint8ClampedArray, count: number, h: number, w: number): Uint8ClampedArray<ArrayBuffer> {
  const [hh, ww] = [h >> 1, w >> 1];
  const out = new Uint8ClampedArray(count * hh * ww * 4);
  for (let i = 0, at = 0; i < count; i++)
    for (let y = 0; y < hh; y++)
      for (let x = 0; x < ww; x++)
        for (let k = 0, from = ((i * h + 2 * y) * w + 2 * x) * 4; k < 4; k++, from++)
          out[at++] = (rgba[from] + rgba[from + 4] + rgba[from + 4 * w] + rgba[from + 4 * w + 4]) / 4;
  return out;
}
