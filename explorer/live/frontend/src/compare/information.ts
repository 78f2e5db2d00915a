/** Mutual information of latent dimensions and factors from binned codes, as in explorer.metrics.disentanglement.mig. */

import { standardNormal } from "../latent/vectors";

const BINS = 20;

export interface Factor {
  name: string;
  /** One value per image, from 0 to size − 1. */
  values: Uint8Array | Uint16Array;
  size: number;
}

/** K factors × d dimensions in nats, and the entropy of every factor. */
export interface Information {
  table: Float64Array[];
  entropy: number[];
}

/** I(factor; code) in nats, the code in 20 bins of equal width from its minimum to its maximum. */
export function mutualInformation(code: ArrayLike<number>, { values, size }: Pick<Factor, "values" | "size">): number {
  const n = values.length;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < n; i++) [low, high] = [Math.min(low, code[i]), Math.max(high, code[i])];
  const width = high > low ? high - low : 1;
  const joint = new Float64Array(size * BINS);
  for (let i = 0; i < n; i++) joint[values[i] * BINS + Math.min(BINS - 1, Math.floor(((code[i] - low) / width) * BINS))]++;
  const [rows, columns] = [new Float64Array(size), new Float64Array(BINS)];
  joint.forEach((count, at) => ((rows[Math.floor(at / BINS)] += count), (columns[at % BINS] += count)));
  let sum = 0;
  joint.forEach((count, at) => {
    if (count) sum += (count / n) * Math.log((count * n) / (rows[Math.floor(at / BINS)] * columns[at % BINS]));
  });
  return Math.max(0, sum);
}

/** Entropy in nats of a factor's values. */
export function entropy({ values, size }: Pick<Factor, "values" | "size">): number {
  const counts = new Float64Array(size);
  for (const value of values) counts[value]++;
  return counts.reduce((sum, count) => (count ? sum - (count / values.length) * Math.log(count / values.length) : sum), 0);
}

/** The two dimensions with the largest shares of a factor's entropy: [dimension, share] twice. */
export function topTwo(row: ArrayLike<number>, entropy: number): [number, number][] {
  const ranked = Array.from(row, (value, k) => [k, entropy > 0 ? value / entropy : 0] as [number, number]).sort((a, b) => b[1] - a[1]);
  return [ranked[0], ranked[1] ?? [-1, 0]];
}

/** Mutual information gap (Chen et al. 2018): the mean over factors of the gap between the two largest shares. */
export function gap({ table, entropy }: Information): number {
  const gaps = table.map((row, f) => {
    const [first, second] = topTwo(row, entropy[f]);
    return first[1] - second[1];
  });
  return gaps.reduce((sum, value) => sum + value, 0) / gaps.length;
}

/** The factor that a dimension has most information about, and its share of the dimension's information; null at chance level. */
export function carried(information: Information, factors: readonly Factor[], k: number): { factor: number; share: number } | null {
  const nats = information.table.map((row) => row[k]);
  const factor = nats.indexOf(Math.max(...nats));
  if (nats[factor] <= 2 * chance(factors[factor])) return null;
  return { factor, share: nats[factor] / nats.reduce((sum, value) => sum + value, 0) };
}

const chances = new WeakMap<Factor, number>();

/** Estimated information of an uninformative code: it grows with the number of values and falls with that of images. */
function chance(factor: Factor): number {
  let estimate = chances.get(factor);
  if (estimate === undefined) chances.set(factor, (estimate = mutualInformation(standardNormal(factor.values.length, 1), factor)));
  return estimate;
}
