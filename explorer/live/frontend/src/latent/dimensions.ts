import type { Model, RangeChoice } from "../schema";

/** A dimension is active if the variance of its posterior mean over images is above this (Burda et al. 2016), else dead. */
export const ACTIVE_ABOVE = 0.01;
/** The same for codes of a plain autoencoder, whose scale is arbitrary: constant up to rounding. */
const CONSTANT = 1e-8;

export interface Ordered {
  live: number[];
  dead: number[];
  /** No dimension is active; they are all in `live`, so that there is something to move. */
  collapsed: boolean;
}

/** Whether dimension k is active. */
export const isActive = ({ rate, variance }: Pick<Model, "rate" | "variance">, k: number): boolean => variance[k] > (rate ? ACTIVE_ABOVE : CONSTANT);

/** Says that no dimension of a model is active. */
export const collapseSentence = (d: number): string => (d === 1 ? "1 dimension, which carries nothing" : `${d} dimensions, none carries anything`);

/** Dimensions by rate, or by variance of the codes without a rate, the largest first. */
export function orderDimensions(model: Pick<Model, "rate" | "variance">): Ordered {
  const carried = model.rate ?? model.variance;
  const all = carried.map((_, k) => k).sort((i, j) => carried[j] - carried[i] || i - j);
  const live = all.filter((k) => isActive(model, k));
  return live.length ? { live, dead: all.filter((k) => !live.includes(k)), collapsed: false } : { live: all, dead: [], collapsed: true };
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

/** What distances between codes are shown in: the prior's σ, or, where there is no prior, the distance of two typical codes. */
export function distanceUnit({ rate, variance }: Pick<Model, "rate" | "variance">): { size: number; name: string } {
  if (rate) return { size: 1, name: "σ" };
  const size = Math.sqrt(2 * variance.reduce((sum, v) => sum + v, 0));
  return { size: size || 1, name: "× typical distance" };
}
