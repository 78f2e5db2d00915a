import { quantile } from "../latent/dimensions";
import { cholesky, eigenSteps } from "../latent/symmetric";
import { normals, uniforms } from "../latent/vectors";
import { dot, meanOf, minus, type Sample, scatter, subset, times } from "./codes";
import { findVector, type Method } from "./direction";
import { type Slices, Superseded } from "./slices";

const FOLDS = 5;
const GOLDEN = 0.6180339887498949;
const DRAWS = 500;
export const LEVEL = 0.95;
/** Of a larger group, the means of bootstrap samples are drawn from the Gaussian that they tend to. */
const RESAMPLED = 2000;

/** Balanced accuracy of the threshold halfway between the group means along a direction, cross-validated. */
export async function findAccuracy(first: Sample, second: Sample, method: Method, slices: Slices): Promise<number> {
  const folds = Math.min(FOLDS, first.count, second.count);
  const parts = [first, second].map(({ count }) => partsOf(count, folds));
  const right = [0, 0];
  for (let fold = 0; fold < folds; fold++) {
    const [a, b] = [first, second].map((group, g) => subset(group, parts[g].map((part) => part !== fold)));
    const vector = await findVector(a, b, method, slices).catch((error: unknown) => {
      if (error instanceof Superseded) throw error;
      return null;
    });
    if (slices.due) await slices.rest();
    if (!vector) continue; // every held-out code of this fold counts as wrong
    const [up, down] = [dot(meanOf(a), vector), dot(meanOf(b), vector)];
    const sign = up >= down ? 1 : -1;
    [first, second].forEach(({ values, size: d }, g) =>
      parts[g].forEach((part, i) => {
        if (part === fold && sign * (dot(values.subarray(i * d, (i + 1) * d), vector) - (up + down) / 2) > 0 === (g === 0)) right[g]++;
      }),
    );
  }
  return (right[0] / first.count + right[1] / second.count) / 2;
}

/**
 * The angle in degrees within which the direction of the whole population lies with a probability of LEVEL, by
 * bootstrap; as `_cone` of explorer/latents/directions.py, whose comments give the reasons.
 */
export async function findCone(first: Sample, second: Sample, method: Method, vector: Float64Array, slices: Slices, seed = 0): Promise<number> {
  const d = first.size;
  const inverse = method === "probe" ? await pooledInverse(first, second, slices) : null;
  const turned = (v: Float64Array) => (inverse ? times(inverse, v) : v);
  const axis = inverse ? unit(turned(minus(meanOf(first), meanOf(second)))) : vector;
  const random = uniforms(seed);
  const a = await resampledMeans(first, random, slices);
  const b = await resampledMeans(second, random, slices);
  const differences = a.map((mean, i) => turned(minus(mean, b[i])));
  // noise makes the measured difference longer than the true one, by its variance in squared length
  const mean = new Float64Array(d);
  for (const difference of differences) for (let k = 0; k < d; k++) mean[k] += difference[k] / DRAWS;
  let noise = 0;
  for (const difference of differences) for (let k = 0; k < d; k++) noise += (difference[k] - mean[k]) ** 2 / DRAWS;
  const length = Math.sqrt(dot(mean, mean));
  const shift = Math.sqrt(Math.max(length ** 2 - noise, 0)) - length;
  const angles = Float64Array.from(differences, (difference) => {
    const moved = difference.map((value, k) => value + shift * axis[k]);
    const cosine = dot(moved, axis) / Math.max(Math.sqrt(dot(moved, moved)), 1e-300);
    return Math.acos(Math.max(-1, Math.min(1, cosine)));
  }).sort();
  return (180 / Math.PI) * quantile(angles, LEVEL);
}

/** The pseudo-inverse of the pooled covariance within two groups. */
async function pooledInverse(first: Sample, second: Sample, slices: Slices): Promise<Float64Array> {
  const d = first.size;
  const n = first.count + second.count;
  const [a, b] = [await scatter(first, slices), await scatter(second, slices)];
  const { values, vectors } = await slices.run(eigenSteps(a.map((sum, i) => (sum + b[i]) / n), d));
  const inverse = new Float64Array(d * d);
  vectors.forEach((v, i) => {
    if (values[i] <= 1e-15 * values[0]) return;
    for (let p = 0; p < d; p++) for (let q = 0; q < d; q++) inverse[p * d + q] += (v[p] * v[q]) / values[i];
  });
  return inverse;
}

/** Means of DRAWS bootstrap samples of a group, scaled about its mean so that their covariance is the unbiased one. */
async function resampledMeans(group: Sample, random: () => number, slices: Slices): Promise<Float64Array[]> {
  const { values, count: n, size: d } = group;
  const mean = meanOf(group);
  const spread = Math.sqrt(n / Math.max(n - 1, 1));
  if (n > RESAMPLED) {
    const covariance = (await scatter(group, slices)).map((sum) => sum / (n - 1) / n);
    const triangle = cholesky(covariance, d);
    const normal = normals(random);
    return Array.from({ length: DRAWS }, () => {
      const shift = times(triangle, Float64Array.from({ length: d }, normal));
      return mean.map((value, k) => value + shift[k]);
    });
  }
  const means: Float64Array[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const sum = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let k = 0, at = Math.floor(random() * n) * d; k < d; k++) sum[k] += values[at + k];
    means.push(mean.map((value, k) => value + spread * (sum[k] / n - value)));
    if (slices.due) await slices.rest();
  }
  return means;
}

/** The fold of each of `count` codes: equal in size, mixed by the golden ratio, and the same as in Python. */
function partsOf(count: number, folds: number): number[] {
  const places = Float64Array.from({ length: count }, (_, i) => (i * GOLDEN) % 1);
  const parts = new Array<number>(count);
  Array.from(places.keys()).sort((i, j) => places[i] - places[j]).forEach((i, rank) => (parts[i] = rank % folds));
  return parts;
}

const unit = (v: Float64Array): Float64Array => {
  const length = Math.max(Math.sqrt(dot(v, v)), 1e-300);
  return v.map((value) => value / length);
};
