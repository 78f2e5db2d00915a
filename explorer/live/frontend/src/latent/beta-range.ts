import type { BetaRange, Model } from "../schema";

/** Where β lies between two neighbouring β of a range: after number `low`, by `part` of the way in log β. */
export interface Place {
  low: number;
  part: number;
}

export function placeOf({ betas }: Pick<BetaRange, "betas">, beta: number): Place {
  const last = betas.length - 1;
  const at = (last * Math.log(beta / betas[0])) / Math.log(betas[last] / betas[0]);
  const low = Math.max(0, Math.min(last - 1, Math.floor(at)));
  return { low, part: Math.max(0, Math.min(1, at - low)) };
}

/** β within the range of the model; its default where there is none. */
export function betaWithin(model: Pick<Model, "beta" | "betaRange">, beta: number | undefined): number {
  const betas = model.betaRange!.betas;
  return beta && Number.isFinite(beta) ? Math.max(betas[0], Math.min(betas[betas.length - 1], beta)) : model.beta!;
}

/** What tells live dimensions from dead ones: of a model of a range, one that any β uses is alive. */
export const carriedAtAll = (model: Pick<Model, "rate" | "variance" | "betaRange">): Pick<Model, "rate" | "variance"> =>
  model.betaRange ? atBeta(model.betaRange, model.betaRange.betas[0]) : model;

/** The slope at a value between two steps: their harmonic mean, or 0 at an extremum, so that nothing overshoots. */
const slope = (before: number, after: number): number => (before * after > 0 ? (2 * before * after) / (before + after) : 0);

/**
 * The value of a column at a place: monotone cubics in log β, without corners (Fritsch and Butland, "A method for
 * constructing local monotone piecewise cubic interpolants", 1984).
 */
function smoothAt(column: (row: number) => number, rows: number, { low, part }: Place): number {
  const step = (i: number) => column(i + 1) - column(i);
  const here = step(low);
  const before = low > 0 ? slope(step(low - 1), here) : here;
  const after = low < rows - 2 ? slope(here, step(low + 1)) : here;
  const [t, u] = [part, 1 - part];
  return column(low) + here * t * t * (3 - 2 * t) + before * t * u * u - after * t * t * u;
}

const rowAt = (rows: readonly number[][], place: Place): number[] => rows[place.low].map((_, k) => smoothAt((row) => rows[row][k], rows.length, place));

/** What a model is at one β of its range: rate and variance per dimension, and rate and distortion in nats per image. */
export interface AtBeta {
  rate: number[];
  variance: number[];
  totalRate: number;
  distortion: number;
}

export function atBeta(range: BetaRange, beta: number): AtBeta {
  const place = placeOf(range, beta);
  const rate = rowAt(range.rate, place);
  return {
    rate,
    variance: rowAt(range.variance, place),
    totalRate: rate.reduce((sum, value) => sum + value, 0),
    distortion: smoothAt((row) => range.distortion[row], range.distortion.length, place),
  };
}
