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

const between = (from: number, to: number, part: number): number => from + part * (to - from);

const rowBetween = (rows: readonly number[][], { low, part }: Place): number[] => rows[low].map((value, k) => between(value, rows[low + 1][k], part));

/** What a model is at one β of its range: rate and variance per dimension, and rate and distortion in nats per image. */
export interface AtBeta {
  rate: number[];
  variance: number[];
  totalRate: number;
  distortion: number;
}

export function atBeta(range: BetaRange, beta: number): AtBeta {
  const place = placeOf(range, beta);
  const rate = rowBetween(range.rate, place);
  const { low, part } = place;
  return {
    rate,
    variance: rowBetween(range.variance, place),
    totalRate: rate.reduce((sum, value) => sum + value, 0),
    distortion: between(range.distortion[low], range.distortion[low + 1], part),
  };
}
