import { LatestQueue } from "../engine/queue";
import { figure, h, messageOf } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import type { ModelSamples } from "./model-samples";

/** Codes of n images, (n, d), their classes for a conditional model, and the distortion of each, in nats. */
export interface Rebuilt {
  z: Float32Array;
  labels?: number[] | undefined;
  distortion: Float32Array;
}

/** Empty pictures of these test images, in a row of the table. */
export function pictureRow(live: ModelSamples, rows: number[], side: number, label: (row: number) => string): Picture[] {
  return rows.map((row) => new Picture(live.model.imageShape, side, label(row)));
}

/** The reconstructions of one model. A newer request replaces a waiting one. */
export class RebuiltRow {
  readonly label = h("h3", {}, this.live.model.title, this.live.model.denoises ? h("small", {}, `trained on ${this.live.model.denoises}`) : null);
  values: number[] = [];
  /** Key of the request that the values answer. */
  key = "";
  private readonly errors = this.rows.map(() => h("figcaption", { className: "figure" }, "…"));
  private readonly pictures = pictureRow(this.live, this.rows, this.side, (row) => `test image ${row} reconstructed by ${this.live.model.title}`);
  private readonly queue: LatestQueue<[key: string, fetch: () => Promise<Rebuilt>]> = new LatestQueue(async (_, [key, fetch]) => {
    try {
      this.take(key, await fetch());
      this.changed();
    } catch (error) {
      this.failed(messageOf(error));
    }
  });
  readonly cells = this.pictures.map(({ canvas }, i) => h("figure", {}, canvas, this.errors[i]));

  constructor(
    private readonly live: ModelSamples,
    private readonly rows: number[],
    private readonly side: number,
    private readonly changed: () => void,
    private readonly failed: (sentence: string) => void,
  ) {}

  /** Show the result of `fetch` under `key`. */
  fill(key: string, fetch: () => Promise<Rebuilt>): void {
    this.queue.put("fill", [key, fetch]);
  }

  private take(key: string, { z, labels, distortion }: Rebuilt): void {
    const n = this.pictures.length;
    const done = (rgba: Uint8ClampedArray<ArrayBuffer>, count: number) => count === n && paintAll(this.pictures, rgba);
    this.live.engine.decodeMany([{ channel: "rebuilt", z, count: n, done, ...(labels ? { labels } : {}) }]);
    this.values = Array.from(distortion);
    this.values.forEach((value, i) => (this.errors[i].textContent = figure(value, 1)));
    this.key = key;
  }

  /** Mark the images with the lowest distortion. */
  mark(best: number[]): void {
    this.errors.forEach((error, i) => error.classList.toggle("least", this.values[i] === best[i]));
  }
}
