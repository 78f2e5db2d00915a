import { describe, expect, it } from "vitest";
import type { Code } from "../../src/schema";
import { allCodes, levelsOf, majority, Vocabulary, wordOf } from "../../src/latent/vocabulary";
import { normalCdf, sharpened, TokenSampler } from "../../src/latent/token-sampler";
import { drawNoise } from "../../src/samples/sampler";
import { posteriorOf } from "../../src/engine/encoder";
import { costOf } from "../../src/latent/score";

const code = (part: Partial<Code>): Code => ({ kind: "vq", tokens: 1, words: 3, size: 2, side: 0, title: "", shared: true, entropy: 0, perplexity: 1, used: 1, levels: [], ...part });

const WORDS = [0, 0, 1, 0, 0, 2];

function vocabulary(rows: number[][], part: Partial<Code> = {}): Vocabulary {
  const tokens = Uint16Array.from(rows.flat());
  const bytes = new ArrayBuffer(4 * WORDS.length + tokens.byteLength);
  new Float32Array(bytes, 0, WORDS.length).set(WORDS);
  new Uint16Array(bytes, 4 * WORDS.length).set(tokens);
  return new Vocabulary(code({ tokens: rows[0].length, ...part }), bytes);
}

describe("a vocabulary", () => {
  const ours = vocabulary([[0, 1], [2, 2], [0, 1], [1, 0]]);

  it("gives the vectors of tokens, and finds the tokens of vectors, also near ones", () => {
    expect([...ours.vector([2, 1])]).toEqual([0, 2, 1, 0]);
    expect([...ours.vectors([[0, 1], [2, 0]])]).toEqual([0, 0, 1, 0, 0, 2, 0, 0]);
    for (const tokens of allCodes(ours.code)) expect(ours.nearest(ours.vector(tokens).map((x) => x + 0.2))).toEqual(tokens);
  });

  it("lists every code there is, with the images that have it", () => {
    const entries = ours.entries([5, 6, 7, 6]);
    expect(entries.length).toBe(9);
    expect(new Set(entries.map(({ tokens }) => tokens.join())).size).toBe(9);
    expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(entries.find(({ tokens }) => tokens.join() === "0,1")).toMatchObject({ count: 2, share: 0.5 });
    expect(ours.imagesOf([0, 1], 9)).toEqual([0, 2]);
    expect([...ours.usage()]).toEqual([2, 1, 1, 1, 2, 1]);
  });

  it("lists the codes in use where there are too many", () => {
    const many = vocabulary([[0, 1, 0, 1, 0, 1, 0], [2, 2, 2, 2, 2, 2, 2], [0, 1, 0, 1, 0, 1, 0]]);
    expect(many.whole).toBe(false);
    expect(many.entries(null).map(({ count, label }) => [count, label])).toEqual([[2, -1], [1, -1]]);
  });

  it("orders words by their distance", () => {
    expect(vocabulary([[0]]).neighbours(1, 3)).toEqual([1, 0, 2]);
  });

  it("draws words of a seed, all alike", () => {
    const drawn = Array.from({ length: 3000 }, (_, seed) => ours.random(seed)[1]);
    for (const word of [0, 1, 2]) expect(Math.abs(drawn.filter((other) => other === word).length - 1000)).toBeLessThan(4.5 * Math.sqrt(3000 * (2 / 9)));
    expect(ours.random(7)).toEqual(ours.random(7));
  });
});

it("numbers the words of FSQ with the first level fastest", () => {
  const levels = [8, 6, 5];
  expect(levelsOf(0, levels)).toEqual([0, 0, 0]);
  expect(levelsOf(1, levels)).toEqual([1, 0, 0]);
  expect(levelsOf(8, levels)).toEqual([0, 1, 0]);
  expect(levelsOf(239, levels)).toEqual([7, 5, 4]);
  for (let word = 0; word < 240; word++) expect(wordOf(levelsOf(word, levels), levels)).toBe(word);
});

it("names the most frequent class", () => {
  expect(majority([0, 1, 2], [4, 4, 1])).toEqual({ label: 4, share: 2 / 3 });
  expect(majority([], [4])).toEqual({ label: -1, share: 0 });
});

describe("random codes", () => {
  const kind = code({ tokens: 2, words: 3, size: 1, kind: "vq" });
  const numbers = Float32Array.from([0.5, 0.25, 0.25, 0, 0.1, 0.9, 10, 20, 30]);

  it("are words as often as their probability says", () => {
    const n = 20000;
    const z = new TokenSampler(numbers, kind).draw(drawNoise(1, n, 2), n, 1);
    for (const [t, p] of [[0, [0.5, 0.25, 0.25]], [1, [0, 0.1, 0.9]]] as const)
      p.forEach((share, k) => {
        let count = 0;
        for (let i = 0; i < n; i++) count += Number(z[2 * i + t] === 10 * (k + 1));
        expect(Math.abs(count / n - share)).toBeLessThanOrEqual(4.5 * Math.sqrt((share * (1 - share)) / n));
      });
  });

  it("are the most probable ones at temperature 0", () => {
    expect(new Set(new TokenSampler(numbers, kind).draw(drawNoise(1, 50, 2), 50, 0))).toEqual(new Set([10, 30]));
    expect([...sharpened(Float32Array.from([0.8, 0.2]), 0.5)][0]).toBeCloseTo(0.64 / 0.68, 6);
  });

  it("refuse another vocabulary", () => {
    expect(() => new TokenSampler(numbers.subarray(1), kind)).toThrow("other words");
  });

  it.each([[0, 0.5], [1.959964, 0.975], [-1.281552, 0.1], [5, 0.99999971]])("Φ(%f) is %f", (x, value) => {
    expect(normalCdf(x)).toBeCloseTo(value, 6);
  });
});

it("takes the rate that the encoder gives", () => {
  const posterior = posteriorOf({ mean: Float32Array.from([0, 1]), rate: Float32Array.from([2.5]) }, 2);
  expect(costOf(posterior)).toBe(2.5);
});
