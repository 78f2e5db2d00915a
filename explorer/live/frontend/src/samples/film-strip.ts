import { h } from "../ui/dom";
import type { SampledModel } from "../schema";

const GAP = 2;

/** A film: `count` images side by side over the whole width there is. */
export class FilmStrip {
  readonly canvas: HTMLCanvasElement;
  /** Width of the whole and of one image, in CSS pixels. */
  width = 0;
  cell = 0;
  private readonly sheet = document.createElement("canvas");
  private loaded = false;

  constructor(
    private readonly model: SampledModel,
    readonly count: number,
    label: string,
  ) {
    this.canvas = h("canvas", { className: "reel", role: "img", "aria-label": label });
  }

  /** Take `room` CSS pixels, with images of at most `most`. */
  fit(room: number, most: number): void {
    const [, height, width] = this.model.imageShape;
    const ratio = globalThis.devicePixelRatio || 1;
    const cell = Math.max(1, Math.floor(Math.min(most, (room - (this.count - 1) * GAP) / this.count) * ratio));
    const gap = Math.round(GAP * ratio);
    [this.canvas.width, this.canvas.height] = [this.count * (cell + gap) - gap, Math.round((cell * height) / width)];
    [this.width, this.cell] = [this.canvas.width / ratio, cell / ratio];
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.canvas.height / ratio}px`;
    this.paint();
  }

  load(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    const [, height, width] = this.model.imageShape;
    [this.sheet.width, this.sheet.height] = [width, this.count * height];
    this.sheet.getContext("2d")!.putImageData(new ImageData(rgba, width, this.count * height), 0, 0);
    this.loaded = true;
    this.paint();
  }

  private paint(): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this.loaded || !this.cell) return;
    const [, height, width] = this.model.imageShape;
    const cell = (this.canvas.width - (this.count - 1) * Math.round(GAP * (globalThis.devicePixelRatio || 1))) / this.count;
    context.imageSmoothingQuality = "high";
    for (let i = 0; i < this.count; i++) {
      const x = (i * (this.canvas.width - cell)) / (this.count - 1);
      context.drawImage(this.sheet, 0, i * height, width, height, Math.round(x), 0, cell, this.canvas.height);
    }
  }
}
