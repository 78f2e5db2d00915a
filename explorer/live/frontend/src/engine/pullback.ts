import type { LocalDecoder } from "./decoder";
import type { Labels } from "./session";

/** Of the central differences, in units of the latent space, as in explorer/latents/decoder_axes.py. */
const STEP = 1e-2;
/** Columns of the Jacobian at a time: strips that wait are decoded in between. */
const COLUMNS = 4;

/**
 * The mean of JᵀJ over codes (n, d), J the decoder's Jacobian by central differences: the metric that the decoder gives
 * the latent space (Arvanitidis et al. 2018, equation 4).
 */
export class Pullback {
  readonly metric = new Float64Array((this.codes.length / this.count) ** 2);
  /** How many codes are done. */
  done = 0;
  private column = 0;
  private jacobian: Float32Array[] = [];

  constructor(private readonly codes: Float32Array, readonly count: number, private readonly beta?: number, private readonly labels?: Labels) {}

  /** Take a few columns further. True once all is done. */
  async advance(by: Pick<LocalDecoder, "values">): Promise<boolean> {
    const d = this.codes.length / this.count;
    const code = this.codes.subarray(this.done * d, (this.done + 1) * d);
    const columns = Math.min(COLUMNS, d - this.column);
    const z = new Float32Array(2 * columns * d);
    for (let i = 0; i < 2 * columns; i++) {
      z.set(code, i * d);
      z[i * d + this.column + (i >> 1)] += i & 1 ? -STEP : STEP;
    }
    const images = await by.values(z, 2 * columns, this.beta, this.labels);
    const size = images.length / (2 * columns);
    for (let i = 0; i < columns; i++) {
      const [ahead, behind] = [0, 1].map((side) => images.subarray((2 * i + side) * size, (2 * i + side + 1) * size));
      this.jacobian.push(ahead.map((value, p) => (value - behind[p]) / (2 * STEP)));
    }
    this.column += columns;
    if (this.column < d) return false;
    this.add(d);
    [this.column, this.jacobian] = [0, []];
    return ++this.done === this.count;
  }

  private add(d: number): void {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const [a, b] = [this.jacobian[i], this.jacobian[j]];
        let sum = 0;
        for (let p = 0; p < a.length; p++) sum += a[p] * b[p];
        this.metric[i * d + j] += sum / this.count;
        if (j < i) this.metric[j * d + i] += sum / this.count;
      }
    }
  }
}
