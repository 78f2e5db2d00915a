import { LatestQueue } from "../engine/queue";
import { figure, h, messageOf } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import type { ModelSamples } from "./model-samples";

/** Codes of n images, (n, d), and what each loses, in nats. */
export interface Rebuilt {
  z: Float32Array;
  distortion: Float32Array;
}

/** Empty pictures of these test images, in a row of the table. */
export function pictureRow(live: ModelSamples, rows: number[], side: number, what: (row: number) => string): Picture[] {
  return rows.map((row) => new Picture(live.model.imageShape, side, what(row)));
}

/** What one model makes of the images. A newer request takes the place of one that waits. */
export class RebuiltRow {
  readonly label: HTMLElement;
  readonly cells: HTMLElement[];
  values: number[] = [];
  /** What the values belong to. */
  key = "";
  private readonly errors: HTMLElement[];
  private readonly pictures: Picture[];
  private readonly queue: LatestQueue<[key: string, ask: () => Promise<Rebuilt>]>;

  constructor(
    private readonly live: ModelSamples,
    rows: number[],
    side: number,
    changed: () => void,
    failed: (sentence: string) => void,
  ) {
    const { model } = live;
    this.pictures = pictureRow(live, rows, side, (row) => `test image ${row} after ${model.title}`);
    this.errors = rows.map(() => h("figcaption", { className: "figure" }, "…"));
    this.label = h("h3", {}, model.title, model.denoises ? h("small", {}, `trained on ${model.denoises}`) : null);
    this.cells = this.pictures.map(({ canvas }, i) => h("figure", {}, canvas, this.errors[i]));
    this.queue = new LatestQueue(async (_, [key, ask]) => {
      try {
        this.take(key, await ask());
        changed();
      } catch (error) {
        failed(messageOf(error));
      }
    });
  }

  /** Show what `ask` gives, and call that `key`. */
  fill(key: string, ask: () => Promise<Rebuilt>): void {
    this.queue.put("fill", [key, ask]);
  }

  private take(key: string, { z, distortion }: Rebuilt): void {
    const n = this.pictures.length;
    const done = (rgba: Uint8ClampedArray<ArrayBuffer>, count: number) => count === n && paintAll(this.pictures, rgba);
    this.live.engine.decodeMany([{ channel: "rebuilt", z, count: n, done }]);
    this.values = Array.from(distortion);
    this.values.forEach((value, i) => (this.errors[i].textContent = figure(value, 1)));
    this.key = key;
  }

  /** Mark the images at which this model loses least. */
  mark(best: number[]): void {
    this.errors.forEach((error, i) => error.classList.toggle("least", this.values[i] === best[i]));
  }
}
