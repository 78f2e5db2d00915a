import { assetsBeside } from "../engine/assets";
import { Engine } from "../engine/engine";
import { FrameLoop } from "../engine/frames";
import { Library } from "../library";
import { type Factor, type Information, entropy, mutualInformation } from "./information";
import { type Turn, turned, turnedRates } from "./turn";
import type { ComparedModel, Match } from "./types";

/** One model under the hand: its decoder, the mean codes of the test images, and where the hand has it. */
export class Lane {
  readonly engine: Engine;
  readonly library: Library;
  /** Mean codes of the test images (N, d). */
  means: Float32Array | null = null;
  /** The same as they are now: turned, if the latents are. */
  latents: Float32Array | null = null;
  turn: Turn | null = null;
  /** Mean rate per dimension as it is now, in nats; null for a plain autoencoder. */
  rate: number[] | null;
  /** What the hand's steps are measured in: 1 under a prior of unit scale, else the spread of the codes. */
  readonly unit: Float32Array;
  /** Pixels of the image at the hand. */
  image: Uint8ClampedArray<ArrayBuffer> | null = null;
  private readonly frames: FrameLoop;
  private scales: Float32Array | null = null;
  private information: Information | null = null;
  private factors: readonly Factor[] = [];
  private ready = false;

  constructor(
    readonly model: ComparedModel,
    appRoot: string,
    bundle: string,
    painted: () => void,
    readonly notice: (sentence: string) => void,
    /** How many models share the machine. */
    sharing: number,
  ) {
    const base = new URL(model.base, appRoot).href;
    this.engine = new Engine(model, base, assetsBeside(bundle), notice, sharing);
    this.library = new Library(model, base);
    this.rate = model.rate;
    this.unit = Float32Array.from(model.variance, (v) => (model.beta === null ? Math.sqrt(v) || 1 : 1));
    this.frames = new FrameLoop(
      (z) => this.engine.decode(z),
      (rgba) => {
        this.image = rgba;
        painted();
      },
      (error) => notice(error instanceof Error ? error.message : String(error)),
    );
  }

  get d(): number {
    return this.model.latentSize;
  }

  setMeans(means: Float32Array): void {
    this.means = this.latents = means;
    this.information = null;
    this.setTurn(this.turn);
  }

  /** Turn the latents: R after the encoder, Rᵀ before the decoder. */
  setTurn(turn: Turn | null): void {
    const { means, d } = this;
    const changed = new Set([this.turn, turn].flatMap((one) => (one ? [one.i, one.j] : [])));
    this.turn = turn;
    this.latents = means && turn ? turned(means, d, turn) : means;
    this.rate = this.model.rate;
    if (turn && means && this.scales && this.rate) {
      const rates = turnedRates(means, this.scales, d, turn);
      this.rate = this.rate.map((nats, k) => (k === turn.i ? rates[0] : k === turn.j ? rates[1] : nats));
    }
    if (this.information && this.latents) this.informed(this.information, this.factors, changed);
  }

  /** What turned rates are computed from, fetched only if anything is turned: true if it was not there yet. */
  async prepareTurn(): Promise<boolean> {
    if (this.scales) return false;
    this.scales = await this.library.scales();
    return true;
  }

  /** What the latents, as they are now, know of the factors. */
  informationOn(factors: readonly Factor[]): Information | null {
    if (!this.latents || !factors.length) return null;
    this.factors = factors;
    this.information ??= this.informed(
      { table: factors.map(() => new Float64Array(this.d)), entropy: factors.map(entropy) },
      factors,
      Array.from({ length: this.d }, (_, k) => k),
    );
    return this.information;
  }

  private informed({ table, entropy }: Information, factors: readonly Factor[], dimensions: Iterable<number>): Information {
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

  /** Codes (n, d) as the decoder was trained on them: turned back. */
  own(z: Float32Array): Float32Array {
    return this.turn ? turned(z, this.d, this.turn, true) : z;
  }

  /** Codes (n, d) of the encoder as the latents are now: turned. */
  fromOwn(z: Float32Array): Float32Array {
    return this.turn ? turned(z, this.d, this.turn) : z;
  }

  /** Resolves when images can be decoded. */
  async open(): Promise<void> {
    await this.engine.open();
    this.ready = true;
  }

  request(z: Float32Array): void {
    if (this.ready) this.frames.request(this.own(z));
  }

  dispose(): void {
    this.frames.stop();
    this.engine.dispose();
    this.library.dispose();
  }
}
