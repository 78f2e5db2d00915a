/** Points are stored in a shuffled order, so that any prefix of them is a random sample. */

/** mulberry32: a small, well distributed 32-bit generator; returns numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A uniformly random permutation of 0..count-1 (Fisher-Yates), the same for the same seed. */
export function permutation(count: number, seed = 1): Uint32Array {
  const order = new Uint32Array(count);
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    // Inside-out variant: fills and shuffles in one pass.
    const j = Math.floor(next() * (i + 1));
    order[i] = order[j]!;
    order[j] = i;
  }
  return order;
}

/** x and y gathered into one interleaved array in the given order. */
export function pack(x: Float32Array, y: Float32Array, order: Uint32Array): Float32Array {
  const out = new Float32Array(2 * order.length);
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    out[2 * k] = x[i]!;
    out[2 * k + 1] = y[i]!;
  }
  return out;
}
