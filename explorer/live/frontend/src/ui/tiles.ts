import type { Shape } from "../engine/pixels";
import { h } from "./dom";
import { pixelRatio, resizeCanvas } from "./picture";

/** Images in rows that fill a width, scaled to device pixels: smoothed while small, crisp when large. */
export class Tiles {
  readonly canvas = h("canvas", { className: "tiles", role: "img", "aria-label": this.label });
  /** Width of the whole and of one image, in CSS pixels. */
  width = 0;
  cell = 0;
  private readonly sheet = h("canvas", {});
  private loaded = false;

  /** `gap` between images in CSS pixels. */
  constructor(
    private readonly shape: Shape,
    private readonly rows: number,
    private readonly columns: number,
    private readonly gap: number,
    private readonly label: string,
  ) {
    const [, height, width] = shape;
    [this.sheet.width, this.sheet.height] = [width, height * rows * columns];
  }

  /** Fill `room` CSS pixels, with images at most `most` wide. */
  fit(room: number, most = Infinity): void {
    const { rows, columns, shape } = this;
    const ratio = pixelRatio();
    const gap = Math.round(this.gap * ratio);
    const cell = Math.floor(Math.min(most * ratio, (room * ratio - (columns - 1) * gap) / columns));
    if (cell < 1) return;
    const height = Math.round((cell * shape[1]) / shape[2]);
    const changed = resizeCanvas(this.canvas, columns * (cell + gap) - gap, rows * (height + gap) - gap, 1 / ratio);
    [this.width, this.cell] = [this.canvas.width / ratio, cell / ratio];
    if (changed) this.paint();
  }

  /** Show images that lie one below the other, as RGBA pixels or as a picture. */
  load(images: Uint8ClampedArray<ArrayBuffer> | ImageBitmap): void {
    const context = this.sheet.getContext("2d")!;
    if (images instanceof ImageBitmap) context.drawImage(images, 0, 0);
    else context.putImageData(new ImageData(images, this.sheet.width), 0, 0);
    this.loaded = true;
    this.paint();
  }

  private paint(): void {
    if (!this.loaded || !this.cell) return;
    const { rows, columns, shape: [, h, w] } = this;
    const context = this.canvas.getContext("2d")!;
    const gap = Math.round(this.gap * pixelRatio());
    const width = (this.canvas.width + gap) / columns - gap;
    const height = (this.canvas.height + gap) / rows - gap;
    context.imageSmoothingEnabled = width < 3 * w;
    context.imageSmoothingQuality = "high";
    for (let i = 0; i < rows * columns; i++) {
      const [x, y] = [(i % columns) * (width + gap), Math.floor(i / columns) * (height + gap)];
      context.drawImage(this.sheet, 0, i * h, w, h, x, y, width, height);
    }
  }
}
