import type { Layer } from "./networks";

/** How a layer's numbers lie on a picture: tiles of `height` × `width` in rows of `columns`, `gap` pixels apart. */
export interface Arrangement {
  tiles: number;
  height: number;
  width: number;
  columns: number;
  rows: number;
  gap: number;
}

/** Numbers from here on are small images, one per channel. */
const MAP = 3;

/** The arrangement that comes nearest to square cells in a place `across` by `down`. */
export function arrange(shape: readonly number[], across: number, down: number): Arrangement {
  const [tiles, height, width] = shape.length >= MAP ? shape.slice(-MAP) : [shape.reduce((product, n) => product * n, 1), 1, 1];
  const gap = height * width > 1 ? 1 : 0;
  const ideal = Math.sqrt((tiles * across * (height + gap)) / (Math.max(1, down) * (width + gap)));
  const columns = Math.max(1, Math.min(tiles, Math.round(ideal)));
  return { tiles, height, width, columns, rows: Math.ceil(tiles / columns), gap };
}

/** Width and height of that picture. */
export const pictureSize = ({ height, width, columns, rows, gap }: Arrangement): [number, number] => [columns * (width + gap) - gap, rows * (height + gap) - gap];

type Colour = readonly [number, number, number];

/**
 * A layer as RGBA pixels: the larger a number against the layer's largest, the more opaque its cell, in one colour for
 * numbers above zero and in another below.
 */
export function cells({ values }: Pick<Layer, "values">, at: Arrangement, above: Colour, below: Colour): Uint8ClampedArray<ArrayBuffer> {
  const [across, down] = pictureSize(at);
  const out = new Uint8ClampedArray(4 * across * down);
  const most = largest(values) || 1;
  for (let i = 0; i < values.length; i++) {
    const [tile, within] = [Math.floor(i / (at.height * at.width)), i % (at.height * at.width)];
    const x = (tile % at.columns) * (at.width + at.gap) + (within % at.width);
    const y = Math.floor(tile / at.columns) * (at.height + at.gap) + Math.floor(within / at.width);
    const to = 4 * (y * across + x);
    out.set(values[i] < 0 ? below : above, to);
    out[to + 3] = (255 * Math.abs(values[i])) / most;
  }
  return out;
}

/** The largest size of a number. */
export const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Layers that follow each other with one shape, of which the last is shown, and how many they are. */
export function stages(layers: readonly Layer[]): { layer: Layer; of: number }[] {
  const out: { layer: Layer; of: number }[] = [];
  for (const layer of layers) {
    const last = out.at(-1);
    const maps = layer.shape.length >= MAP;
    if (maps && last?.layer.shape.join() === layer.shape.join()) out[out.length - 1] = { layer, of: last.of + 1 };
    else out.push({ layer, of: 1 });
  }
  return out;
}
