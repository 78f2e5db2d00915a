import type { Slices } from "./slices";

/** Work after which the clock is looked at: additions. */
const STEP = 50_000;

/** Codes of a group, (n, d) row by row. */
export interface Sample {
  values: Float64Array;
  count: number;
  size: number;
}

export function gather(codes: Float32Array, d: number, rows: ArrayLike<number>): Sample {
  const values = new Float64Array(rows.length * d);
  for (let i = 0; i < rows.length; i++) for (let k = 0, at = rows[i] * d; k < d; k++) values[i * d + k] = codes[at + k];
  return { values, count: rows.length, size: d };
}

/** The codes for which `keep` is true. */
export function subset({ values, size: d }: Sample, keep: ArrayLike<boolean>): Sample {
  const rows = Array.from(keep, (kept, i) => (kept ? i : -1)).filter((i) => i >= 0);
  const out = new Float64Array(rows.length * d);
  rows.forEach((row, i) => out.set(values.subarray(row * d, (row + 1) * d), i * d));
  return { values: out, count: rows.length, size: d };
}

export function meanOf({ values, count, size: d }: Sample): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0, at = 0; i < count; i++) for (let k = 0; k < d; k++, at++) mean[k] += values[at];
  return mean.map((sum) => sum / Math.max(count, 1));
}

/** Σ (x − m)(x − m)ᵀ about the mean, (d·d). */
export async function scatter(sample: Sample, slices: Slices): Promise<Float64Array> {
  const { values, count, size: d } = sample;
  const mean = meanOf(sample);
  const sum = new Float64Array(d * d);
  const x = new Float64Array(d);
  for (let row = 0, work = 0; row < count; row++, work += d * d) {
    for (let k = 0; k < d; k++) x[k] = values[row * d + k] - mean[k];
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) sum[i * d + j] += x[i] * x[j];
    if (work < STEP) continue;
    work = 0;
    if (slices.due) await slices.rest();
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) sum[j * d + i] = sum[i * d + j];
  return sum;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

export const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, k) => value - b[k]);

/** A matrix (d·d) times a vector. */
export const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
  vector.map((_, i) => dot(matrix.subarray(i * vector.length, (i + 1) * vector.length), vector));

/** Variance of every column. */
export function variances(sample: Sample): Float64Array {
  const { values, count, size: d } = sample;
  const mean = meanOf(sample);
  const sum = new Float64Array(d);
  for (let i = 0, at = 0; i < count; i++) for (let k = 0; k < d; k++, at++) sum[k] += (values[at] - mean[k]) ** 2;
  return sum.map((s) => s / Math.max(count, 1));
}
