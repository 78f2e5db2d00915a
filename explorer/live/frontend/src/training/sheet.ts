import type { Shape } from "../engine/pixels";
import { h } from "../ui/dom";
import { putImages } from "../ui/picture";

/** Images in rows and columns on one canvas, one pixel apart, enlarged by the browser. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;

  constructor(private readonly shape: Shape, private readonly columns: number, rows: number, label: string) {
    const [, height, width] = shape;
    this.canvas = h("canvas", { width: columns * (width + 1) - 1, height: rows * (height + 1) - 1, className: "sheet", role: "img", "aria-label": label });
  }

  /** Show images (count, H, W, 4). */
  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    putImages(this.canvas.getContext("2d"), rgba, this.shape, this.columns, 1);
  }
}
