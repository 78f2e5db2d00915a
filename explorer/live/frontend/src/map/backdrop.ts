/** The layer below the points: background, grid lines and an optional picture that lies in the plane. */
import { tickStep } from "./ticks";
import type { Extent, Theme, Viewport } from "./types";
import { screenX, screenY, worldX, worldY } from "./viewport";

export const TICK_SPACING = 76;

export interface Backdrop {
  readonly image: CanvasImageSource;
  readonly extent: Extent;
}

export function paintBackdrop(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  width: number,
  height: number,
  theme: Theme,
  backdrop: Backdrop | null,
): void {
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, height);
  paintGrid(ctx, view, width, height, theme);
  if (!backdrop) return;
  const { x0, x1, y0, y1 } = backdrop.extent;
  const left = screenX(view, width, x0);
  const top = screenY(view, height, y1);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(backdrop.image, left, top, (x1 - x0) * view.scale, (y1 - y0) * view.scale);
}

function paintGrid(ctx: CanvasRenderingContext2D, view: Viewport, width: number, height: number, theme: Theme): void {
  const step = tickStep(view.scale, TICK_SPACING);
  ctx.lineWidth = 1;
  for (let pass = 0; pass < 2; pass++) {
    const axes = pass === 1; // the two axes through the origin, a little stronger, on top
    ctx.strokeStyle = axes ? theme.muted : theme.grid;
    ctx.globalAlpha = axes ? 0.45 : 1;
    ctx.beginPath();
    const lastX = Math.floor(worldX(view, width, width) / step);
    for (let k = Math.ceil(worldX(view, width, 0) / step); k <= lastX; k++) {
      if ((k === 0) !== axes) continue;
      const sx = Math.round(screenX(view, width, k * step)) + 0.5;
      ctx.moveTo(sx, 0);
      ctx.lineTo(sx, height);
    }
    const lastY = Math.floor(worldY(view, height, 0) / step);
    for (let k = Math.ceil(worldY(view, height, height) / step); k <= lastY; k++) {
      if ((k === 0) !== axes) continue;
      const sy = Math.round(screenY(view, height, k * step)) + 0.5;
      ctx.moveTo(0, sy);
      ctx.lineTo(width, sy);
    }
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
