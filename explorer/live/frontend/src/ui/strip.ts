import { type Row, rowSize, type Shape } from "../engine/pixels";
import { h } from "./dom";
import { crispSize, pixelRatio, resizeCanvas } from "./picture";

const THUMB = 16;

/** Fit a slider to a strip of images: its thumb stands over the image that it shows. */
export function alignSlider(element: HTMLInputElement, { width, cell }: { width: number; cell: number }): void {
  const inset = (cell - THUMB) / 2;
  element.style.width = `${width - 2 * inset}px`;
  element.style.marginLeft = `${inset}px`;
}

/** A row of images on one canvas, a pixel apart. */
export class Strip {
  readonly canvas = h("canvas", { className: "strip", role: "img", "aria-label": this.label });
  private readonly context: CanvasRenderingContext2D | null = this.canvas.getContext("2d");
  /** Layout of the images. */
  row: Row = { factor: 1, gap: 1 };
  /** Width of one image and of the gap, in CSS pixels. */
  cell = 0;
  gap = 0;

  constructor(private readonly shape: Shape, readonly count: number, private readonly label: string) {
  }

  /** Fit the row into `width` CSS pixels, halving wide images. True where that changed the size of the canvas. */
  fit(width: number, most = 64): boolean {
    const [, , breadth] = this.shape;
    const ratio = pixelRatio();
    let factor = 1;
    while ((breadth / factor + 1) * this.count > width * ratio && breadth / factor > 16) factor *= 2;
    const w = Math.floor(breadth / factor);
    const scaleWith = (gap: number) => {
      const whole = this.count * w + (this.count - 1) * gap;
      return Math.min(crispSize(w, most), (crispSize(whole, width) / whole) * w) / w;
    };
    const gap = scaleWith(1) * ratio < 2 ? 2 : 1; // one pixel of a large image is too narrow a gap
    const scale = scaleWith(gap);
    [this.cell, this.gap] = [w * scale, gap * scale];
    const [total, tall] = rowSize(this.count, this.shape, { factor, gap });
    this.row = { factor, gap };
    return resizeCanvas(this.canvas, total, tall, scale);
  }

  get width(): number {
    return this.count * this.cell + (this.count - 1) * this.gap;
  }

  /** Show a row in the current layout; ignore one of a previous layout, as its successor follows. */
  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    const { width, height } = this.canvas;
    if (rgba.length === 4 * width * height) this.context?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }

  /** Which image is under a pointer. */
  at(event: MouseEvent): number {
    const box = this.canvas.getBoundingClientRect();
    return Math.max(0, Math.min(this.count - 1, Math.floor(((event.clientX - box.left) / box.width) * this.count)));
  }
}
