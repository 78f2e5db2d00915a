import type { Shape } from "../engine/pixels";
import { h } from "./dom";
import { crispSize, putImages, resizeCanvas } from "./picture";

const GAP = 2;

/** Images in rows on one canvas in their own resolution, a few pixels apart. */
export class Mosaic {
  readonly canvas = h("canvas", { className: "mosaic", role: "img", "aria-label": this.label });
  private readonly context: CanvasRenderingContext2D | null = this.canvas.getContext("2d");
  private columns = 1;
  private gap = GAP;
  private images: Uint8ClampedArray<ArrayBuffer> | null = null;

  constructor(private readonly shape: Shape, readonly count: number, private readonly label: string) {
  }

  /**
   * Fit into `width` CSS pixels, images as large as possible up to `most`, in as many rows as needed. True where that
   * wiped the canvas.
   */
  fit(width: number, most: number): boolean {
    const [, h, w] = this.shape;
    const least = Math.max(0.7 * most, Math.min(w, most)); // small images are drawn large
    this.columns = Math.max(1, Math.min(this.count, Math.floor((width + GAP) / (least + GAP))));
    while (this.count % this.columns) this.columns--; // full rows
    const rows = this.count / this.columns;
    const room = (width - (this.columns - 1) * GAP) / this.columns;
    const cell = crispSize(w, Math.min(most, room));
    const scale = Math.min(cell / w, room / w);
    const gap = (this.gap = Math.max(1, Math.round(GAP / scale)));
    const [across, down] = [this.columns * (w + gap) - gap, rows * (h + gap) - gap];
    const changed = resizeCanvas(this.canvas, across, down, scale);
    if (changed && this.images) this.paint(this.images);
    return changed;
  }

  /** RGBA images (count, H, W, 4). */
  paint(images: Uint8ClampedArray<ArrayBuffer>): void {
    this.images = images;
    putImages(this.context, images, this.shape, this.columns, this.gap);
  }

  /** Draw image i, as large as the shape says, from another canvas. */
  draw(i: number, image: CanvasImageSource): void {
    this.images = null;
    const [, h, w] = this.shape;
    this.context?.drawImage(image, (i % this.columns) * (w + this.gap), Math.floor(i / this.columns) * (h + this.gap));
  }

  /** Which image is under a pointer; null between them. */
  at(event: MouseEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * (this.count / this.columns));
    const i = row * this.columns + column;
    return i >= 0 && i < this.count ? i : null;
  }
}
