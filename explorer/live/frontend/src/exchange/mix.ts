import { dot } from "../directions/codes";

/** A dimension that spreads less than this, beside its mean, is constant up to rounding. */
const CONSTANT = 1e-6;

/** A vector of which less is left than this, beside what is taken already, adds nothing. */
const LEAST = 1e-6;

/** What of a code comes from B: some dimensions as they are, and unit vectors at right angles to them and to each other. */
export interface Taken {
  dimensions: ReadonlySet<number>;
  basis: Float64Array[];
}

/** The span of some dimensions and vectors (d). */
export function spanOf(dimensions: ReadonlySet<number>, vectors: Float64Array[]): Taken {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.map((value, k) => (dimensions.has(k) ? 0 : value));
    for (const unit of basis) {
      const along = dot(unit, rest);
      rest.forEach((value, k) => (rest[k] = value - along * unit[k]));
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > LEAST * Math.sqrt(dot(vector, vector))) basis.push(rest.map((value) => value / length));
  }
  return { dimensions, basis };
}

/** Code a with a share of the part of b − a in what is taken: with all of it, that part of the code is b's. */
export function mix(a: Float32Array, b: Float32Array, { dimensions, basis }: Taken, share = 1): Float32Array {
  const out = a.slice();
  for (const k of dimensions) out[k] = share === 1 ? b[k] : a[k] + share * (b[k] - a[k]);
  for (const unit of basis) {
    let along = 0;
    for (let k = 0; k < a.length; k++) along += unit[k] * (b[k] - a[k]);
    for (let k = 0; k < a.length; k++) out[k] += share * along * unit[k];
  }
  return out;
}

/** Codes (steps, d) from a to the exchanged one, in even steps. */
export function blends(a: Float32Array, b: Float32Array, taken: Taken, steps: number): Float32Array {
  return concat(Array.from({ length: steps }, (_, i) => mix(a, b, taken, i / (steps - 1))));
}

/** Codes one after the other. */
export function concat(codes: Float32Array[]): Float32Array {
  const d = codes[0]?.length ?? 0;
  const out = new Float32Array(codes.length * d);
  codes.forEach((code, i) => out.set(code, i * d));
  return out;
}

/** Mean and standard deviation of each dimension of codes (N, d), 0 for a constant one. */
export function spreadOf(codes: Float32Array, d: number): { mean: Float64Array; deviation: Float64Array } {
  const n = codes.length / d;
  const mean = new Float64Array(d);
  const square = new Float64Array(d);
  for (let i = 0; i < codes.length; i++) mean[i % d] += codes[i] / n;
  for (let i = 0; i < codes.length; i++) square[i % d] += (codes[i] - mean[i % d]) ** 2 / n;
  return { mean, deviation: square.map((sum, k) => (Math.sqrt(sum) > CONSTANT * Math.max(1, Math.abs(mean[k])) ? Math.sqrt(sum) : 0)) };
}

/** Dimensions by how far a and b differ in standard deviations, the farthest first. */
export function orderByDifference(a: Float32Array, b: Float32Array, deviation: Float64Array): { k: number; far: number }[] {
  const far = Array.from(deviation, (s, k) => ({ k, far: s > 0 ? Math.abs(b[k] - a[k]) / s : 0 }));
  return far.sort((p, q) => q.far - p.far || p.k - q.k);
}
