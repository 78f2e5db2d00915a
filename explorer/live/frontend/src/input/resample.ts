import type { Shape } from "../engine/pixels";

/** A part of a picture, in its pixels. It may reach beyond the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** RGBA pixels, `width` × `height`. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** ITU-R BT.601, as data sets are made grey (`explorer.data.resize.to_grey`). */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** Side of the digit, and of the image around it, in MNIST. */
const [DIGIT, IMAGE] = [20, 28];

/**
 * The part of a picture in a box as an image (C, H, W) in [0, 1]: the mean of the area that each pixel covers. Beyond the
 * picture is `ground`, 0 to 1.
 */
export function areaMeans(picture: Pixels, box: Box, [channels, h, w]: Shape, ground: number): Float32Array {
  const across = cover(box.x, box.width / w, w, picture.width);
  const down = cover(box.y, box.height / h, h, picture.height);
  const out = new Float32Array(channels * h * w);
  const row = new Float32Array(w);
  for (let c = 0; c < channels; c++) {
    const plane = out.subarray(c * h * w, (c + 1) * h * w);
    const at = channels === 1 ? grey(picture) : (i: number) => picture.data[4 * i + c] / 255;
    let [last, kept] = [-1, false];
    for (let y = 0; y < h; y++) {
      const { first, weights, outside } = down[y];
      for (let x = 0; x < w; x++) plane[y * w + x] = outside * ground;
      for (let k = 0; k < weights.length; k++) {
        const source = first + k;
        if (!(kept && source === last)) across.forEach((span, x) => (row[x] = along(span, source * picture.width, at) + span.outside * ground));
        [last, kept] = [source, true];
        for (let x = 0; x < w; x++) plane[y * w + x] += weights[k] * row[x];
      }
    }
  }
  return out;
}

const grey = ({ data }: Pixels) => (i: number) => (LUMA[0] * data[4 * i] + LUMA[1] * data[4 * i + 1] + LUMA[2] * data[4 * i + 2]) / 255;

interface Span {
  first: number;
  /** Shares of the pixels from `first` on. */
  weights: number[];
  /** The share that lies beyond the picture. */
  outside: number;
}

function along({ first, weights }: Span, start: number, at: (i: number) => number): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * at(start + first + k);
  return sum;
}

/** For each of `count` steps of `size` from `start`: which of `length` pixels it covers, and how much of each. */
function cover(start: number, size: number, count: number, length: number): Span[] {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [start + i * size, start + (i + 1) * size];
    const [first, end] = [Math.max(0, Math.floor(from)), Math.min(length, Math.ceil(to))];
    const weights: number[] = [];
    for (let k = first; k < end; k++) weights.push((Math.min(k + 1, to) - Math.max(k, from)) / size);
    return { first, weights, outside: Math.max(0, 1 - weights.reduce((sum, weight) => sum + weight, 0)) };
  });
}

/** The whole picture. */
export const whole = ({ width, height }: Pixels): Box => ({ x: 0, y: 0, width, height });

/**
 * The box that shows what is drawn on black as MNIST does: scaled to fit 20×20 of 28×28 pixels, with its centre of mass in
 * the middle. The whole picture where nothing is drawn.
 */
export function centredBox(picture: Pixels): Box {
  const at = grey(picture);
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let [mass, mx, my] = [0, 0, 0];
  for (let y = 0, i = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++, i++) {
      const ink = picture.data[4 * i] || picture.data[4 * i + 1] || picture.data[4 * i + 2] ? at(i) : 0;
      if (ink < 0.05) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      mass += ink;
      mx += ink * (x + 0.5);
      my += ink * (y + 0.5);
    }
  if (!mass) return whole(picture);
  const side = (Math.max(right - left, bottom - top) + 1) * (IMAGE / DIGIT);
  return { x: mx / mass - side / 2, y: my / mass - side / 2, width: side, height: side };
}
