/** Points as discs, through the calls of a canvas context: for pictures made of vectors. */
import { dotStyle, type Scene } from "./layer";
import { css } from "./palette";
import type { PointStore } from "./store";
import type { Theme } from "./types";
import { screenX, screenY } from "./viewport";

/** Every point that is shown and in view, in drawing order. */
export function paintDiscs(ctx: CanvasRenderingContext2D, store: PointStore, { view, width, height }: Scene, theme: Theme): void {
  const { size, alpha, outline } = dotStyle(store.density / view.scale ** 2, { size: 1, alpha: 1, outline: 0 });
  ctx.globalAlpha = alpha;
  for (const i of store.order) {
    const [x, y] = [screenX(view, width, store.x[i]!), screenY(view, height, store.y[i]!)];
    if (!store.isVisible(i) || x < -size || y < -size || x > width + size || y > height + size) continue;
    ctx.beginPath();
    ctx.arc(x, y, size / 2 - outline / 2, 0, 2 * Math.PI);
    ctx.fillStyle = css(store.colourOf(i));
    ctx.fill();
    if (outline === 0) continue;
    ctx.lineWidth = outline;
    ctx.strokeStyle = theme.background;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
