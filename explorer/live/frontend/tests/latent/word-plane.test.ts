import { describe, expect, it } from "vitest";
import type { Code } from "../../src/schema";
import { Vocabulary } from "../../src/latent/vocabulary";
import { planeOf, useOf } from "../../src/latent/word-plane";

function vocabulary(words: number[][], rows: number[][]): Vocabulary {
  const code: Code = { kind: "vq", tokens: rows[0].length, words: words.length, size: words[0].length, side: 0, title: "", shared: true, entropy: 0, perplexity: 1, used: 1, levels: [] };
  const tokens = Uint16Array.from(rows.flat());
  const bytes = new ArrayBuffer(4 * words.length * words[0].length + tokens.byteLength);
  new Float32Array(bytes, 0, words.length * words[0].length).set(words.flat());
  new Uint16Array(bytes, 4 * words.length * words[0].length).set(tokens);
  return new Vocabulary(code, bytes);
}

describe("the map of words", () => {
  it("keeps all distances between words that lie in a plane", () => {
    // a·(3, 4, 0)/5 + b·(0, 0, 1) + (7, 7, 7), spread most along a
    const flat = [[-4, 1], [3, -1], [6, 1], [-2, 0], [-3, -1]];
    const ours = vocabulary(flat.map(([a, b]) => [7 + 0.6 * a, 7 + 0.8 * a, 7 + b]), [[0]]);
    const { x, y, share } = planeOf(ours);
    expect(share).toBeCloseTo(1, 6);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < i; j++) {
        const wanted = Math.hypot(flat[i][0] - flat[j][0], flat[i][1] - flat[j][1]);
        expect(Math.hypot(x[i] - x[j], y[i] - y[j])).toBeCloseTo(wanted, 5);
      }
    expect(Math.max(...x) - Math.min(...x)).toBeGreaterThan(Math.max(...y) - Math.min(...y));
  });

  it("is a line for words of one number, and a point for equal words", () => {
    const line = planeOf(vocabulary([[1], [5], [3]], [[0]]));
    expect([...line.x]).toEqual([-2, 2, 0]);
    expect([...line.y]).toEqual([0, 0, 0]);
    const point = planeOf(vocabulary([[1, 2], [1, 2]], [[0]]));
    expect([...point.x, ...point.y].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(point.share).toBe(1);
  });

  it("counts the tokens of a word and the classes of their images", () => {
    const ours = vocabulary([[0], [1], [2], [3]], [[0, 0], [1, 0], [1, 2]]);
    const found = useOf(ours, [4, 5, 5]);
    expect(found.map(({ count }) => count)).toEqual([3, 2, 1, 0]);
    expect(found.map(({ label }) => label)).toEqual([4, 5, 5, -1]);
    expect(found[0].share).toBeCloseTo(2 / 3);
    expect(useOf(ours, null).map(({ label }) => label)).toEqual([-1, -1, -1, -1]);
  });
});
