import type { Column, FactorDimensions, Model } from "../schema";

/** A column of more values is no factor. */
const MOST_VALUES = 64;

/** Something that images are known to differ in: a factor, or their class. */
export interface Factor {
  column: Column;
  /** What is known of its dimensions; null without a report. */
  known: FactorDimensions | null;
}

/** The factors of a model; without any, the class, unless the model is given it. */
export function factorsOf({ classes, columns, factors }: Model): Factor[] {
  const named = columns.filter(({ names }) => names && names.length > 1 && names.length <= MOST_VALUES);
  const own = named.filter(({ key }) => key !== "labels");
  const chosen = own.length ? own : classes ? [] : named;
  return chosen.map((column) => ({ column, known: factors?.find(({ factor }) => factor === column.label) ?? null }));
}

/** Mean codes of the values of a column. */
export class ValueMeans {
  private readonly sums = new Map<number, { sum: Float64Array; count: number }>();

  constructor(codes: Float32Array, private readonly d: number, private readonly categories: ArrayLike<number>) {
    for (let row = 0, at = 0; row < categories.length; row++, at += d) {
      let group = this.sums.get(categories[row]);
      if (!group) this.sums.set(categories[row], (group = { sum: new Float64Array(d), count: 0 }));
      group.count++;
      for (let k = 0; k < d; k++) group.sum[k] += codes[at + k];
    }
  }

  /** From the mean code of the value of image a to that of image b; null if they have the same value. */
  line(a: number, b: number): Float64Array | null {
    const [from, to] = [a, b].map((row) => this.sums.get(this.categories[row]));
    if (!from || !to || from === to) return null;
    return Float64Array.from({ length: this.d }, (_, k) => to.sum[k] / to.count - from.sum[k] / from.count);
  }

  /** The value of an image. */
  value(row: number): number {
    return this.categories[row];
  }
}
