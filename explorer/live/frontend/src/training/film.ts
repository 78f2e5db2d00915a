import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Theme } from "../map";

const [SIDE, GAP, CAPTION] = [300, 12, 28];
const [WIDTH, HEIGHT] = [2 * SIDE + 3 * GAP, SIDE + GAP + CAPTION];
const [DELAY, HOLD] = [90, 1600]; // ms

export interface Frame {
  x: Float32Array;
  y: Float32Array;
  samples: HTMLCanvasElement;
  caption: string;
}

interface Look {
  theme: Theme;
  colourOf(i: number): string;
  extent: { x0: number; x1: number; y0: number; y1: number };
}

/** A looping GIF of the map beside the samples; `shot(k)` returns the k-th of `count` frames. */
export async function film(count: number, shot: (k: number) => Promise<Frame>, look: Look): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const pixels = async (k: number) => {
    draw(context, await shot(k), look);
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

function draw(context: CanvasRenderingContext2D, { x, y, samples, caption }: Frame, { theme, colourOf, extent }: Look): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.strokeStyle = theme.grid;
  context.strokeRect(GAP + 0.5, GAP + 0.5, SIDE - 1, SIDE - 1);
  const scale = SIDE / Math.max(extent.x1 - extent.x0, extent.y1 - extent.y0);
  const [cx, cy] = [(extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2];
  context.save();
  context.beginPath();
  context.rect(GAP, GAP, SIDE, SIDE);
  context.clip();
  for (let i = 0; i < x.length; i++) {
    context.fillStyle = colourOf(i);
    context.beginPath();
    context.arc(GAP + SIDE / 2 + (x[i] - cx) * scale, GAP + SIDE / 2 - (y[i] - cy) * scale, 2, 0, 7);
    context.fill();
  }
  context.restore();
  context.imageSmoothingEnabled = false;
  const fit = SIDE / Math.max(samples.width, samples.height);
  context.drawImage(samples, 2 * GAP + SIDE, GAP, samples.width * fit, samples.height * fit);
  context.fillStyle = theme.foreground;
  context.font = "14px system-ui, sans-serif";
  context.fillText(caption, GAP, HEIGHT - 9);
}
