import { eigen } from "./symmetric";
import { majority, type Entry, type Vocabulary } from "./vocabulary";

/** How many tokens are a word, and the most frequent class of their images with its share. */
export type WordUse = Omit<Entry, "tokens">;

/** Words in the plane of their two principal directions, and the share of their variance that it has. */
export interface WordPlane {
  x: Float64Array;
  y: Float64Array;
  share: number;
}

export function planeOf({ code: { words, size }, words: numbers }: Vocabulary): WordPlane {
  const centre = Float64Array.from({ length: size }, (_, j) => {
    let sum = 0;
    for (let k = 0; k < words; k++) sum += numbers[k * size + j];
    return sum / words;
  });
  const rows = Float64Array.from(numbers, (value, at) => value - centre[at % size]);
  const scatter = new Float64Array(size * size);
  for (let k = 0; k < words; k++)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) scatter[i * size + j] += rows[k * size + i] * rows[k * size + j];
  const { values, vectors } = eigen(scatter, size);
  const total = values.reduce((sum, value) => sum + value, 0);
  const along = (vector: Float64Array | undefined) =>
    Float64Array.from({ length: words }, (_, k) => (vector ? vector.reduce((sum, value, j) => sum + value * rows[k * size + j], 0) : 0));
  return { x: along(vectors[0]), y: along(vectors[1]), share: total ? (values[0] + (values[1] ?? 0)) / total : 1 };
}

/** The use of every word. Without labels there are no classes. */
export function useOf(vocabulary: Vocabulary, labels: ArrayLike<number> | null): WordUse[] {
  const { words, tokens } = vocabulary.code;
  const images = Array.from({ length: words }, () => [] as number[]);
  vocabulary.tokens.forEach((word, at) => images[word].push(Math.floor(at / tokens)));
  return images.map((rows) => ({ count: rows.length, ...majority(rows, labels) }));
}
