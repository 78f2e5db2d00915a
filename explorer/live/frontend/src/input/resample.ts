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

/** Side of the digit, of the image around it, and where its centre of mass lies in MNIST, in pixels (measured: 14 to 15). */
const [DIGIT, IMAGE, MIDDLE] = [20, 28, 14.5];

/**
 * The part of a picture in a box as an image (C, H, W) in [0, 1]: the mean of the area that each pixel covers. Beyond the
 * picture is `ground`, 0 to 1.
 */
export function areaMeans(picture: Pixels, box: Box, [channels, h, w]: Shape, ground: number): Float32Array {
  const across = cover(box.x, box.width / w, w, picture.width);
  const down = cover(box.y, box.height / h, h, picture.height);
  const out = new Float32Array(channels * h * w);
  const [line, row] = [new Float32Array(picture.width), new Float32Array(w)];
  for (let c = 0; c < channels; c++) {
    const plane = out.subarray(c * h * w, (c + 1) * h * w);
    let [last, kept] = [-1, false];
    for (let y = 0; y < h; y++) {
      const { first, weights, outside } = down[y];
      for (let x = 0; x < w; x++) plane[y * w + x] = outside * ground;
      for (let k = 0; k < weights.length; k++) {
        const source = first + k;
        if (!(kept && source === last)) {
          readLine(line, picture, source, channels === 1 ? null : c);
          for (let x = 0; x < w; x++) row[x] = along(across[x], line) + across[x].outside * ground;
        }
        [last, kept] = [source, true];
        for (let x = 0; x < w; x++) plane[y * w + x] += weights[k] * row[x];
      }
    }
  }
  return out;
}

/** A line of a picture in [0, 1]: one of its colours, or its luma. */
function readLine(line: Float32Array, { data, width }: Pixels, y: number, channel: number | null): void {
  for (let x = 0, i = 4 * y * width; x < width; x++, i += 4)
    line[x] = (channel === null ? LUMA[0] * data[i] + LUMA[1] * data[i + 1] + LUMA[2] * data[i + 2] : data[i + channel]) / 255;
}

interface Span {
  first: number;
  /** Shares of the pixels from `first` on. */
  weights: number[];
  /** The share that lies beyond the picture. */
  outside: number;
}

function along({ first, weights }: Span, line: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * line[first + k];
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
 * The box that shows what is drawn on black as MNIST does: its longer side fills 20 of 28 pixels, and whole pixels of shift
 * bring its centre of mass to the middle. The whole picture where nothing is drawn.
 */
export function centredBox(picture: Pixels): Box {
  const line = new Float32Array(picture.width);
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let [mass, mx, my] = [0, 0, 0];
  for (let y = 0; y < picture.height; y++) {
    readLine(line, picture, y, null);
    for (let x = 0; x < picture.width; x++) {
      const ink = line[x];
      if (ink < 0.05) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
      mass += ink;
      mx += ink * (x + 0.5);
      my += ink * (y + 0.5);
    }
  }
  if (!mass) return whole(picture);
  const pixel = (Math.max(right - left, bottom - top) + 1) / DIGIT;
  const shift = (start: number, moment: number) => start - Math.round(MIDDLE - (moment / mass - start) / pixel) * pixel;
  return { x: shift(left, mx), y: shift(top, my), width: IMAGE * pixel, height: IMAGE * pixel };
}
