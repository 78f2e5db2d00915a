/** The layer above the points: what the user measures with, and what rests while the hand moves. */
import { TICK_SPACING } from "./backdrop";
import { ellipseAxes } from "./gaussian";
import { mapFont, haloed, outlined, ringed } from "./ink";
import { TickLabels, tickStep } from "./ticks";
import type { AxisNames, Gaussian, Theme, Viewport } from "./types";
import { screenX, screenY, worldX, worldY } from "./viewport";

/** Radius of an overlay code in pixels, and how near the pointer must come to it. */
const CODE_RADIUS = 5.5;
const CODE_REACH = 9;

export interface Codes {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly colours: readonly string[];
  /** Names beside them. */
  readonly labels?: readonly string[];
}

/** Everything the overlay shows; the map changes it in place. */
export interface Marks {
  axes: AxisNames;
  sigmas: readonly number[] | null;
  gaussian: Gaussian | null;
  path: Float32Array | null;
  /** Interleaved corners of triangles. */
  fan: Float32Array | null;
  codes: Codes | null;
  hoveredCode: number | null;
  /** Interleaved screen corners of the region being drawn; two corners are a box. */
  region: readonly number[] | null;
  /** Show the crosshair in the middle that keys steer. */
  crosshair: boolean;
}

/** Index of the overlay code under the screen point, or null; the last drawn wins a tie. */
export function codeAt(codes: Codes, view: Viewport, w: number, h: number, sx: number, sy: number): number | null {
  let best: number | null = null;
  let square = CODE_REACH * CODE_REACH;
  for (let k = 0; k < codes.x.length; k++) {
    const dx = screenX(view, w, codes.x[k]!) - sx;
    const dy = screenY(view, h, codes.y[k]!) - sy;
    if (dx * dx + dy * dy > square) continue;
    square = dx * dx + dy * dy;
    best = k;
  }
  return best;
}

export class Overlay {
  private readonly horizontal = new TickLabels();
  private readonly vertical = new TickLabels();

  paint(ctx: CanvasRenderingContext2D, v: Viewport, w: number, h: number, theme: Theme, marks: Marks): void {
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.font = mapFont(theme.letter);
    if (marks.sigmas) sigmaCircles(ctx, v, w, h, theme, marks.sigmas);
    if (marks.gaussian) contours(ctx, v, w, h, theme, marks.gaussian);
    if (marks.fan) fan(ctx, v, w, h, theme, marks.fan);
    if (marks.path) path(ctx, v, w, h, theme, marks.path);
    if (marks.codes) codes(ctx, v, w, h, theme, marks.codes, marks.hoveredCode);
    this.ticks(ctx, v, w, h, theme, marks.axes);
    if (marks.region) region(ctx, marks.region, theme);
    if (marks.crosshair) crosshair(ctx, w / 2, h / 2, theme);
  }

  private ticks(ctx: CanvasRenderingContext2D, v: Viewport, w: number, h: number, t: Theme, axes: AxisNames): void {
    const step = tickStep(v.scale, TICK_SPACING);
    const [x, y] = [axes.x, axes.y].map((name) => (ctx.measureText(name).width < w - 20 ? name : name.split(",")[0]!));
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    const room = 20 + ctx.measureText(x!).width;
    for (let k = Math.ceil(worldX(v, w, 8 + 3 * t.letter) / step); ; k++) {
      const sx = screenX(v, w, k * step);
      if (sx > w - room - 12) break;
      haloed(ctx, this.horizontal.text(k, step), sx, h - 8, t.muted, t.background);
    }
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (let k = Math.ceil(worldY(v, h, h - 18 - t.letter) / step); ; k++) {
      const sy = screenY(v, h, k * step);
      if (sy < 22 + t.letter) break;
      haloed(ctx, this.vertical.text(k, step), 8, sy, t.muted, t.background);
    }
    ctx.textBaseline = "alphabetic";
    haloed(ctx, y!, 8, 6 + t.letter, t.foreground, t.background);
    ctx.textAlign = "right";
    haloed(ctx, x!, w - 10, h - 8, t.foreground, t.background);
  }
}

