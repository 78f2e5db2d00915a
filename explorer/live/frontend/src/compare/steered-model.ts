import type { FrameLoop } from "../engine/frames";
import { atBeta } from "../latent/beta-range";
import { rotate, rotatedRates, type Rotation } from "../latent/rotation";
import { LiveModel } from "../page/live-model";
import { entropy, type Factor, type Information, mutualInformation } from "./information";
import type { ComparedModel, Match } from "../schema";

/** One model moved by the sliders: the mean codes of the test images, and the image of its code. */
export class SteeredModel extends LiveModel<ComparedModel> {
  /** Mean codes of the test images (N, d). */
  means: Float32Array | null = null;
  /** The same, rotated if the latents are. */
  latents: Float32Array | null = null;
  rotation: Rotation | null = null;
  /** Mean rate per (rotated) dimension, in nats; null for a plain autoencoder. */
  rate: number[] | null;
  /** The same, of the dimensions before they are rotated. */
  private ownRate: number[] | null;
  /** Unit of the sliders: 1 with a standard normal prior, else the standard deviation of the codes. */
  readonly unit: Float32Array;
  /** RGBA pixels of its current image. */
  image: Uint8ClampedArray<ArrayBuffer> | null = null;
  private readonly loop: FrameLoop;
  /** Posterior standard deviations (N, d), once a rotation asked for them. */
  scales: Float32Array | null = null;
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
    this.rate = this.ownRate = model.rate;
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

  /** Be the model of another β, at once as far as images go; resolves when the codes are its too. */
  async setBeta(beta: number): Promise<void> {
    this.engine.beta = beta;
    this.rate = this.ownRate = atBeta(this.model.betaRange!, beta).rate;
    const codes = await this.library.betaCodes();
    if (this.engine.beta === beta) this.setMeans(codes.at(beta));
  }

  /** Rotate the latents: R after the encoder, Rᵀ before the decoder. */
  setRotation(rotation: Rotation | null): void {
    const { means, d } = this;
    const changed = new Set([this.rotation, rotation].flatMap((one) => (one ? [one.i, one.j] : [])));
    this.rotation = rotation;
    this.latents = means && rotation ? rotate(means, d, rotation) : means;
    this.rate = this.ownRate;
    if (rotation && means && this.scales && this.rate) {
      const rates = rotatedRates(means, this.scales, d, rotation);
      this.rate = this.rate.map((nats, k) => (k === rotation.i ? rates[0] : k === rotation.j ? rates[1] : nats));
    }
    if (this.information && this.latents) this.measure(this.information, this.factors, changed);
  }

  /** Fetch the posterior scales for rotated rates, on the first rotation: true if they are new. */
  async fetchScales(): Promise<boolean> {
    if (this.scales) return false;
    this.scales = await this.library.scales();
    return true;
  }

  /** Mutual information of the latents and the factors. */
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

  /** Dimension k of all latents. */
  along(k: number): Float32Array {
    const { latents, d } = this;
    return Float32Array.from({ length: latents!.length / d }, (_, i) => latents![i * d + k]);
  }

  /** The latent code of a test image, or the mean of the prior. */
  base(row: number | null): Float32Array {
    const { latents, d } = this;
    return row === null || !latents ? new Float32Array(d) : latents.slice(row * d, (row + 1) * d);
  }

  /** `base` moved by `offset`, which is in the dimensions of the reference model. */
  moved(base: Float32Array, offset: Float32Array, match: Match): Float32Array {
    const z = base.slice();
    match.order.forEach((j, k) => (z[j] += match.sign[k] * this.unit[j] * offset[k]));
    return z;
  }

  /** Latents (n, d) as codes of the decoder: rotated back. */
  own(z: Float32Array): Float32Array {
    return this.rotation ? rotate(z, this.d, this.rotation, true) : z;
  }

  /** Codes (n, d) of the encoder as latents: rotated. */
  fromOwn(z: Float32Array): Float32Array {
    return this.rotation ? rotate(z, this.d, this.rotation) : z;
  }

  /** Of a conditional model: be the class of a test image from now on, or the first class. */
  async be(row: number | null): Promise<void> {
    if (!this.model.classes) return;
    const [label = 0] = (row === null ? [] : await this.labelsOf([row])) ?? [];
    this.engine.label = label;
  }

  /** Resolves when images can be decoded. */
  async open(row: number | null): Promise<void> {
    await this.engine.open();
    await this.be(row);
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
