/** Small symmetric matrices, row by row. */

const SWEEPS = 60;

export interface Eigen {
  /** Falling. */
  values: Float64Array;
  /** Row i is the unit eigenvector of value i; its largest entry is positive. */
  vectors: Float64Array[];
}

/** Eigenvalues and eigenvectors of a symmetric matrix (d·d). */
export function eigen(matrix: Float64Array, d: number): Eigen {
  const steps = eigenSteps(matrix, d);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in many short steps: cyclic Jacobi rotations (Golub & Van Loan 2013, 8.5.3). */
export function* eigenSteps(matrix: Float64Array, d: number): Generator<void, Eigen> {
  const a = matrix.slice();
  const v = new Float64Array(d * d);
  for (let i = 0; i < d; i++) v[i * d + i] = 1;
  const size = Math.hypot(...diagonal(a, d)) || 1;
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, d) > 1e-14 * size; sweep++) {
    for (let p = 0; p < d - 1; p++) {
      for (let q = p + 1; q < d; q++) rotate(a, v, d, p, q);
      yield;
    }
  }
  const order = Array.from({ length: d }, (_, i) => i).sort((i, j) => a[j * d + j] - a[i * d + i]);
  return {
    values: Float64Array.from(order, (i) => a[i * d + i]),
    vectors: order.map((i) => positive(v.slice(i * d, (i + 1) * d))),
  };
}

/** Zero the entry (p, q) of a, by a rotation that is collected in the rows of v. */
function rotate(a: Float64Array, v: Float64Array, d: number, p: number, q: number): void {
  const apq = a[p * d + q];
  if (apq === 0) return;
  const theta = (a[q * d + q] - a[p * d + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < d; k++) turn(a, k * d + p, k * d + q, c, s);
  for (let k = 0; k < d; k++) turn(a, p * d + k, q * d + k, c, s);
  for (let k = 0; k < d; k++) turn(v, p * d + k, q * d + k, c, s);
}

function turn(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [a[i], a[j]];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}

const diagonal = (a: Float64Array, d: number) => Array.from({ length: d }, (_, i) => a[i * d + i]);

function offDiagonal(a: Float64Array, d: number): number {
  let most = 0;
  for (let i = 0; i < d; i++) for (let j = i + 1; j < d; j++) most = Math.max(most, Math.abs(a[i * d + j]));
  return most;
}

/** The one of a vector and its opposite whose largest entry is positive. */
function positive(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

/** The lower triangle L of a positive definite matrix A = LLᵀ; directions without spread are left out as zeros. */
export function cholesky(matrix: Float64Array, d: number): Float64Array {
  const l = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * d + j];
      for (let k = 0; k < j; k++) sum -= l[i * d + k] * l[j * d + k];
      if (i === j) l[i * d + i] = sum > 1e-14 * matrix[i * d + i] ? Math.sqrt(sum) : 0;
      else l[i * d + j] = l[j * d + j] ? sum / l[j * d + j] : 0;
    }
  }
  return l;
}

/** x of A x = b, for the lower triangle L of A (d·d). */
export function solve(l: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  const x = b.slice();
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * d + k] * x[k];
    x[i] = l[i * d + i] ? x[i] / l[i * d + i] : 0;
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) x[i] -= l[k * d + i] * x[k];
    x[i] = l[i * d + i] ? x[i] / l[i * d + i] : 0;
  }
  return x;
}
