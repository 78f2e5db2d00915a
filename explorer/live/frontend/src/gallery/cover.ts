import { fetchBytes } from "../engine/assets";
import { timings } from "../engine/timing";
import { fetchPicture } from "../page/library";
import { calm, h } from "../ui/dom";
import type { Decoders } from "./decoders";
import { along } from "./path";
import type { CardData } from "../schema";

/** Gap between images in CSS pixels, and how long the path takes from one keyframe to the next, in ms. */
const GAP = 3;
const STOP = 1400;

/** A model's picture: the grid that the server rendered, and, while the card is looked at, its path decoded live. */
export class Cover {
  readonly canvas: HTMLCanvasElement;
  private readonly sheet = document.createElement("canvas");
  private ready = false;
  private playing = 0;
  private elapsed = 0;

  constructor(
    private readonly card: CardData,
    private readonly base: string,
    private readonly decoders: Decoders,
  ) {
    const [, height, width] = card.imageShape;
    [this.sheet.width, this.sheet.height] = [width, height * card.rows * card.columns];
    this.canvas = h("canvas", { className: "cover", role: "img", "aria-label": `what ${card.name} decodes to` });
  }

  /** Fetch the picture, once it is near the screen. */
  async load(): Promise<void> {
    const start = performance.now();
    const bitmap = await fetchPicture(this.base + "cover.png");
    this.sheet.getContext("2d")!.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.ready = true;
    this.paint();
    timings().paints.push(start, start, performance.now());
  }

  /** Fill `across` CSS pixels. */
  fit(across: number): void {
    const ratio = globalThis.devicePixelRatio || 1;
    const { rows, columns, imageShape } = this.card;
    const gap = Math.round(GAP * ratio);
    const width = Math.floor((across * ratio - (columns - 1) * gap) / columns);
    const height = Math.round((width * imageShape[1]) / imageShape[2]);
    const size = [columns * (width + gap) - gap, rows * (height + gap) - gap];
    if (width < 1 || (this.canvas.width === size[0] && this.canvas.height === size[1])) return;
    [this.canvas.width, this.canvas.height] = size;
    this.canvas.style.width = `${size[0] / ratio}px`;
    this.canvas.style.height = `${size[1] / ratio}px`;
    this.paint();
  }

  /** Play the path, from where it last stopped, until `stop`. */
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
    const [, height, width] = imageShape;
    let before = performance.now();
    const step = async (): Promise<void> => {
      if (this.playing !== turn) return;
      const now = performance.now();
      this.elapsed += Math.min(now - before, 50); // a hidden page takes no step
      before = now;
      const rgba = await decoder.decode(along(frames, z.length, this.elapsed / STOP, z), cells);
      if (this.playing !== turn) return;
      this.sheet.getContext("2d")!.putImageData(new ImageData(rgba, width, cells * height), 0, 0);
      this.paint();
      timings().paints.push(now, now, performance.now());
      requestAnimationFrame(() => void step().catch(() => this.stop()));
    };
    if (this.playing === turn) await step();
  }

  stop(): void {
    this.playing = 0;
  }

  private paint(): void {
    if (!this.ready || !this.canvas.width) return;
    const { rows, columns, imageShape } = this.card;
    const [, height, width] = imageShape;
    const context = this.canvas.getContext("2d")!;
    const gap = Math.round(GAP * (globalThis.devicePixelRatio || 1));
    const across = (this.canvas.width + gap) / columns - gap;
    const down = (this.canvas.height + gap) / rows - gap;
    context.imageSmoothingEnabled = across < 3 * width; // large pixels stay crisp
    context.imageSmoothingQuality = "high";
    for (let i = 0; i < rows * columns; i++) {
      const [x, y] = [(i % columns) * (across + gap), Math.floor(i / columns) * (down + gap)];
      context.drawImage(this.sheet, 0, i * height, width, height, x, y, across, down);
    }
  }
}
