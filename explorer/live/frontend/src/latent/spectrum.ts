import { distortionAt, keptOf, liveAt, rateAt } from "./water-filling";

const HEAD = 4;

/** The spectrum of images: mean, eigenvalues of the covariance, and the strongest principal components. */
export class Spectrum {
  /** (m), falling, in squared pixel values. */
  readonly eigenvalues: Float32Array;
  /** (P), pixel values in [0, 1]. */
  readonly mean: Float32Array;
  /** (k, P), orthonormal. */
  readonly components: Float32Array;
  /** How many components there are, k. */
  readonly size: number;
  /** Of all directions together, and of those without an eigenvalue here. */
  readonly variance: number;
  readonly rest: number;
  /** How many images it is of. */
  readonly images: number;

  /** `bytes` are those of `Spectrum.to_bytes` in `explorer/metrics/spectrum.py`, of images of so many pixel values. */
  constructor(bytes: ArrayBuffer, readonly pixels: number) {
    const [m, k, variance, images] = new Float32Array(bytes, 0, HEAD);
    const numbers = new Float32Array(bytes, 4 * HEAD, m + k + pixels);
    const steps = new Int8Array(bytes, 4 * (HEAD + numbers.length), k * pixels);
    [this.size, this.variance, this.images] = [k, variance, images];
    this.eigenvalues = numbers.subarray(0, m);
    this.mean = numbers.subarray(m + k);
    this.components = Float32Array.from(steps, (step, i) => step * numbers[m + Math.floor(i / pixels)]);
    this.rest = Math.max(0, variance - this.eigenvalues.reduce((sum, lambda) => sum + lambda, 0));
  }

  /** Levels between which every live direction has its component, up to one at which all are drowned. */
  get levels(): [number, number] {
    return [this.eigenvalues[this.size - 1], 1.25 * this.eigenvalues[0]];
  }

  /** A level at which about a quarter of the components live. */
  get begin(): number {
    const live = Math.max(1, Math.round(this.size / 4));
    return Math.sqrt(this.eigenvalues[live - 1] * (this.eigenvalues[live] ?? this.eigenvalues[live - 1] / 2));
  }

  live(level: number): number {
    return liveAt(this.eigenvalues, level);
  }

  /** Nats per image. */
  rate(level: number): number {
    return rateAt(this.eigenvalues, level);
  }

  /** Squared error per image. */
  distortion(level: number): number {
    return distortionAt(this.eigenvalues, level) + this.rest;
  }

  /** Coordinates uᵢᵀ(x − mean) of an image (P) in [0, 1], (k). */
  coordinates(image: ArrayLike<number>): Float32Array {
    const { components, mean, pixels } = this;
    return Float32Array.from({ length: this.size }, (_, i) => {
      let sum = 0;
      for (let p = 0, at = i * pixels; p < pixels; p++, at++) sum += components[at] * (image[p] - mean[p]);
      return sum;
    });
  }

  /** What the linear β-VAE restores from the posterior mean of an image: mean + Σ (1 − θ/λᵢ) cᵢ uᵢ over live i, into `out` (P). */
  restore(coordinates: Float32Array, level: number, out: Float32Array): void {
    const { components, pixels, eigenvalues } = this;
    out.set(this.mean);
    const live = Math.min(this.size, this.live(level));
    for (let i = 0; i < live; i++) {
      const amount = keptOf(eigenvalues[i], level) * coordinates[i];
      for (let p = 0, at = i * pixels; p < pixels; p++, at++) out[p] += amount * components[at];
    }
  }
}
