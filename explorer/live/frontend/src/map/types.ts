/** What the map and its parts say to each other. World units are latent units; pixels are CSS pixels. */

/** Centre in world units and pixels per world unit, the same along x and y. */
export interface Viewport {
  readonly cx: number;
  readonly cy: number;
  readonly scale: number;
}

export interface Extent {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Mean and covariance of a 2-D Gaussian, in world units. */
export interface Gaussian {
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What lies under the pointer. */
export interface Hit extends Point {
  /** Index of the nearest visible point, null where there is none. */
  readonly nearest: number | null;
  /** How far away that point is, in pixels. */
  readonly distance: number;
  /** Index of the overlay code (`setOverlay`) under the pointer, null where there is none. */
  readonly drawn: number | null;
}

export interface Theme {
  readonly background: string;
  readonly foreground: string;
  readonly accent: string;
  readonly muted: string;
  readonly grid: string;
  /** Font size in pixels. */
  readonly letter: number;
}

export interface AxisNames {
  readonly x: string;
  readonly y: string;
}

export type Mode = "pan" | "box" | "lasso";

/** How a region changes the selection that exists. */
export type SelectionOp = "replace" | "add" | "remove";

export interface MapCallbacks {
  /** The pointer moved (or a key moved the map under the crosshair); null when it left. */
  onHover(hit: Hit | null): void;
  /** Click, tap or Enter. */
  onPick(hit: Hit): void;
  /** The whole selection, as ascending point indices, after each change that the user made. */
  onSelect(indices: Uint32Array): void;
  /** Once per frame while the view moves, except for moves that `setViewport` asked for. */
  onViewport(view: Viewport): void;
}
