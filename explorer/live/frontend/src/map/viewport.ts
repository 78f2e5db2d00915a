/** World <-> screen. Screen y points down, world y points up; one scale for both axes. */
import type { Extent, Viewport } from "./types";

export const screenX = (v: Viewport, width: number, x: number): number => width / 2 + (x - v.cx) * v.scale;
export const screenY = (v: Viewport, height: number, y: number): number => height / 2 - (y - v.cy) * v.scale;
export const worldX = (v: Viewport, width: number, sx: number): number => v.cx + (sx - width / 2) / v.scale;
export const worldY = (v: Viewport, height: number, sy: number): number => v.cy - (sy - height / 2) / v.scale;

export function panned(v: Viewport, dx: number, dy: number): Viewport {
  return { cx: v.cx - dx / v.scale, cy: v.cy + dy / v.scale, scale: v.scale };
}

/** Zoom so that the world point under the screen point (sx, sy) stays there. */
export function zoomedAbout(
  v: Viewport,
  width: number,
  height: number,
  sx: number,
  sy: number,
  scale: number,
): Viewport {
  const ox = sx - width / 2;
  const oy = sy - height / 2;
  const shift = 1 / v.scale - 1 / scale;
  return { cx: v.cx + ox * shift, cy: v.cy - oy * shift, scale };
}

/** The view that shows all of `extent` with a margin in pixels. */
export function fitted(extent: Extent, width: number, height: number, margin: number): Viewport {
  const w = Math.max(extent.x1 - extent.x0, 1e-6);
  const h = Math.max(extent.y1 - extent.y0, 1e-6);
  const innerWidth = Math.max(width - 2 * margin, width / 2, 1);
  const innerHeight = Math.max(height - 2 * margin, height / 2, 1);
  return {
    cx: (extent.x0 + extent.x1) / 2,
    cy: (extent.y0 + extent.y1) / 2,
    scale: Math.min(innerWidth / w, innerHeight / h),
  };
}

/**
 * A view between two views, t in [0, 1]. The scale moves geometrically; the centre moves with 1/scale, so that a
 * zoom about a point keeps that point still all the way.
 */
export function between(a: Viewport, b: Viewport, t: number): Viewport {
  if (t >= 1) return b;
  const scale = a.scale * Math.pow(b.scale / a.scale, t);
  const span = 1 / b.scale - 1 / a.scale;
  const u = Math.abs(span) * a.scale < 1e-6 ? t : (1 / scale - 1 / a.scale) / span;
  return { cx: a.cx + (b.cx - a.cx) * u, cy: a.cy + (b.cy - a.cy) * u, scale };
}

export const sameView = (a: Viewport, b: Viewport): boolean =>
  a.cx === b.cx && a.cy === b.cy && a.scale === b.scale;

export const isView = (v: Viewport): boolean =>
  Number.isFinite(v.cx) && Number.isFinite(v.cy) && Number.isFinite(v.scale) && v.scale > 0;

export const easeInOut = (t: number): number => (t < 0.5 ? 4 * t * t * t : 1 - Math.pow(2 - 2 * t, 3) / 2);
