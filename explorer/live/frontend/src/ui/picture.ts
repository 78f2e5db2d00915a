import type { Shape } from "../engine/pixels";
import { h } from "./dom";

/** Device pixels per CSS pixel. */
export const pixelRatio = (): number => globalThis.devicePixelRatio || 1;

/** Give a canvas its size in pixels, each `scale` CSS pixels wide. True where that wiped it. */
export function resizeCanvas(canvas: HTMLCanvasElement, width: number, height: number, scale: number): boolean {
  const changed = canvas.width !== width || canvas.height !== height;
  if (changed) [canvas.width, canvas.height] = [width, height];
  canvas.style.width = `${width * scale}px`;
  canvas.style.height = `${height * scale}px`;
  return changed;
}

/** Draw RGBA images (n, H, W, 4) in rows of `columns`, `gap` pixels apart. */
export function putImages(context: CanvasRenderingContext2D | null, rgba: Uint8ClampedArray<ArrayBuffer>, shape: Shape, columns: number, gap: number): void {
  const [, h, w] = shape;
  const size = 4 * h * w;
  for (let i = 0; i * size < rgba.length; i++) {
    const image = new ImageData(rgba.slice(i * size, (i + 1) * size), w, h);
    context?.putImageData(image, (i % columns) * (w + gap), Math.floor(i / columns) * (h + gap));
  }
}

/**
 * The largest size in CSS pixels, up to `most`, at which every image pixel covers a whole number of half device
 * pixels: crisp, and even to the eye. Never below the image's own size.
 */
export function crispSize(native: number, most: number, ratio = pixelRatio()): number {
  const scale = Math.max(1, Math.floor((2 * most * ratio) / native) / 2);
  return (native * (scale >= 3 ? Math.floor(scale) : scale)) / ratio;
}

/** One image on a canvas in its own resolution. */
export class Picture {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;

  constructor(readonly shape: Shape, size: number, label: string) {
    const [, height, width] = shape;
    this.canvas = h("canvas", { width, height, className: "picture", role: "img", "aria-label": label });
    this.resize(size);
    this.context = this.canvas.getContext("2d");
  }

  resize(size: number): void {
    const [, height, width] = this.shape;
    const scale = crispSize(Math.max(width, height), size) / Math.max(width, height);
    resizeCanvas(this.canvas, width, height, scale);
  }

  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    this.context?.putImageData(new ImageData(rgba, this.shape[2], this.shape[1]), 0, 0);
  }
}

/** RGBA images (n, H, W, 4) into n pictures. */
export function paintAll(pictures: Picture[], rgba: Uint8ClampedArray<ArrayBuffer>): void {
  const size = rgba.length / pictures.length;
  pictures.forEach((picture, i) => picture.paint(rgba.slice(i * size, (i + 1) * size)));
}
