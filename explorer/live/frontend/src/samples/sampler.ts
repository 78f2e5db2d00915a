import { standardNormal } from "../latent/vectors";

/** Noise of n codes: standard normals (n, d), and n numbers in [0, 1) that pick a component. */
export interface Noise {
  epsilon: Float32Array;
  pick: Float32Array;
}

/** Noise of a seed. The first rows are the same for every n. */
export function drawNoise(seed: number, n: number, d: number): Noise {
  const pairs = standardNormal(2 * n, seed ^ 0x5bd1e995); // another stream, independent of epsilon
  // half the squared length of two standard normals is exponential, so this is uniform
  const pick = Float32Array.from({ length: n }, (_, i) => Math.exp(-(pairs[2 * i] ** 2 + pairs[2 * i + 1] ** 2) / 2));
  return { epsilon: standardNormal(n * d, seed), pick };
}

/** A mixture of Gaussians over codes: weights (K), means (K, d) and lower triangular factors (K, d, d). */
export class Sampler {
  readonly components: number;
  private readonly means: Float32Array;
  private readonly factors: Float32Array;
  private readonly cumulative: Float64Array;

  /** From the server's numbers: weights, means and factors, one after another. */
  constructor(numbers: Float32Array, readonly d: number) {
    const k = numbers.length / (1 + d + d * d);
    if (k < 1 || !Number.isInteger(k)) throw new Error("The server's sampler has another latent size; reload the page.");
    this.components = k;
    this.means = numbers.subarray(k, k + k * d);
    this.factors = numbers.subarray(k + k * d);
    let sum = 0;
    this.cumulative = Float64Array.from(numbers.subarray(0, k), (weight) => (sum += weight));
  }

  /** Codes (n, d): mean_k + temperature · L_k ε, where k is the number of cumulative weights ≤ pick. */
  draw({ epsilon, pick }: Noise, n: number, temperature: number): Float32Array {
    const { d } = this;
    const z = new Float32Array(n * d);
    for (let i = 0; i < n; i++) {
      let k = 0;
      while (k < this.components - 1 && this.cumulative[k] <= pick[i]) k++;
      for (let row = 0; row < d; row++) {
        const at = k * d * d + row * d;
        let moved = 0;
        for (let column = 0; column <= row; column++) moved += this.factors[at + column] * epsilon[i * d + column];
        z[i * d + row] = this.means[k * d + row] + temperature * moved;
      }
    }
    return z;
  }
}
