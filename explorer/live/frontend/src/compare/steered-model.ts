import type { FrameLoop } from "../engine/frames";
import { rotate, rotatedRates, type Rotation } from "../latent/rotation";
import { LiveModel } from "../page/live-model";
import { entropy, type Factor, type Information, mutualInformation } from "./information";
import type { ComparedModel, Match } from "../schema";

/** One model that the sliders steer: the mean codes of the test images, and the image at its code. */
export class SteeredModel extends LiveModel<ComparedModel> {
  /** Mean codes of the test images (N, d). */
  means: Float32Array | null = null;
  /** The same as they are now: rotated, if the latents are. */
  latents: Float32Array | null = null;
  rotation: Rotation | null = null;
  /** Mean rate per dimension as it is now, in nats; null for a plain autoencoder. */
  rate: number[] | null;
  /** What the steps of the sliders are measured in: 1 under a prior of unit scale, else the spread of the codes. */
  readonly unit: Float32Array;
  /** Pixels of the image that it decodes now. */
  image: Uint8ClampedArray<ArrayBuffer> | null = null;
  private readonly loop: FrameLoop;
  private scales: Float32Array | null = null;
  private information: Information | null = null;
  private factors: readonly Factor[] = [];
  private ready = false;

  constructor(
    model: ComparedModel,
    appRoot: string,
    painted: () => void,
    notice: (sentence: string) => void,
    sharing: number,
  ) {
    super(model, appRoot, notice, sharing);
    this.rate = model.rate;
    this.unit = Float32Array.from(model.variance, (v) => (model.beta === null ? Math.sqrt(v) || 1 : 1));
    this.loop = this.frames((rgba) => {
      this.image = rgba;
      painted();
    });
  }

  get d(): number {
    return this.model.latentSize;
  }

  setMeans(means: Float32Array): void {
    this.means = this.latents = means;
    this.information = null;
    this.setRotation(this.rotation);
  }

  /** Rotate the latents: R after the encoder, Rᵀ before the decoder. */
  setRotation(rotation: Rotation | null): void {
    const { means, d } = this;
    const changed = new Set([this.rotation, rotation].flatMap((one) => (one ? [one.i, one.j] : [])));
    this.rotation = rotation;
    this.latents = means && rotation ? rotate(means, d, rotation) : means;
    this.rate = this.model.rate;
    if (rotation && means && this.scales && this.rate) {
      const rates = rotatedRates(means, this.scales, d, rotation);
      this.rate = this.rate.map((nats, k) => (k === rotation.i ? rates[0] : k === rotation.j ? rates[1] : nats));
    }
    if (this.information && this.latents) this.measure(this.information, this.factors, changed);
  }

  /** What rotated rates are computed from, fetched only if anything is rotated: true if it was not there yet. */
  async fetchScales(): Promise<boolean> {
    if (this.scales) return false;
    this.scales = await this.library.scales();
    return true;
  }

  /** What the latents, as they are now, know of the factors. */
  informationOn(factors: readonly Factor[]): Information | null {
    if (!this.latents || !factors.length) return null;
    this.factors = factors;
    this.information ??= this.measure(
      { table: factors.map(() => new Float64Array(this.d)), entropy: factors.map(entropy) },
      factors,
      Array.from({ length: this.d }, (_, k) => k),
    );
    return this.information;
  }

  private measure({ table, entropy }: Information, factors: readonly Factor[], dimensions: Iterable<number>): Information {
    for (const k of dimensions) {
      const code = this.along(k);
      factors.forEach((factor, f) => (table[f][k] = mutualInformation(code, factor)));
    }
    return { table, entropy };
  }

  /** Dimension k of all latents as they are now. */
  along(k: number): Float32Array {
    const { latents, d } = this;
    return Float32Array.from({ length: latents!.length / d }, (_, i) => latents![i * d + k]);
  }

  /** The latent code of a test image, as it is now, or the middle of the prior. */
  base(row: number | null): Float32Array {
    const { latents, d } = this;
    return row === null || !latents ? new Float32Array(d) : latents.slice(row * d, (row + 1) * d);
  }

  /** The code that lies `offset`, in the lead's dimensions, from `base`. */
  moved(base: Float32Array, offset: Float32Array, match: Match): Float32Array {
    const z = base.slice();
    match.order.forEach((j, k) => (z[j] += match.sign[k] * this.unit[j] * offset[k]));
    return z;
  }

  /** Codes (n, d) as the decoder was trained on them: rotated back. */
  own(z: Float32Array): Float32Array {
    return this.rotation ? rotate(z, this.d, this.rotation, true) : z;
  }

  /** Codes (n, d) of the encoder as the latents are now: rotated. */
  fromOwn(z: Float32Array): Float32Array {
    return this.rotation ? rotate(z, this.d, this.rotation) : z;
  }

  /** Resolves when images can be decoded. */
  async open(): Promise<void> {
    await this.engine.open();
    this.ready = true;
  }

  request(z: Float32Array): void {
    if (this.ready) this.loop.request(this.own(z));
  }

  override dispose(): void {
    this.loop.stop();
    super.dispose();
  }
}
