import type { Posterior } from "../engine/encoder";
import { distortion, rates } from "../latent/score";
import type { Model } from "../schema";

/** What an image costs a model at one code, in nats. */
export interface Terms {
  /** −log p(x|z); NaN where the model's p(x|z) is not known, or x is not. */
  distortion: number;
  /** KL(q‖p) per dimension and in all; null of a plain autoencoder, which has none. */
  rates: number[] | null;
  rate: number | null;
  /** What training adds up: distortion + β·rate. */
  loss: number;
}

/** The terms of an image x and of what z decodes to, by the posterior that z was drawn from. */
export function terms(model: Pick<Model, "beta" | "diagonal" | "vision">, x: Float32Array | null, decoded: Float32Array, posterior: Posterior): Terms {
  const lost = x && model.vision ? distortion(x, decoded, model.vision) : NaN;
  if (model.beta === null) return { distortion: lost, rates: null, rate: null, loss: lost };
  const known = model.diagonal || posterior.tril; // of a stored posterior of full covariance only the widths are there
  const each = known ? rates(posterior.mean, posterior.scale, posterior.tril) : Array.from(posterior.mean, () => NaN);
  const rate = each.reduce((sum, nats) => sum + nats, 0);
  return { distortion: lost, rates: each, rate, loss: lost + model.beta * rate };
}

/** Mean squared error of two images in [0, 1]. */
export const squaredError = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / x.length;

/** Peak signal-to-noise ratio in decibels of images in [0, 1]; infinite where they are the same. */
export const decibels = (meanSquaredError: number): number => -10 * Math.log10(meanSquaredError);

/** Whether every pixel is black or white, so that Bernoulli pixels give it a probability and not a density. */
export const blackAndWhite = (x: Float32Array): boolean => x.every((value) => value === 0 || value === 1);
