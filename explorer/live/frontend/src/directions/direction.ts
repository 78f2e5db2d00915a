import { dot, gather, meanOf, minus, type Sample, variances } from "./codes";
import { fitProbe } from "./probe";
import type { Slices } from "./slices";

/** The same as in explorer/latents/directions.py: the difference of the means, or a logistic probe. */
export type Method = "means" | "probe";

const LEAST = 2;

/** A line through latent space with a scale: z lies at (v·z − centre) / scale of it. */
export interface Direction {
  /** Unit vector (d). */
  vector: Float64Array;
  /** Mean and standard deviation of all codes along it. */
  centre: number;
  scale: number;
  /** All codes along it, in standard deviations from their mean, (N). */
  projections: Float32Array;
}

/** The direction of a vector among the codes (N, d). */
export function measure(vector: Float64Array, codes: Float32Array): Direction {
  const d = vector.length;
  const n = codes.length / d;
  const along = new Float64Array(n);
  let centre = 0;
  for (let i = 0, at = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++, at++) sum += vector[k] * codes[at];
    along[i] = sum;
    centre += sum / n;
  }
  let square = 0;
  for (let i = 0; i < n; i++) square += (along[i] - centre) ** 2 / n;
  const scale = Math.sqrt(square) || 1;
  return { vector, centre, scale, projections: Float32Array.from(along, (value) => (value - centre) / scale) };
}

/** Where z lies along a direction, in standard deviations. */
export const placeOf = ({ vector, centre, scale }: Direction, z: ArrayLike<number>): number => (dot(vector, z) - centre) / scale;

/** z moved along a direction to a place in standard deviations. */
export function moveTo(direction: Direction, z: Float32Array, place: number): Float32Array {
  const step = (place - placeOf(direction, z)) * direction.scale;
  return z.map((value, k) => value + step * direction.vector[k]);
}

/** (steps, d): z going evenly along a direction from low to high, in standard deviations. */
export function sweepAlong(direction: Direction, z: Float32Array, low: number, high: number, steps: number): Float32Array {
  const out = new Float32Array(steps * z.length);
  for (let i = 0; i < steps; i++) out.set(moveTo(direction, z, low + ((high - low) * i) / (steps - 1)), i * z.length);
  return out;
}

/** Why there is no direction between two groups of rows, ascending and without repeats; empty if there is one. */
export function findProblem(a: ArrayLike<number>, b: ArrayLike<number>): string {
  for (const [name, group] of [["A", a], ["B", b]] as const) {
    if (!group.length) return `Group ${name} is empty: choose images for it.`;
    if (group.length < LEAST) return `Group ${name} has one image: a direction needs at least ${LEAST} in each group.`;
  }
  const inA = new Set(Array.from(a));
  const shared = Array.from(b).filter((row) => inA.has(row)).length;
  if (shared && shared === a.length && shared === b.length) return "Both groups are the same images: choose two different groups.";
  if (!shared) return "";
  return `The groups overlap, ${shared === 1 ? "one image is" : `${shared.toLocaleString("en")} images are`} in both: take them out of one.`;
}

export const NOTHING = "The codes of the two groups have the same mean: nothing tells the groups apart.";

/** The unit vector from group B to group A. Rejects with a sentence if nothing tells them apart. */
export async function findVector(first: Sample, second: Sample, method: Method, slices: Slices): Promise<Float64Array> {
  const vector = method === "probe" ? await fitProbe(first, second, slices) : minus(meanOf(first), meanOf(second));
  const length = Math.sqrt(dot(vector, vector));
  const spread = Math.sqrt([...variances(first), ...variances(second)].reduce((sum, v) => sum + v, 0));
  if (!(length > 1e-9 * Math.max(spread, 1e-30))) throw new Error(NOTHING);
  return vector.map((value) => value / length);
}

/** Distance of the means of two groups along a direction, in standard deviations. */
export const gapOf = ({ vector, scale }: Direction, first: Sample, second: Sample): number => dot(minus(meanOf(first), meanOf(second)), vector) / scale;

/** The codes of both groups. */
export const samples = (codes: Float32Array, d: number, a: ArrayLike<number>, b: ArrayLike<number>): [Sample, Sample] => [gather(codes, d, a), gather(codes, d, b)];
