/** What the colours mean: a colour bar for values, and for exports the names of the classes. */
import { mapFont, haloed } from "./ink";
import { css } from "./palette";
import type { PointStore } from "./store";
import { shortNumber } from "./ticks";
import type { Theme } from "./types";

const BAR_WIDTH = 132;
const BAR_HEIGHT = 9;
const MOST_NAMES = 24;

export function colourBar(ctx: CanvasRenderingContext2D, width: number, store: PointStore, theme: Theme): void {
  if (store.kind !== "values" || store.count === 0) return;
  const x = width - BAR_WIDTH - 14;
  const y = 14 + theme.letter;
  ctx.font = mapFont(theme.letter);
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "right";
  haloed(ctx, store.label, width - 14, y - 8, theme.foreground, theme.background);
  const last = store.lut.length / 4 - 2; // the last slot is for what has no value
  const gradient = ctx.createLinearGradient(x, 0, x + BAR_WIDTH, 0);
  for (let k = 0; k <= 16; k++) gradient.addColorStop(k / 16, css(store.slotColour(Math.round((last * k) / 16))));
  ctx.fillStyle = gradient;
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 2;
  ctx.strokeRect(x, y, BAR_WIDTH, BAR_HEIGHT);
  ctx.fillRect(x, y, BAR_WIDTH, BAR_HEIGHT);
  haloed(ctx, shortNumber(store.range[1]), x + BAR_WIDTH, y + BAR_HEIGHT + 2 + theme.letter, theme.muted, theme.background);
  ctx.textAlign = "left";
  haloed(ctx, shortNumber(store.range[0]), x, y + BAR_HEIGHT + 2 + theme.letter, theme.muted, theme.background);
}

/** On the page the names stand beside the map; a picture that leaves the page needs its own. */
export function classNames(ctx: CanvasRenderingContext2D, width: number, store: PointStore, theme: Theme): void {
  if (store.kind !== "categories" || store.names.length > MOST_NAMES) return;
  ctx.font = mapFont(theme.letter);
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  let y = 6 + theme.letter;
  store.names.forEach((name, k) => {
    if (!store.isSlotVisible(k)) return;
    haloed(ctx, name, width - 28, y, theme.foreground, theme.background);
    ctx.beginPath();
    ctx.arc(width - 17, y, 4.5, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.background;
    ctx.stroke();
    ctx.fillStyle = css(store.slotColour(k));
    ctx.fill();
    y += 6 + theme.letter;
  });
}
