import type { Assets } from "./assets";
import { openSession, type Session } from "./session";
import type { Code } from "../schema";
import { normalCdf, sharpened } from "../latent/token-sampler";

/** Milliseconds after which the page gets a turn. */
const TURN = 8;

/** One step of an autoregressive prior: the logits (n, K) of token t, and what it adds to the cache (n, entry). */
export interface Step {
  readonly entry: number;
  run(near: BigInt64Array, t: number, cache: Float32Array, n: number): Promise<{ logits: Float32Array; entry: Float32Array }>;
}

/**
 * Draws discrete codes from an autoregressive prior, each token given those before it, as
 * `explorer.latents.learned_sampler` does. The page stays free meanwhile.
 */
export class LearnedSampler {
  private readonly near: number[][];
  private last: Promise<unknown> = Promise.resolve();

  /** words: K·D numbers. */
  constructor(private readonly step: Step, private readonly code: Code, private readonly words: Float32Array) {
    this.near = neighbours(code);
  }

  static async open(assets: Assets, onnx: ArrayBuffer, code: Code, words: Float32Array): Promise<LearnedSampler> {
    return new LearnedSampler(stepOf(await openSession(assets, onnx, "wasm"), code), code, words);
  }

  /** Codes (n, T·D), or null if they have become stale before all tokens were drawn. One call waits for the last. */
  draw(noise: { epsilon: Float32Array }, n: number, temperature: number, stale: () => boolean): Promise<Float32Array | null> {
    const drawn = this.last.then(() => this.tokens(noise, n, temperature, stale));
    this.last = drawn.catch(() => undefined);
    return drawn.then((tokens) => tokens && this.vectors(tokens));
  }

  private async tokens({ epsilon }: { epsilon: Float32Array }, n: number, temperature: number, stale: () => boolean): Promise<Int32Array | null> {
    const { step, near, code: { tokens: count, words, size } } = this;
    const drawn = new Int32Array(n * (count + 1)).fill(words); // the last column is a token that is not there
    const cache = new Float32Array(n * count * step.entry);
    let began = performance.now();
    for (let t = 0; t < count; t++) {
      if (stale()) return null;
      const around = BigInt64Array.from({ length: n * near[t].length }, (_, at) => BigInt(drawn[Math.floor(at / near[t].length) * (count + 1) + near[t][at % near[t].length]]));
      const { logits, entry } = await step.run(around, t, cache, n);
      for (let i = 0; i < n; i++) {
        cache.set(entry.subarray(i * step.entry, (i + 1) * step.entry), (i * count + t) * step.entry);
        drawn[i * (count + 1) + t] = choose(logits.subarray(i * words, (i + 1) * words), normalCdf(epsilon[i * count * size + t]), temperature);
      }
      if (performance.now() - began < TURN) continue;
      await new Promise((resolve) => setTimeout(resolve));
      began = performance.now();
    }
    return Int32Array.from({ length: n * count }, (_, at) => drawn[Math.floor(at / count) * (count + 1) + (at % count)]);
  }

  private vectors(tokens: Int32Array): Float32Array {
    const { words, code: { size } } = this;
    const z = new Float32Array(tokens.length * size);
    tokens.forEach((word, at) => z.set(words.subarray(word * size, (word + 1) * size), at * size));
    return z;
  }
}

/** The number of cumulative probabilities ≤ uniform, of words with these logits. */
function choose(logits: Float32Array, uniform: number, temperature: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const weights = sharpened(logits.map((logit) => Math.exp(logit - most)), temperature);
  let [word, sum] = [0, weights[0]];
  while (word < weights.length - 1 && sum <= uniform) sum += weights[++word];
  return word;
}

/** Tokens near each that come before it, as in `explorer.discrete`: the last, and on a grid the three above. */
export function neighbours({ tokens, side }: Pick<Code, "tokens" | "side">): number[][] {
  return Array.from({ length: tokens }, (_, t) => {
    const [x, y] = side ? [t % side, Math.floor(t / side)] : [0, 0];
    const above = [x, x - 1, x + 1].map((u) => (y && u >= 0 && u < side ? (y - 1) * side + u : tokens));
    return [t ? t - 1 : tokens, ...(side ? above : [])];
  });
}

function stepOf({ ort, session }: Session, { tokens }: Code): Step {
  const cached = session.inputMetadata[session.inputNames.indexOf("cache")];
  const size = cached.isTensor ? Number(cached.shape[2]) : 0;
  return {
    entry: size,
    run: async (near, t, cache, n) => {
      const inputs = {
        near: new ort.Tensor("int64", near, [n, near.length / n]),
        position: new ort.Tensor("int64", new BigInt64Array(n).fill(BigInt(t)), [n]),
        cache: new ort.Tensor("float32", cache, [n, tokens, size]),
      };
      const { logits, entry } = await session.run(inputs);
      return { logits: logits.data as Float32Array, entry: entry.data as Float32Array };
    },
  };
}
