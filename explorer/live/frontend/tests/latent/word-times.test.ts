import { describe, expect, it } from "vitest";
import type { Code } from "../../src/schema";
import { perplexity, Vocabulary } from "../../src/latent/vocabulary";
import { WordTimes } from "../../src/latent/word-times";
import { changeOf, lifeOf, namesOf } from "../../src/training/word-phrases";

const code = (part: Partial<Code>): Code => ({ kind: "vq", tokens: 1, words: 4, size: 1, side: 0, title: "", shared: true, entropy: 0, perplexity: 1, used: 1, levels: [], ...part });

function vocabulary(rows: number[][], part: Partial<Code> = {}): Vocabulary {
  const made = code({ tokens: rows[0].length, ...part });
  const tokens = Uint16Array.from(rows.flat());
  const bytes = new ArrayBuffer(4 * made.words + tokens.byteLength);
  new Float32Array(bytes, 0, made.words).set(Float32Array.from({ length: made.words }, (_, k) => k));
  new Uint16Array(bytes, 4 * made.words).set(tokens);
  return new Vocabulary(made, bytes);
}

const one = (...tokens: number[]) => vocabulary(tokens.map((token) => [token]));
const changes = ({ moments }: WordTimes) => moments.map(({ born, back, died }) => [[...born], [...back], [...died]]);

describe("the words of a training", () => {
  const times = new WordTimes([one(0, 0, 1), one(0, 2, 3), one(1, 2, 2), one(1, 2, 2)], [7, 7, 8]);

  it("are born, come back and die from snapshot to snapshot", () => {
    expect(changes(times)).toEqual([[[], [], []], [[2, 3], [], [1]], [[], [1], [0, 3]], [[], [], []]]);
    expect(times.moments.map(({ used }) => used)).toEqual([2, 3, 2, 2]);
    for (let i = 1; i < 4; i++) {
      const { used, born, back, died } = times.moments[i];
      expect(used).toBe(times.moments[i - 1].used + born.size + back.size - died.size);
    }
  });

  it("are counted, with the class that uses each most and their perplexity", () => {
    expect(times.moments[0].use.map(({ count, label }) => [count, label])).toEqual([[2, 7], [1, 8], [0, -1], [0, -1]]);
    expect(times.moments[1].perplexity).toBeCloseTo(3);
    expect(times.moments[0].perplexity).toBeCloseTo(Math.exp(-(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3)));
    expect(times.life(1)).toEqual([true, false, true, true]);
    expect(perplexity([0, 0])).toBe(1);
  });

  it("of a grid are those of all its tokens", () => {
    const grid = new WordTimes([vocabulary([[0, 0, 1, 1]], { side: 2 }), vocabulary([[2, 2, 2, 2]], { side: 2 })], null);
    expect(grid.moments.map(({ use }) => use.map(({ count }) => count))).toEqual([[2, 2, 0, 0], [0, 0, 4, 0]]);
    expect(grid.shown()).toEqual([0, 1, 2, 3]);
    expect(changes(grid)[1]).toEqual([[2], [], [0, 1]]);
  });

  it("of switches are whole codes", () => {
    const switches = { kind: "binary", shared: false, words: 2 } as const;
    const few = new WordTimes([vocabulary([[0, 1], [0, 1]], switches), vocabulary([[1, 1], [0, 1]], switches)], null);
    expect(few.words).toEqual([[0, 0], [1, 0], [0, 1], [1, 1]]);
    expect([few.all, few.moments.map(({ used }) => used)]).toEqual([4, [1, 2]]);
    expect(changes(few)[1]).toEqual([[3], [], []]);
  });

  it("of too many to list are those in use, the most used first", () => {
    const bits = (n: number) => Array.from({ length: 16 }, (_, k) => (n >> k) & 1);
    const switches = { kind: "binary", shared: false, words: 2 } as const;
    const rows = Array.from({ length: 300 }, (_, n) => bits(n));
    const many = new WordTimes([vocabulary(rows, switches), vocabulary([...rows.slice(0, 10), bits(77), bits(77)], switches)], null);
    expect([many.all, many.words.length, many.shown().length]).toEqual([65536, 300, 240]);
    expect(many.words[many.shown()[0]]).toEqual(bits(77));
    expect(many.moments[1].died.size).toBe(300 - 11);
  });
});

describe("what is said of words", () => {
  const times = new WordTimes([one(0, 0, 1), one(0, 2, 3), one(1, 2, 2), one(1, 2, 2)], null);
  const said = (i: number) => changeOf(times.moments[i], i === 0, ["word", "words"]);

  it("is how many came and went", () => {
    expect([0, 1, 2, 3].map(said)).toEqual([
      "2 words in use at the first snapshot.",
      "2 words were born, 1 died since the snapshot before.",
      "1 word came back, 2 died since the snapshot before.",
      "The same words in use as at the snapshot before.",
    ]);
    expect(changeOf({ ...times.moments[1], born: new Set([3]), died: new Set() }, false, ["box", "boxes"])).toBe("1 box was born since the snapshot before.");
  });

  it("is when each was in use", () => {
    const at = [0, 1, 2, 4];
    const life = (...snapshots: number[]) => lifeOf(at.map((_, i) => snapshots.includes(i)), at);
    expect([life(), life(1), life(2, 3), life(0, 1), life(0, 1, 2, 3), life(0, 2), life(0, 3)]).toEqual([
      "in use at no snapshot",
      "in use at epoch 1 only",
      "in use from epoch 2 on",
      "in use from epoch 0 to 1",
      "in use from the first snapshot on",
      "in use from epoch 0 to 2, with gaps",
      "in use from the first snapshot on, with gaps",
    ]);
  });

  it("names what the code is made of", () => {
    expect([code({}), code({ kind: "fsq" }), code({ kind: "categorical", shared: false }), code({ kind: "categorical", shared: false, tokens: 2 }), code({ kind: "binary", shared: false, tokens: 8 })].map((c) => namesOf(c)[1])).toEqual(["words", "words", "boxes", "codes", "codes"]);
  });
});
