import { nearestRow, nearestRows } from "../latent/nearest";
import { normals, squaredDistance, uniforms } from "../latent/vectors";

/** Rows of the operands of a − b + c. */
export type Operands = [a: number, b: number, c: number];

const DRAWS = 100;
/** Rows that are compared when operands are chosen. */
const MOST = 400;

/** z(a) − z(b) + z(c), of codes (N, d). */
export function answerOf(codes: Float32Array, d: number, [a, b, c]: Operands): Float32Array {
  return Float32Array.from({ length: d }, (_, k) => codes[a * d + k] - codes[b * d + k] + codes[c * d + k]);
}

/** The `count` rows nearest to the answer that are no operands, the nearest first. */
export function nearestOthers(codes: Float32Array, answer: Float32Array, operands: Operands, count: number): number[] {
  return nearestRows(codes, answer, count + operands.length).filter((row) => !operands.includes(row)).slice(0, count);
}

/** Standard deviations of the answer, when a, b and c are draws from their posteriors with these scales (N, d). */
export function scalesOf(scales: Float32Array, d: number, operands: Operands): Float32Array {
  return Float32Array.from({ length: d }, (_, k) => Math.hypot(...operands.map((row) => scales[row * d + k])));
}

/** Draws (DRAWS, d) of the answer. */
export function drawAnswers(answer: Float32Array, scales: Float32Array, seed = 0): Float32Array {
  const normal = normals(uniforms(seed));
  const d = answer.length;
  return Float32Array.from({ length: DRAWS * d }, (_, i) => answer[i % d] + scales[i % d] * normal());
}

/** The share of draws (n, d) whose nearest image has the same class as that of the answer. */
export function shareOfClass(codes: Float32Array, draws: Float32Array, answer: Float32Array, labels: ArrayLike<number>): number {
  const d = answer.length;
  const wanted = labels[nearestRow(codes, answer)[0]];
  let same = 0;
  for (let at = 0; at < draws.length; at += d) if (labels[nearestRow(codes, draws.subarray(at, at + d))[0]] === wanted) same++;
  return (same * d) / draws.length;
}

/**
 * Operands for two groups of rows: b is the image of B most similar to a, so that a − b is what the groups differ in, and
 * c the one of B least similar to b.
 */
export function chooseOperands(codes: Float32Array, d: number, groups: [ArrayLike<number>, ArrayLike<number>] | null): Operands {
  const code = (row: number) => codes.subarray(row * d, (row + 1) * d);
  const [as, bs] = (groups ?? [[], []]).map((rows) => Array.from({ length: Math.min(MOST, rows.length) }, (_, i) => rows[i]));
  if (!as.length || bs.length < 2) return [0, Math.min(1, codes.length / d - 1), Math.min(2, codes.length / d - 1)];
  const by = (to: number, sign: number) => (best: number, row: number) =>
    sign * squaredDistance(code(row), code(to)) < sign * squaredDistance(code(best), code(to)) ? row : best;
  const a = as[0];
  const b = bs.reduce(by(a, 1));
  return [a, b, bs.reduce(by(b, -1))];
}
