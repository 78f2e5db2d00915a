/** A fixed vertical position in [−1, 1] for the i-th point of a one-dimensional space (golden ratio sequence). */
export const spread = (i: number): number => 2 * ((i * 0.6180339887) % 1) - 1;

export const norm = (z: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += z[k] * z[k];
  return Math.sqrt(sum);
};

export const linear = (a: Float32Array, b: Float32Array, t: number): Float32Array =>
  a.map((value, k) => value + t * (b[k] - value));

/**
 * Spherical interpolation (Shoemake 1985), with the length going linearly from |a| to |b|: under N(0, I) in many
 * dimensions the mass lies on a shell, which a straight line leaves. Falls back to the line for (anti)parallel ends.
 */
export function spherical(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const [la, lb] = [norm(a), norm(b)];
  let dot = 0;
  for (let k = 0; k < a.length; k++) dot += a[k] * b[k];
  const angle = Math.acos(Math.max(-1, Math.min(1, dot / (la * lb))));
  const sine = Math.sin(angle);
  if (!(sine > 1e-4)) return linear(a, b, t);
  const length = la + t * (lb - la);
  const wa = (Math.sin((1 - t) * angle) / sine) * (length / la);
  const wb = (Math.sin(t * angle) / sine) * (length / lb);
  return a.map((value, k) => wa * value + wb * b[k]);
}

export const along = (a: Float32Array, b: Float32Array, t: number, kind: "linear" | "spherical"): Float32Array =>
  kind === "linear" ? linear(a, b, t) : spherical(a, b, t);

/** `count` codes from a to b, ends included, as (count, d). */
export function path(a: Float32Array, b: Float32Array, count: number, kind: "linear" | "spherical"): Float32Array {
  const out = new Float32Array(count * a.length);
  for (let i = 0; i < count; i++) out.set(along(a, b, count > 1 ? i / (count - 1) : 0, kind), i * a.length);
  return out;
}

/** (steps, d): `z` with dimension k going evenly from low to high. */
export function sweep(z: Float32Array, k: number, low: number, high: number, steps: number): Float32Array {
  const d = z.length;
  const out = new Float32Array(steps * d);
  for (let i = 0; i < steps; i++) {
    out.set(z, i * d);
    out[i * d + k] = low + ((high - low) * i) / (steps - 1);
  }
  return out;
}

/** Uniform numbers in [0, 1) from a 32-bit seed: mulberry32. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Independent standard normals from uniform numbers, by Box and Muller. */
export const normals = (uniform: () => number) => (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

/** `size` independent standard normals from a 32-bit seed. */
export const standardNormal = (size: number, seed: number): Float32Array => Float32Array.from({ length: size }, normals(uniforms(seed)));

export const sameCodes = (a: Float32Array | null, b: Float32Array): boolean => a !== null && a.length === b.length && b.every((value, i) => value === a[i]);

/** Squared Euclidean distance of two codes. */
export const squaredDistance = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0);

/** The code that these numbers are; null if they are none of d numbers. */
export const vectorOf = (values: readonly number[] | undefined, d: number): Float32Array | null =>
  values?.length === d && values.every(Number.isFinite) ? Float32Array.from(values) : null;
