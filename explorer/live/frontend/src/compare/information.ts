/** What latent dimensions know of factors: mutual information of binned codes, as explorer.metrics.disentanglement.mig. */

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

/** I(factor; code) in nats: the code in 20 bins of equal width from its least to its greatest value, the factor as it is. */
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

/** The share of a factor's entropy that each dimension knows, the two best first: [dimension, share] twice. */
export function topTwo(row: ArrayLike<number>, entropy: number): [number, number][] {
  const ranked = Array.from(row, (value, k) => [k, entropy > 0 ? value / entropy : 0] as [number, number]).sort((a, b) => b[1] - a[1]);
  return [ranked[0], ranked[1] ?? [-1, 0]];
}

/** Mutual information gap (Chen et al. 2018): the mean over factors of how far the two best are apart. */
export function gap({ table, entropy }: Information): number {
  const gaps = table.map((row, f) => {
    const [first, second] = topTwo(row, entropy[f]);
    return first[1] - second[1];
  });
  return gaps.reduce((sum, value) => sum + value, 0) / gaps.length;
}

/** The factor that a dimension knows most of, with its share of all it knows; null if that is what chance would give. */
export function carried(information: Information, factors: readonly Factor[], k: number): { factor: number; share: number } | null {
  const known = information.table.map((row) => row[k]);
  const factor = known.indexOf(Math.max(...known));
  if (known[factor] <= 2 * chance(factors[factor])) return null;
  return { factor, share: known[factor] / known.reduce((sum, value) => sum + value, 0) };
}

const chances = new WeakMap<Factor, number>();

/** What a code that knows nothing seems to know of a factor: more the more values it has, less the more images. */
function chance(factor: Factor): number {
  let found = chances.get(factor);
  if (found === undefined) chances.set(factor, (found = mutualInformation(standardNormal(factor.values.length, 1), factor)));
  return found;
}
