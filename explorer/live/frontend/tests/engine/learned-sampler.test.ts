import { describe, expect, it } from "vitest";
import { LearnedSampler, neighbours, type Step } from "../../src/engine/learned-sampler";
import { drawNoise } from "../../src/samples/sampler";
import type { Code } from "../../src/schema";

const code = { tokens: 3, words: 2, size: 1, side: 0 } as Code;
const words = Float32Array.of(-1, 1);

/** A token repeats the one before with probability 0.9; the first is 1 with probability 0.7. The cache counts ones. */
const chain: Step = {
  entry: 1,
  run: (near, t, cache, n) => {
    const logits = new Float32Array(2 * n);
    const entry = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      const before = Number(near[i]);
      const one = before === 2 ? 0.7 : before === 1 ? 0.9 : 0.1;
      logits.set([Math.log(1 - one), Math.log(one)], 2 * i);
      entry[i] = t + 1;
      for (let s = 0; s < t; s++) if (cache[i * 3 + s] !== s + 1) throw new Error("the cache lacks an earlier token");
    }
    return Promise.resolve({ logits, entry });
  },
};

describe("the learned sampler", () => {
  it("draws every token given the one before, and keeps what earlier tokens gave", async () => {
    const n = 20000;
    const z = await new LearnedSampler(chain, code, words).draw(drawNoise(1, n, 3), n, 1, () => false);
    let [ones, same] = [0, 0];
    for (let i = 0; i < n; i++) {
      ones += Number(z![3 * i] === 1);
      for (const t of [1, 2]) same += Number(z![3 * i + t] === z![3 * i + t - 1]);
    }
    expect(ones / n).toBeCloseTo(0.7, 1.7);
    expect(same / (2 * n)).toBeCloseTo(0.9, 1.7);
  });

  it("draws the most probable words at temperature 0", async () => {
    const z = await new LearnedSampler(chain, code, words).draw(drawNoise(1, 50, 3), 50, 0, () => false);
    expect(new Set(z)).toEqual(new Set([1]));
  });

  it("gives up codes that have become stale, and then draws those that have not", async () => {
    const sampler = new LearnedSampler(chain, code, words);
    const [old, fresh] = [sampler.draw(drawNoise(1, 2, 3), 2, 1, () => true), sampler.draw(drawNoise(1, 2, 3), 2, 1, () => false)];
    expect(await old).toBeNull();
    expect(await fresh).toHaveLength(6);
  });

  it("knows the tokens near each, as the server does", () => {
    expect(neighbours({ tokens: 3, side: 0 })).toEqual([[3], [0], [1]]);
    expect(neighbours({ tokens: 4, side: 2 })).toEqual([[4, 4, 4, 4], [0, 4, 4, 4], [1, 0, 4, 1], [2, 1, 0, 4]]);
  });
});
