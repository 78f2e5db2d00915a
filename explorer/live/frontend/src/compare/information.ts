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

/**
 * I(factor; code) in nats, the code in 20 bins of equal width from its minimum to its maximum. Corrected for chance: 0 is
 * what independent variables with the same counts show, and a perfect code keeps the factor's entropy.
 */
export function mutualInformation(code: ArrayLike<number>, { values, size }: Pick<Factor, "values" | "size">, corrected = true): number {
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
  if (!corrected) return Math.max(0, sum);
  const [whole, chance] = [entropy({ values, size }), independent(rows, columns, n)];
  return whole > chance ? Math.max(0, (whole * (sum - chance)) / (whole - chance)) : 0;
}

const LARGE_MEAN = 30;

/** Expected information in nats of independent variables with these counts, as in compute_chance. */
export function independent(rows: ArrayLike<number>, columns: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (const row of Array.from(rows))
    for (const column of Array.from(columns))
      if (row && column) sum += excess((row * column) / n) * (1 - row / n) * (1 - column / n);
  return sum / n;
}

/** E[n log n] − mean · log mean for a Poisson number n. */
function excess(mean: number): number {
  if (mean >= LARGE_MEAN) return 0.5 + 1 / (12 * mean);
  const last = mean + 9 * Math.sqrt(mean) + 12;
  let probability = mean * Math.exp(-mean);
  let sum = -mean * Math.log(mean);
  for (let count = 2; count < last; count++) {
    probability *= mean / count;
    sum += probability * count * Math.log(count);
  }
  return sum;
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

/** Uncorrected estimate for an uninformative code: it grows with the number of values and falls with that of images. */
function chance(factor: Factor): number {
  let estimate = chances.get(factor);
  if (estimate === undefined) chances.set(factor, (estimate = mutualInformation(standardNormal(factor.values.length, 1), factor, false)));
  return estimate;
}
