import type { Code } from "../schema";

/** Draws discrete codes token by token, as `explorer.latents.token_sampler` does. */
export class TokenSampler {
  private readonly weights: Float32Array;
  readonly words: Float32Array;

  /** From the server's numbers: T·K weights, then K·D words. */
  constructor(numbers: Float32Array, private readonly code: Code) {
    const { tokens, words, size } = code;
    if (numbers.length !== words * (tokens + size)) throw new Error("The server's sampler has other words; reload the page.");
    this.weights = numbers.subarray(0, tokens * words);
    this.words = numbers.subarray(tokens * words);
  }

  /** Codes (n, T·D): of token t, the word that is the number of cumulative probabilities ≤ Φ(ε_t). */
  draw({ epsilon }: { epsilon: Float32Array }, n: number, temperature: number): Float32Array {
    const { tokens, words, size } = this.code;
    const d = tokens * size;
    const z = new Float32Array(n * d);
    for (let t = 0; t < tokens; t++) {
      const cumulative = sharpened(this.weights.subarray(t * words, (t + 1) * words), temperature);
      for (let k = 1; k < words; k++) cumulative[k] += cumulative[k - 1];
      for (let i = 0; i < n; i++) {
        const uniform = normalCdf(epsilon[i * d + t]);
        let word = 0;
        while (word < words - 1 && cumulative[word] <= uniform) word++;
        z.set(this.words.subarray(word * size, (word + 1) * size), i * d + t * size);
      }
    }
    return z;
  }
}

/** Probabilities to the power 1/temperature, normalised; at 0 all mass is on the largest. */
export function sharpened(weights: Float32Array, temperature: number): Float64Array {
  const most = Math.max(...weights);
  if (temperature < 1e-3) {
    const first = weights.indexOf(most);
    return Float64Array.from(weights, (_, k) => Number(k === first));
  }
  const powers = Float64Array.from(weights, (weight) => (weight / most) ** (1 / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Φ(x), within 1e-7 (Abramowitz & Stegun 1964, 26.2.17). */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}