function sigmaCircles(
  ctx: CanvasRenderingContext2D,
  v: Viewport,
  w: number,
  h: number,
  theme: Theme,
  radii: readonly number[],
): void {
  const x = screenX(v, w, 0);
  const y = screenY(v, h, 0);
  ctx.setLineDash([5, 5]);
  for (const sigma of radii) {
    ctx.beginPath();
    ctx.arc(x, y, sigma * v.scale, 0, 2 * Math.PI);
    ctx.lineWidth = 3;
    ctx.globalAlpha = 0.5;
    ctx.strokeStyle = theme.background;
    ctx.stroke();
    ctx.lineWidth = 1.25;
    ctx.globalAlpha = 0.6;
    ctx.strokeStyle = theme.foreground;
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const diagonal = Math.SQRT1_2 * v.scale;
  for (const sigma of radii) {
    if (sigma * v.scale < 26) continue; // the label would cover the circle
    haloed(ctx, `${sigma}σ`, x + sigma * diagonal, y - sigma * diagonal, theme.foreground, theme.background);
  }
}

function contours(ctx: CanvasRenderingContext2D, v: Viewport, w: number, h: number, theme: Theme, g: Gaussian): void {
  const { major, minor, angle } = ellipseAxes(g);
  const x = screenX(v, w, g.x);
  const y = screenY(v, h, g.y);
  for (const sigma of [2, 1]) {
    ctx.beginPath();
    // Screen y points down, so the angle turns the other way.
    ctx.ellipse(x, y, sigma * major * v.scale, sigma * minor * v.scale, -angle, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = theme.accent;
    ctx.fill();
    outlined(ctx, sigma === 1 ? 2 : 1.5, theme.accent, theme.background, 0.95);
  }
}

function fan(ctx: CanvasRenderingContext2D, v: Viewport, w: number, h: number, theme: Theme, corners: Float32Array): void {
  ctx.beginPath();
  for (let k = 0; k < corners.length; k += 6) {
    for (let i = k; i < k + 6; i += 2) ctx[i === k ? "moveTo" : "lineTo"](screenX(v, w, corners[i]!), screenY(v, h, corners[i + 1]!));
    ctx.closePath();
  }
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = theme.accent;
  ctx.fill();
  ctx.globalAlpha = 1;
}

function path(
  ctx: CanvasRenderingContext2D,
  v: Viewport,
  w: number,
  h: number,
  theme: Theme,
  points: Float32Array,
): void {
  const n = points.length >> 1;
  if (n === 0) return;
  ctx.beginPath();
  for (let k = 0; k < n; k++) ctx.lineTo(screenX(v, w, points[2 * k]!), screenY(v, h, points[2 * k + 1]!));
  outlined(ctx, 2.5, theme.accent, theme.background, 1);
  const end = 2 * (n - 1);
  const stops: readonly [number, string][] = [
    [0, theme.background],
    [end, theme.accent],
  ];
  for (const [at, fill] of stops) {
    const sx = screenX(v, w, points[at]!);
    const sy = screenY(v, h, points[at + 1]!);
    ringed(ctx, sx, sy, 4.5, fill, theme.background, theme.accent);
  }
}

function codes(
  ctx: CanvasRenderingContext2D,
  v: Viewport,
  w: number,
  h: number,
  theme: Theme,
  { x, y, colours, labels }: Codes,
  hovered: number | null,
): void {
  for (let k = 0; k < x.length; k++) {
    const radius = k === hovered ? CODE_RADIUS + 2.5 : CODE_RADIUS;
    const fill = colours[k % colours.length] ?? theme.accent;
    const [sx, sy] = [screenX(v, w, x[k]!), screenY(v, h, y[k]!)];
    ringed(ctx, sx, sy, radius, fill, theme.background, theme.foreground);
    const label = labels?.[k];
    if (!label) continue;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    haloed(ctx, label, sx + radius + 4, sy - radius - 4, theme.foreground, theme.background);
  }
}

function region(ctx: CanvasRenderingContext2D, corners: readonly number[], theme: Theme): void {
  const [x0, y0, x1, y1] = corners;
  ctx.beginPath();
  if (corners.length === 4) ctx.rect(x0!, y0!, x1! - x0!, y1! - y0!);
  else {
    for (let k = 0; k + 1 < corners.length; k += 2) ctx.lineTo(corners[k]!, corners[k + 1]!);
    ctx.closePath();
  }
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = theme.accent;
  ctx.fill("evenodd");
  outlined(ctx, 1.5, theme.accent, theme.background, 1);
}

function crosshair(ctx: CanvasRenderingContext2D, x: number, y: number, theme: Theme): void {
  ctx.beginPath();
  ctx.moveTo(x - 12, y);
  ctx.lineTo(x + 12, y);
  ctx.moveTo(x, y - 12);
  ctx.lineTo(x, y + 12);
  outlined(ctx, 1.5, theme.foreground, theme.background, 1);
}
