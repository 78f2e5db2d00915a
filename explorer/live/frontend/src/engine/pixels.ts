export type Shape = readonly [channels: number, height: number, width: number];

/** Decoder output (count, C, H, W) in [0, 1] as RGBA; values outside are clamped by the array's type. */
export function toRgba(values: ArrayLike<number>, count: number, [c, h, w]: Shape, scale = 255): Uint8ClampedArray<ArrayBuffer> {
  const size = h * w;
  const out = new Uint8ClampedArray(count * size * 4);
  for (let i = 0, at = 0; i < count; i++) {
    const red = i * c * size;
    const green = red + (c > 1 ? size : 0);
    const blue = green + (c > 1 ? size : 0);
    for (let p = 0; p < size; p++, at += 4) {
      out[at] = values[red + p] * scale;
      out[at + 1] = values[green + p] * scale;
      out[at + 2] = values[blue + p] * scale;
      out[at + 3] = 255;
    }
  }
  return out;
}

/** Halves images (count, side a power-of-two multiple) by averaging 2×2 pixels: for strips narrower than the images. */
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
