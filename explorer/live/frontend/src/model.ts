// What Python says of a checkpoint (explorer.live.describe), and the state that travels both ways.

export interface Column {
  key: string;
  label: string;
  unit?: string;
  names?: string[];
}

export interface Projection {
  key: string;
  label: string;
  axes: [string, string];
  /** Centre (d) and two orthonormal directions (2·d) of a flat projection; absent where there is no way back. */
  mean?: number[];
  components?: number[];
}

export interface Model {
  name: string;
  /** Address of the checkpoint's files, relative to the app's root; ends in a slash. */
  base: string;
  latentSize: number;
  /** channels, height, width */
  imageShape: [number, number, number];
  body: "mlp" | "conv";
  count: number;
  /** Mean KL per dimension in nats; null for a plain autoencoder. */
  rate: number[] | null;
  variance: number[];
  /** What each dimension is for, as "x position, 81 %", where that has been measured; "" where nothing stands out. */
  names?: string[];
  labelNames: string[];
  columns: Column[];
  projections: Projection[];
}

export type ViewName = "explore" | "traverse" | "walk";

export interface RangeChoice {
  kind: "prior" | "data";
  /** Half-width in prior standard deviations. */
  k: number;
}

export type Tool = "sliders" | "walk";

export interface Viewport {
  cx: number;
  cy: number;
  scale: number;
}

/** Everything that is worth keeping, and all of it optional on the way in. */
export interface StageState {
  z?: number[];
  a?: number[];
  b?: number[];
  selected?: number | null;
  selection?: number[];
  selectionCount?: number;
  projection?: string;
  colour?: string;
  viewport?: Viewport | null;
  range?: RangeChoice;
  path?: "linear" | "spherical";
  tool?: Tool;
  /** The decoded plane lies behind the points. */
  plane?: boolean;
  /** Classes that are hidden, by their number, in the colouring that is shown. */
  hidden?: number[];
}

export interface StageData {
  view: ViewName;
  model: Model;
  state?: StageState;
  /** The first image, as base64 of its bytes (C, H, W): on show until the decoder is there. */
  first?: string;
}
