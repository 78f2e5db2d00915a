import { halve, type Shape } from "../engine/pixels";
import { h } from "./dom";
import { crispSize } from "./picture";

/** A row of images on one canvas, a pixel apart. */
export class Strip {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private factor = 1;
  /** Width of one image and of the gap, in CSS pixels. */
  cell = 0;
  gap = 0;

  constructor(
    private readonly shape: Shape,
    readonly count: number,
    label: string,
  ) {
    this.canvas = h("canvas", { className: "strip", role: "img", "aria-label": label });
    this.context = this.canvas.getContext("2d");
  }

  /** Fit the row into `width` CSS pixels; images wider than their place are halved. */
  fit(width: number, most = 64): void {
    const [, height, breadth] = this.shape;
    const ratio = globalThis.devicePixelRatio || 1;
    let factor = 1;
    while ((breadth / factor + 1) * this.count > width * ratio && breadth / factor > 16) factor *= 2;
    const [w, tall] = [breadth / factor, height / factor];
    const scaleWith = (gap: number) => {
      const whole = this.count * w + (this.count - 1) * gap;
      return Math.min(crispSize(w, most), (crispSize(whole, width) / whole) * w) / w;
    };
    const gap = scaleWith(1) * ratio < 2 ? 2 : 1; // one pixel of a small image is a gap to see, of a large one not
    const scale = scaleWith(gap);
    [this.cell, this.gap] = [w * scale, gap * scale];
    const total = this.count * w + (this.count - 1) * gap;
    if (this.canvas.width !== total || this.canvas.height !== tall || this.factor !== factor) {
      this.factor = factor;
      [this.canvas.width, this.canvas.height] = [total, tall];
    }
    this.canvas.style.width = `${total * scale}px`;
    this.canvas.style.height = `${tall * scale}px`;
  }

  get width(): number {
    return this.count * this.cell + (this.count - 1) * this.gap;
  }

  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    let [, height, width] = this.shape;
    let pixels = rgba;
    for (let factor = this.factor; factor > 1; factor /= 2) {
      pixels = halve(pixels, this.count, height, width);
      [height, width] = [height / 2, width / 2];
    }
    const gap = this.count > 1 ? (this.canvas.width - this.count * width) / (this.count - 1) : 0;
    const size = width * height * 4;
    for (let i = 0; i < this.count; i++)
      this.context?.putImageData(new ImageData(pixels.slice(i * size, (i + 1) * size), width, height), i * (width + gap), 0);
  }

  /** Which image is under a pointer. */
  at(event: MouseEvent): number {
    const box = this.canvas.getBoundingClientRect();
    return Math.max(0, Math.min(this.count - 1, Math.floor(((event.clientX - box.left) / box.width) * this.count)));
  }
}
