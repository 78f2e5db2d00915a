import type { Plane } from "../latent/plane";
import type { Extent } from "../map/types";
import type { ModelSamples } from "./model-samples";
import { supportRgb } from "./support";

const CELLS = 80;
/** Pixels per cell, between which distances are interpolated. */
const FINE = 4;
/** Width of the background relative to the codes. */
const BEYOND = 2.6;
const OPACITY = 0.3;

/**
 * The background of a map in the colour of its support: the distance of each position of the plane to the nearest code,
 * in all latent dimensions. Computed line by line in the worker, so that other requests come in between.
 */
export class SupportField {
  private turn = 0;

  constructor(
    private readonly live: ModelSamples,
    private readonly done: (picture: HTMLCanvasElement, extent: Extent) => void,
  ) {}

  /** Compute the background around an extent of codes; `done` is called once. */
  start(plane: Plane, { x0, x1, y0, y1 }: Extent): void {
    const turn = ++this.turn;
    const half = (BEYOND * Math.max(x1 - x0, y1 - y0)) / 2;
    const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const extent = { x0: cx - half, x1: cx + half, y0: cy - half, y1: cy + half };
    const step = (2 * half) / (CELLS - 1);
    const field = new Float32Array(CELLS * CELLS);
    const d = this.live.model.latentSize;
    const line = (row: number) => {
      const z = new Float32Array(CELLS * d);
      for (let i = 0; i < CELLS; i++) z.set(plane.lift(extent.x0 + i * step, extent.y1 - row * step), i * d);
      this.live.engine.distances("field", z, CELLS, (distance) => {
        if (turn !== this.turn) return;
        field.set(distance.map((value) => value / (this.live.unit * this.live.reach)), row * CELLS);
        if (row + 1 < CELLS) line(row + 1);
        else this.done(paint(field), extent);
      });
    };
    line(0);
  }

  stop(): void {
    this.turn++;
  }
}

/** Distances (CELLS, CELLS), in multiples of the codes' reach, as a picture. */
function paint(field: Float32Array): HTMLCanvasElement {
  const side = (CELLS - 1) * FINE;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const picture = new ImageData(side, side);
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++, at += 4) {
      picture.data.set(supportRgb(interpolate(field, (x + 0.5) / FINE, (y + 0.5) / FINE)), at);
      picture.data[at + 3] = 255 * OPACITY;
    }
  canvas.getContext("2d")!.putImageData(picture, 0, 0);
  return canvas;
}

/** Bilinear interpolation of the field at column x and row y. */
export function interpolate(field: Float32Array, x: number, y: number, cells = CELLS): number {
  const [i, j] = [Math.min(cells - 2, Math.floor(x)), Math.min(cells - 2, Math.floor(y))];
  const [u, v] = [x - i, y - j];
  const at = j * cells + i;
  return (1 - v) * ((1 - u) * field[at] + u * field[at + 1]) + v * ((1 - u) * field[at + cells] + u * field[at + cells + 1]);
}
