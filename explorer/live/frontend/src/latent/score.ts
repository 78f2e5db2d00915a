import type { Vision } from "../schema";

/** Half the steps of float32 below 1: as near as a decoded probability comes to certainty. */
const LEAST = 6e-8;

/**
 * −log p(x|z) in nats of an image x, from what z decodes to, both (C, H, W) in [0, 1].
 *
 * As `explorer.models.likelihoods` computes it from the decoder's output; the mean of Gaussian pixels is clipped.
 */
export function distortion(x: Float32Array, mean: Float32Array, vision: Pick<Vision, "likelihood" | "variance">): number {
  let sum = 0;
  switch (vision.likelihood) {
    case "bernoulli":
      for (let i = 0; i < x.length; i++) sum -= x[i] * Math.log(Math.max(mean[i], LEAST)) + (1 - x[i]) * Math.log(Math.max(1 - mean[i], LEAST));
      return sum;
    case "continuous-bernoulli":
      for (let i = 0; i < x.length; i++) sum += continuousBernoulli(x[i], mean[i]);
      return sum;
    default:
      for (let i = 0; i < x.length; i++) sum += (x[i] - mean[i]) ** 2;
      return sum / (2 * vision.variance) + (x.length / 2) * Math.log(2 * Math.PI * vision.variance);
  }
}

/** −log p of a grey value, from the mean: its logit 2h solves coth h − 1/h = 2·mean − 1 (Langevin's function). */
function continuousBernoulli(x: number, mean: number): number {
  const y = Math.max(-0.99999, Math.min(0.99999, 2 * mean - 1));
  let h = (y * (3 - y * y)) / (1 - y * y);
  for (let step = 0; step < 4 && Math.abs(h) > 0.05; step++) {
    const coth = 1 / Math.tanh(h);
    h -= (coth - 1 / h - y) / (1 - coth * coth + 1 / (h * h));
  }
  const logit = 2 * h;
  const norm = Math.abs(h) > 1e-4 ? Math.log(logit / Math.tanh(h)) : Math.log(2);
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - x * logit - norm;
}

/** KL(q‖N(0, I)) in nats of a Gaussian with this mean, these standard deviations and, of a full covariance, factor. */
export function rate(mean: Float32Array, scale: Float32Array, tril: Float32Array | null = null): number {
  return rates(mean, scale, tril).reduce((sum, nats) => sum + nats, 0);
}

/** What a code costs: the rate in nats of any posterior. */
export const costOf = ({ mean, scale, tril, rate: known }: { mean: Float32Array; scale: Float32Array; tril: Float32Array | null; rate?: number }): number => known ?? rate(mean, scale, tril);

/** The terms of that sum, one per dimension. */
export function rates(mean: Float32Array, scale: Float32Array, tril: Float32Array | null = null): number[] {
  const d = mean.length;
  return Array.from(mean, (value, k) => (value ** 2 + scale[k] ** 2 - 1) / 2 - Math.log(tril ? tril[k * d + k] : scale[k]));
}

/** Nats as bits. */
export const bits = (nats: number): number => nats / Math.LN2;

/** One draw μ + σ·ε, or μ + L·ε. */
export function draw(mean: Float32Array, scale: Float32Array, tril: Float32Array | null, epsilon: Float32Array): Float32Array {
  const d = mean.length;
  return mean.map((value, k) => {
    if (!tril) return value + scale[k] * epsilon[k];
    for (let j = 0; j <= k; j++) value += tril[k * d + j] * epsilon[j];
    return value;
  });
}

/** The share of ascending values below `value`, 0 to 1. */
export function shareBelow(ascending: Float32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return ascending.length ? low / ascending.length : NaN;
}
