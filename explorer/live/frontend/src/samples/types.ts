import type { Model } from "../model";

/** What Python says of each model (explorer.live.samples.describe). */
export interface SampledModel extends Model {
  title: string;
  /** Equal for two models exactly if their codes are of the same images. */
  images: string;
  /** p(x|z): nats of one likelihood do not compare with those of another. */
  likelihood: string;
  sources: { key: string; label: string }[];
  /** The noise it was trained to take away, in words; empty where there was none. */
  denoises: string;
}

export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

/** The parts of a stored report that are shown. */
export interface Report {
  seeds: number;
  samples: number;
  images: number;
  coverage_limit: number;
  measures: Record<string, Estimate>;
  real: Record<string, Estimate>;
}

/** How the numbers of one model and one source stand. */
export interface Judged {
  report?: Report;
  fraction?: number;
  message?: string;
  failed?: string;
  /** Why it will not be computed here. */
  closed?: string;
}

export interface Measure {
  label: string;
  about: string;
  share: boolean;
}

export type Span = "own" | "prior";
export type Tab = "codes" | "rebuilt" | "line";
export const NOISES = ["none", "gaussian", "masking", "salt-and-pepper"] as const;
export type NoiseKind = (typeof NOISES)[number];

/** Everything that is worth keeping, all of it optional on the way in. */
export interface SamplesState {
  tab?: Tab;
  seed?: number;
  count?: number;
  temperature?: number;
  /** Where the codes come from, one kind per model. */
  sources?: string[];
  /** The row that "around one test image" is around. */
  image?: number;
  /** What test images are corrupted with before they are rebuilt, and how much of it, 0 to 1. */
  noise?: NoiseKind;
  level?: number;
  /** Place on the line of a one-dimensional latent space. */
  at?: number;
  /** What that line goes through: all codes of the model, or what N(0, 1) draws. */
  span?: Span;
}

export interface SamplesData {
  models: SampledModel[];
  state?: SamplesState;
  numbers: Record<string, Judged>[];
  measures: Record<string, Measure>;
}
