/**
 * What follows the hand: the cursor of the current code and the ring of the point that is meant. They move at every
 * frame, so each is a small picture that is painted once and then only moved; nothing else of the map is touched.
 */
import { outlined, ringed } from "./ink";
import { css, type Rgb } from "./palette";
import type { Point, Theme, Viewport } from "./types";
import { screenX, screenY } from "./viewport";

/** Half the side of a marker in CSS pixels: the arms of the cursor with their rim. */
const REACH = 20;

export interface Marked {
  cursor: Point | null;
  highlight: (Point & { colour: Rgb }) | null;
}

type Paint = (ctx: CanvasRenderingContext2D, x: number, y: number) => void;

class Marker {
  private readonly ctx: CanvasRenderingContext2D | null;
  private painted = "";

  constructor(box: HTMLElement) {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    canvas.style.cssText = `position:absolute;left:${-REACH}px;top:${-REACH}px;width:${2 * REACH}px;height:${2 * REACH}px;pointer-events:none;will-change:transform;visibility:hidden`;
    box.append(canvas);
    this.ctx = canvas.getContext("2d");
  }

  /** Stand at (x, y) in CSS pixels, painted anew where `look` is another than before. */
  show(x: number, y: number, ratio: number, look: string, paint: Paint): void {
    if (!this.ctx) return;
    const { canvas } = this.ctx;
    const key = `${ratio} ${look}`;
    if (key !== this.painted) {
      this.painted = key;
      canvas.width = canvas.height = Math.round(2 * REACH * ratio); // clears it too
      this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(this.ctx, REACH, REACH);
    }
    // whole device pixels, or the picture would be resampled and blur
    const [left, top] = [x, y].map((at) => Math.round(at * ratio) / ratio);
    canvas.style.transform = `translate(${left}px,${top}px)`;
    canvas.style.visibility = "visible";
  }

  hide(): void {
    if (this.ctx) this.ctx.canvas.style.visibility = "hidden";
  }
}

export class Markers {
  private readonly ring = new Marker(this.box);
  private readonly cross = new Marker(this.box);

  constructor(private readonly box: HTMLElement) {
  }

  place(v: Viewport, w: number, h: number, ratio: number, theme: Theme, { cursor, highlight }: Marked): void {
    if (cursor) {
      const look = `${theme.accent} ${theme.background}`;
      this.cross.show(screenX(v, w, cursor.x), screenY(v, h, cursor.y), ratio, look, crossIn(theme));
    } else this.cross.hide();
    if (highlight) {
      const look = `${highlight.colour.join()} ${theme.background} ${theme.foreground}`;
      this.ring.show(screenX(v, w, highlight.x), screenY(v, h, highlight.y), ratio, look, ringIn(theme, highlight.colour));
    } else this.ring.hide();
  }
}

/** The same marks in a picture of the map. */
export function paintMarkers(ctx: CanvasRenderingContext2D, v: Viewport, w: number, h: number, theme: Theme, marked: Marked): void {
  const { cursor, highlight } = marked;
  if (highlight) ringIn(theme, highlight.colour)(ctx, screenX(v, w, highlight.x), screenY(v, h, highlight.y));
  if (cursor) crossIn(theme)(ctx, screenX(v, w, cursor.x), screenY(v, h, cursor.y));
}

const ringIn =
  (theme: Theme, colour: Rgb): Paint =>
  (ctx, x, y) =>
    ringed(ctx, x, y, 6, css(colour), theme.background, theme.foreground);

const crossIn =
  (theme: Theme): Paint =>
  (ctx, x, y) => {
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.beginPath();
    ctx.arc(x, y, 9, 0, 2 * Math.PI);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      ctx.moveTo(x + dx * 9, y + dy * 9);
      ctx.lineTo(x + dx * 15, y + dy * 15);
    }
    outlined(ctx, 2.5, theme.accent, theme.background, 1);
    ctx.beginPath();
    ctx.arc(x, y, 2, 0, 2 * Math.PI);
    outlined(ctx, 1, theme.accent, theme.background, 1);
    ctx.fillStyle = theme.accent;
    ctx.fill();
  };
