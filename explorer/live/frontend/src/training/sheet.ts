import type { Shape } from "../engine/pixels";
import { h } from "../ui/dom";

/** Images in rows and columns on one canvas, a clear pixel apart, enlarged by the browser. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;

  constructor(
    private readonly shape: Shape,
    private readonly columns: number,
    rows: number,
    label: string,
  ) {
    const [, height, width] = shape;
    this.canvas = h("canvas", { width: columns * (width + 1) - 1, height: rows * (height + 1) - 1, className: "sheet", role: "img", "aria-label": label });
  }

  /** Show images (count, H, W, 4). */
  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    const [, height, width] = this.shape;
    const context = this.canvas.getContext("2d");
    const size = 4 * width * height;
    for (let i = 0; i * size < rgba.length; i++) {
      const image = new ImageData(rgba.slice(i * size, (i + 1) * size), width, height);
      context?.putImageData(image, (i % this.columns) * (width + 1), Math.floor(i / this.columns) * (height + 1));
    }
  }
}
