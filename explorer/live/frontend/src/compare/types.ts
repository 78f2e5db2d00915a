import type { Model } from "../model";

/** What Python says of each model (explorer.live.compare.describe). */
export interface ComparedModel extends Model {
  title: string;
  /** Null for a plain autoencoder. */
  beta: number | null;
  /** Nats per test image. */
  elbo: number | null;
  distortion: number | null;
  totalRate: number | null;
  activeUnits: number;
  labels: boolean;
  /** Trained on sprites, so that any sprite can be drawn and encoded. */
  sprites: boolean;
  factorNames: string[];
  factorSizes: number[];
}

/** For each dimension of the model that leads: which of another model's it is, which way round, and how surely. */
export interface Match {
  order: number[];
  sign: number[];
  correlation: number[];
}

export interface FlatPlane {
  mean: number[];
  components: number[];
}

export type Tab = "columns" | "ladder" | "factors" | "two-way";

export const TABS: readonly (readonly [Tab, string])[] = [
  ["columns", "Side by side"],
  ["ladder", "Through β"],
  ["factors", "Factors"],
  ["two-way", "Both ways"],
];

/** Everything that is worth keeping, all of it optional on the way in. */
export interface CompareState {
  tab?: Tab;
  /** The model whose dimensions the sliders are. */
  lead?: number;
  /** Which of them is traversed, 0 for the strongest. */
  strand?: number;
  /** The test image that the hand starts from; null for the middle of the prior. */
  image?: number | null;
  /** How far each dimension of the lead has been moved from there. */
  offset?: number[];
  /** Seed of the prior codes. */
  seed?: number;
  /** First of the test images that are rebuilt. */
  rows?: number;
  /** Place on the ladder: 0 is the first model, 1 the second, and codes travel in between. */
  at?: number;
  /** What the maps on the ladder show: "pca", or the two strongest dimensions. */
  plane?: PlaneKind;
  colour?: string;
  /** The factor that codes are plotted against. */
  factor?: number;
  /** Factors of the sprite that is drawn. */
  sprite?: number[];
  /** Model, two of its dimensions, and degrees by which they are turned. */
  turn?: number[];
}

export type PlaneKind = "pca" | "strands";

export interface CompareData {
  models: ComparedModel[];
  /** matches[lead][other] */
  matches: Match[][];
  planes: FlatPlane[];
  state?: CompareState;
}
