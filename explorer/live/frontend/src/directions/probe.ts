import { cholesky, solve } from "../latent/symmetric";
import type { Sample } from "./codes";
import type { Slices } from "./slices";

const STEPS = 50;
const WORK = 50_000;
/** The largest step of a weight, in units of standardised codes, at which the fit is done. */
const CLOSE = 1e-7;

/**
 * Weights of a logistic regression of two groups of codes, in the units of the codes: balanced, on codes divided by their
 * standard deviations, with a penalty of ½|w|², as scikit-learn's `LogisticRegression(class_weight="balanced")`. By
 * Newton's method.
 */
export async function fitProbe(first: Sample, second: Sample, slices: Slices): Promise<Float64Array> {
  const { x, deviation } = standardise(first, second);
  const [n, d] = [first.count + second.count, first.size];
  const width = d + 1;
  let weights = new Float64Array(width); // the last is the intercept
  let { loss, gradient, hessian } = await derivatives(x, first.count, n, weights, slices);
  for (let step = 0; step < STEPS; step++) {
    const move = solve(cholesky(hessian, width), gradient);
    let [scale, next] = [1, weights];
    let after = { loss, gradient, hessian };
    for (; scale > 1e-6; scale /= 2) {
      next = weights.map((w, k) => w - scale * move[k]);
      after = await derivatives(x, first.count, n, next, slices);
      if (after.loss <= loss + 1e-12 * Math.abs(loss)) break;
    }
    weights = next;
    ({ loss, gradient, hessian } = after);
    if (scale * Math.max(...move.map(Math.abs)) < CLOSE) break;
  }
  return weights.slice(0, d).map((w, k) => w / deviation[k]);
}

/** Codes about their mean, in standard deviations, with a one after each, (n, d + 1). */
function standardise(first: Sample, second: Sample): { x: Float64Array; deviation: Float64Array } {
  const d = first.size;
  const n = first.count + second.count;
  const [mean, deviation] = [new Float64Array(d), new Float64Array(d)];
  const each = (act: (value: number, k: number, row: number) => void) =>
    [first, second].forEach(({ values }, g) => values.forEach((value, at) => act(value, at % d, Math.floor(at / d) + g * first.count)));
  each((value, k) => (mean[k] += value / n));
  each((value, k) => (deviation[k] += (value - mean[k]) ** 2 / n));
  for (let k = 0; k < d; k++) deviation[k] = Math.sqrt(deviation[k]) || 1;
  const x = new Float64Array(n * (d + 1)).fill(1);
  each((value, k, row) => (x[row * (d + 1) + k] = (value - mean[k]) / deviation[k]));
  return { x, deviation };
}

interface Derivatives {
  loss: number;
  gradient: Float64Array;
  hessian: Float64Array;
}

/** Of the penalised loss at some weights; the first `firsts` of the n rows are group A. */
async function derivatives(x: Float64Array, firsts: number, n: number, weights: Float64Array, slices: Slices): Promise<Derivatives> {
  const width = weights.length;
  const gradient = weights.map((w, k) => (k < width - 1 ? w : 0));
  const hessian = new Float64Array(width * width);
  for (let k = 0; k < width - 1; k++) hessian[k * width + k] = 1;
  let loss = weights.subarray(0, width - 1).reduce((sum, w) => sum + w * w, 0) / 2;
  for (let row = 0, work = 0; row < n; row++, work += width * width) {
    const at = row * width;
    const balance = n / (2 * (row < firsts ? firsts : n - firsts));
    let score = 0;
    for (let k = 0; k < width; k++) score += weights[k] * x[at + k];
    const margin = row < firsts ? score : -score;
    loss += balance * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin);
    const p = 1 / (1 + Math.exp(-score));
    const pull = balance * (p - (row < firsts ? 1 : 0));
    const curve = balance * p * (1 - p);
    for (let i = 0; i < width; i++) {
      gradient[i] += pull * x[at + i];
      const c = curve * x[at + i];
      for (let j = 0; j <= i; j++) hessian[i * width + j] += c * x[at + j];
    }
    if (work < WORK) continue;
    work = 0;
    if (slices.due) await slices.rest();
  }
  return { loss, gradient, hessian };
}
