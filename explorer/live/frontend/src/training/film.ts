import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Extent, Theme } from "../map";
import type { Positions } from "../page/framed-map";

const [SIDE, GAP, CAPTION] = [300, 12, 28];
const [WIDTH, HEIGHT] = [2 * SIDE + 3 * GAP, SIDE + GAP + CAPTION];
const [DELAY, HOLD] = [90, 1600]; // ms

/** Draws one half of a frame, a square of so many pixels. */
export type Side = (context: CanvasRenderingContext2D, size: number) => void;

export interface Frame {
  sides: [Side, Side];
  caption: string;
}

/** A looping GIF of two squares beside each other; `shot(k)` returns the k-th of `count` frames. */
export async function film(count: number, shot: (k: number) => Promise<Frame>, theme: Theme): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const pixels = async (k: number) => {
    draw(context, await shot(k), theme);
    return context.getImageData(0, 0, WIDTH, HEIGHT).data;
  };
  const palette = quantize(await pixels(count - 1), 256); // the last frame has all colours
  const encoder = GIFEncoder();
  for (let k = 0; k < count; k++) {
    encoder.writeFrame(applyPalette(await pixels(k), palette), WIDTH, HEIGHT, { palette, delay: k === count - 1 ? HOLD : DELAY, repeat: 0 });
    await new Promise((resume) => setTimeout(resume)); // keep the page responsive
  }
  encoder.finish();
  return encoder.bytes();
}

function draw(context: CanvasRenderingContext2D, { sides, caption }: Frame, theme: Theme): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  sides.forEach((side, k) => {
    context.save();
    context.translate(GAP + k * (SIDE + GAP), GAP);
    context.beginPath();
    context.rect(0, 0, SIDE + 1, SIDE + 1);
    context.clip();
    side(context, SIDE);
    context.restore();
  });
  context.fillStyle = theme.foreground;
  context.font = "14px system-ui, sans-serif";
  context.fillText(caption, GAP, HEIGHT - 9);
}

/** Points in a frame, within an extent. */
export function pointSide([x, y]: Positions, { theme, extent, colourOf }: { theme: Theme; extent: Extent; colourOf(i: number): string }): Side {
  return (context, size) => {
    context.strokeStyle = theme.grid;
    context.strokeRect(0.5, 0.5, size - 1, size - 1);
    const scale = size / Math.max(extent.x1 - extent.x0, extent.y1 - extent.y0);
    const [cx, cy] = [(extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2];
    for (let i = 0; i < x.length; i++) {
      context.fillStyle = colourOf(i);
      context.beginPath();
      context.arc(size / 2 + (x[i] - cx) * scale, size / 2 - (y[i] - cy) * scale, 2, 0, 7);
      context.fill();
    }
  };
}

/** A canvas, as large as fits. */
export function pictureSide(canvas: HTMLCanvasElement, smooth = false): Side {
  return (context, size) => {
    context.imageSmoothingEnabled = smooth;
    const fit = size / Math.max(canvas.width, canvas.height);
    context.drawImage(canvas, 0, 0, canvas.width * fit, canvas.height * fit);
  };
}
