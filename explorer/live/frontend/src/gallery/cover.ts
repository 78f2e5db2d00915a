import { fetchBytes } from "../engine/assets";
import { timings } from "../engine/timing";
import { fetchPicture } from "../page/library";
import { calm } from "../ui/dom";
import { Tiles } from "../ui/tiles";
import type { Decoders } from "./decoders";
import { along } from "./path";
import type { CardData } from "../schema";

/** Gap between images in CSS pixels, and time between keyframes in ms. */
const GAP = 3;
const STOP = 1400;

/** A model's picture: the grid rendered by the server, and its path decoded live while it plays. */
export class Cover {
  readonly tiles = new Tiles(this.card.imageShape, this.card.rows, this.card.columns, GAP, `images decoded by ${this.card.name}`);
  private playing = 0;
  private elapsed = 0;

  constructor(
    private readonly card: CardData,
    private readonly base: string,
    private readonly decoders: Decoders,
  ) {}

  /** Fetch the picture. */
  async load(): Promise<void> {
    const start = performance.now();
    const bitmap = await fetchPicture(this.base + "cover.png");
    this.tiles.load(bitmap);
    bitmap.close();
    timings().paints.push(start, start, performance.now());
  }

  /** Play the path from its last position until `stop`. */
  async play(): Promise<void> {
    if (this.playing || calm()) return;
    const turn = (this.playing = performance.now());
    const { latentSize, imageShape, rows, columns } = this.card;
    const cells = rows * columns;
    const [decoder, frames] = await Promise.all([
      this.decoders.get({ base: this.base, latentSize, imageShape }),
      fetchBytes(this.base + "cover").then((bytes) => new Float32Array(bytes)),
    ]);
    const z = new Float32Array(cells * latentSize);
    let before = performance.now();
    const step = async (): Promise<void> => {
      if (this.playing !== turn) return;
      const now = performance.now();
      this.elapsed += Math.min(now - before, 50); // a hidden page takes no step
      before = now;
      const rgba = await decoder.decode(along(frames, z.length, this.elapsed / STOP, z), cells);
      if (this.playing !== turn) return;
      this.tiles.load(rgba);
      timings().paints.push(now, now, performance.now());
      requestAnimationFrame(() => void step().catch(() => this.stop()));
    };
    if (this.playing === turn) await step();
  }

  stop(): void {
    this.playing = 0;
  }
}
