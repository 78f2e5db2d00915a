import { standardNormal } from "./vectors";
import type { Code } from "../schema";

/** Codes that fit on one wall. */
export const MOST_CODES = 1024;

/** One code: the word of every token, how many stored images have it, and the most frequent class among them. */
export interface Entry {
  tokens: readonly number[];
  count: number;
  /** −1 without images or without classes. */
  label: number;
  /** The share of that class. */
  share: number;
}

/** The words of a model's discrete codes and the tokens of the stored images. */
export class Vocabulary {
  /** The words (K, D). */
  readonly words: Float32Array;
  /** Of every image (N, T). */
  readonly tokens: Uint16Array;

  constructor(readonly code: Code, bytes: ArrayBuffer) {
    const size = 4 * code.words * code.size;
    this.words = new Float32Array(bytes, 0, code.words * code.size);
    this.tokens = new Uint16Array(bytes, size);
  }

  /** Number of stored images. */
  get count(): number {
    return this.tokens.length / this.code.tokens;
  }

  /** z of a row of tokens: their words, one after the other. */
  vector(tokens: ArrayLike<number>): Float32Array {
    const { size } = this.code;
    const z = new Float32Array(tokens.length * size);
    for (let t = 0; t < tokens.length; t++) z.set(this.words.subarray(tokens[t] * size, (tokens[t] + 1) * size), t * size);
    return z;
  }

  /** z of several rows of tokens, one after the other. */
  vectors(rows: readonly ArrayLike<number>[]): Float32Array {
    const d = this.code.tokens * this.code.size;
    const z = new Float32Array(rows.length * d);
    rows.forEach((tokens, i) => z.set(this.vector(tokens), i * d));
    return z;
  }

  /** The nearest word of every token of z. */
  nearest(z: ArrayLike<number>): number[] {
    const { size, words, tokens } = this.code;
    return Array.from({ length: tokens }, (_, t) => {
      let [best, least] = [0, Infinity];
      for (let k = 0; k < words; k++) {
        let far = 0;
        for (let j = 0; j < size; j++) far += (z[t * size + j] - this.words[k * size + j]) ** 2;
        if (far < least) [best, least] = [k, far];
      }
      return best;
    });
  }

  /** The tokens of image i. */
  of(row: number): Uint16Array {
    return this.tokens.subarray(row * this.code.tokens, (row + 1) * this.code.tokens);
  }

  /** The words of token 0 by their distance from word k, which comes first. */
  neighbours(k: number, count: number): number[] {
    const { size, words } = this.code;
    const far = Float64Array.from({ length: words }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (this.words[k * size + j] - this.words[i * size + j]) ** 2;
      return sum;
    });
    return Array.from(far.keys()).sort((a, b) => far[a] - far[b] || a - b).slice(0, count);
  }

  /** How often each word is used at each token, (T·K). */
  usage(): Uint32Array {
    const { tokens, words } = this.code;
    const counts = new Uint32Array(tokens * words);
    for (let i = 0; i < this.tokens.length; i++) counts[(i % tokens) * words + this.tokens[i]]++;
    return counts;
  }

  /** A code of uniform words, the same for the same seed. */
  random(seed: number): number[] {
    const { tokens, words } = this.code;
    // half the squared length of two standard normals is exponential, so this is uniform
    const pairs = standardNormal(2 * tokens, seed);
    return Array.from({ length: tokens }, (_, t) => Math.min(words - 1, Math.floor(words * Math.exp(-(pairs[2 * t] ** 2 + pairs[2 * t + 1] ** 2) / 2))));
  }

  /** Whether every code there is fits on one wall; else the wall has those that images use. */
  get whole(): boolean {
    return this.code.words ** this.code.tokens <= MOST_CODES;
  }

  /** All codes there are, the first token changing fastest; or, of too many, those that images use most. */
  entries(labels: ArrayLike<number> | null): Entry[] {
    const images = new Map<string, number[]>();
    for (let i = 0; i < this.count; i++) {
      const key = this.of(i).join();
      const rows = images.get(key);
      if (rows) rows.push(i);
      else images.set(key, [i]);
    }
    const entry = (tokens: readonly number[]): Entry => {
      const rows = images.get(tokens.join()) ?? [];
      return { tokens, count: rows.length, ...majority(rows, labels) };
    };
    if (this.whole) return allCodes(this.code).map(entry);
    const used = [...images.entries()].sort(([, a], [, b]) => b.length - a.length || a[0] - b[0]);
    return used.slice(0, MOST_CODES).map(([key]) => entry(key.split(",").map(Number)));
  }

  /** The images that have a code. */
  imagesOf(tokens: readonly number[], most: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.count && found.length < most; i++) if (this.of(i).every((token, t) => token === tokens[t])) found.push(i);
    return found;
  }
}

/** Every row of tokens, the first changing fastest. */
export function allCodes({ words, tokens }: Pick<Code, "words" | "tokens">): number[][] {
  return Array.from({ length: words ** tokens }, (_, i) => Array.from({ length: tokens }, (_, t) => Math.floor(i / words ** t) % words));
}

/** The most frequent class of some images, and its share. */
export function majority(rows: readonly number[], labels: ArrayLike<number> | null): Pick<Entry, "label" | "share"> {
  if (!labels || !rows.length) return { label: -1, share: 0 };
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1);
  const [label, count] = [...counts.entries()].reduce((best, next) => (next[1] > best[1] ? next : best));
  return { label, share: count / rows.length };
}

/** The exponential of the entropy of what is counted. */
export function perplexity(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Math.exp(-counts.reduce((sum, count) => sum + (count ? (count / total) * Math.log(count / total) : 0), 0));
}

/** The level of each dimension of an FSQ word, the first level changing fastest. */
export function levelsOf(word: number, levels: readonly number[]): number[] {
  return levels.map((count) => {
    const level = word % count;
    word = Math.floor(word / count);
    return level;
  });
}

/** The inverse of `levelsOf`. */
export const wordOf = (at: readonly number[], levels: readonly number[]): number =>
  at.reduceRight((word, level, k) => word * levels[k] + level, 0);
