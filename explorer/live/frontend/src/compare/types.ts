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

export type Tab = "columns" | "ladder";

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
}

export interface CompareData {
  models: ComparedModel[];
  /** matches[lead][other] */
  matches: Match[][];
  planes: FlatPlane[];
  state?: CompareState;
}
