import type { Vocabulary } from "./vocabulary";

/** Channels, height, width. */
type Shape = [number, number, number];

/** The word that is painted with, the words' own pictures, and the words of z. */
export interface Painting {
  brush: number;
  patches: Uint8ClampedArray<ArrayBuffer> | null;
  tokens: number[] | null;
}

/** Cells to each side of a word's picture. */
const CELLS = 3;

/** The part of an image that one token of a grid stands for, in pixels: left, top, width, height. */
export function cellOf(token: number, side: number, [, height, width]: Shape): [number, number, number, number] {
  const [row, column] = [Math.floor(token / side), token % side];
  const edge = (k: number, size: number) => Math.round((k * size) / side);
  return [edge(column, width), edge(row, height), edge(column + 1, width) - edge(column, width), edge(row + 1, height) - edge(row, height)];
}

/** Words as grids of nothing but themselves, whose middle is a word's own picture. */
export function wordGrids(vocabulary: Vocabulary): Float32Array {
  const { words, tokens } = vocabulary.code;
  return vocabulary.vectors(Array.from({ length: words }, (_, word) => new Array<number>(tokens).fill(word)));
}

/** The shape of a word's own picture, and where it lies in the image of a grid of that word. */
export function middle(side: number, shape: Shape): { shape: Shape; left: number; top: number } {
  const cells = Math.min(CELLS, side);
  const first = Math.floor((side - cells) / 2);
  const [left, top] = cellOf(first * side + first, side, shape);
  const last = first + cells - 1;
  const [x, y, w, h] = cellOf(last * side + last, side, shape);
  return { shape: [shape[0], y + h - top, x + w - left], left, top };
}

/** The middles of RGBA images (count, H, W, 4). */
export function cropAll(rgba: Uint8ClampedArray, count: number, side: number, shape: Shape): Uint8ClampedArray<ArrayBuffer> {
  const { shape: [, tall, wide], left, top } = middle(side, shape);
  const [, height, width] = shape;
  const out = new Uint8ClampedArray(4 * count * tall * wide);
  for (let i = 0; i < count; i++)
    for (let y = 0; y < tall; y++) {
      const from = 4 * (i * height * width + (top + y) * width + left);
      out.set(rgba.subarray(from, from + 4 * wide), 4 * (i * tall + y) * wide);
    }
  return out;
}
