/** What a point renderer is told, and what it must be able to do. WebGL2 and the 2-D canvas both do it. */
import type { Rgb } from "./palette";
import type { PointStore } from "./store";
import type { Viewport } from "./types";

/** One picture of the points. The map keeps a single object and changes it, so that frames allocate nothing. */
export interface Scene {
  view: Viewport;
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** How far a move of the points has come, 0 to 1. */
  mix: number;
  background: Rgb;
  muted: Rgb;
}

export interface PointLayer {
  readonly canvas: HTMLCanvasElement;
  /** How many points can be drawn in every frame of a move. */
  readonly budget: number;
  resize(width: number, height: number, ratio: number): void;
  /** Positions changed. */
  loadPositions(store: PointStore): void;
  /** Colour slots changed. */
  loadSlots(store: PointStore): void;
  /** The colour table changed. */
  loadColours(store: PointStore): void;
  /** Drawing positions of the selected points, null when nothing is selected. */
  loadSelection(ranks: Uint32Array | null): void;
  /** Draw a random sample of at most `limit` points at once. */
  draw(scene: Scene, limit: number): void;
  /** Start to draw everything in the background; `draw` abandons it. */
  begin(scene: Scene): void;
  /** Do the next piece; true when the full picture stands. */
  advance(scene: Scene): boolean;
  destroy(): void;
}

/** How a dot looks. */
export interface DotStyle {
  /** Diameter in CSS pixels. */
  size: number;
  alpha: number;
  /** Width of the outline in CSS pixels, 0 for none. */
  outline: number;
}

/** Ink: how much of the picture points should cover where a typical point lies. */
const COVER = 1;

/**
 * Size and opacity from `density`, the drawn points per square pixel where a typical point lies. Few points are
 * crisp outlined dots; many are small and translucent, so that overlap shows density and classes mix.
 */
export function dotStyle(density: number, out: DotStyle): DotStyle {
  const d = Math.max(density, 1e-6);
  out.size = Math.max(1.5, Math.min(9, 1.55 * Math.pow(d, -0.3)));
  const layers = d * out.size * out.size * 0.785;
  out.alpha = layers <= COVER ? 0.92 : Math.max(0.08, 0.92 * Math.pow(COVER / layers, 0.7));
  out.outline = Math.max(0, Math.min(1, (out.size - 4.5) / 2));
  return out;
}
