import type { Model, RangeChoice } from "../schema";

/** Rate in nats below which a dimension is dead. */
export const DEAD_BELOW = 0.05;

export interface Ordered {
  live: number[];
  dead: number[];
}

/** Dimensions by rate, or by variance of the codes without a rate, the largest first. */
export function orderDimensions(model: Pick<Model, "rate" | "variance">): Ordered {
  const carried = model.rate ?? model.variance;
  const all = carried.map((_, k) => k).sort((i, j) => carried[j] - carried[i] || i - j);
  const isDead = (k: number) => (model.rate ? model.rate[k] < DEAD_BELOW : model.variance[k] < 1e-8);
  const dead = all.filter(isDead);
  // if every dimension is dead, show them all
  return dead.length === all.length ? { live: all, dead: [] } : { live: all.filter((k) => !isDead(k)), dead };
}

/** [1 %, 99 %] of every dimension of codes (N, d), interpolated between order statistics. */
export function dataRanges(codes: Float32Array, d: number, most = 20000): [number, number][] {
  const n = codes.length / d;
  const stride = Math.max(1, Math.ceil(n / most));
  const count = Math.ceil(n / stride);
  return Array.from({ length: d }, (_, k) => {
    const column = Float32Array.from({ length: count }, (_, i) => codes[i * stride * d + k]).sort();
    return [quantile(column, 0.01), quantile(column, 0.99)];
  });
}

/** The q-quantile of sorted values, linear between neighbours. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

export function rangeOf(choice: RangeChoice, k: number, data: [number, number][] | null): [number, number] {
  if (choice.kind === "data" && data) {
    const [low, high] = data[k];
    return high - low > 1e-6 ? [low, high] : [low - 0.5, high + 0.5];
  }
  return [-choice.k, choice.k];
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** z₁ for dimension 0. */
export const dimensionName = (k: number): string => "z" + [...String(k + 1)].map((c) => SUBSCRIPTS[+c]).join("");
