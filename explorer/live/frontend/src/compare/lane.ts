import { assetsBeside } from "../engine/assets";
import { Engine } from "../engine/engine";
import { FrameLoop } from "../engine/frames";
import { Library } from "../library";
import type { ComparedModel, Match } from "./types";

/** One model under the hand: its decoder, the mean codes of the test images, and where the hand has it. */
export class Lane {
  readonly engine: Engine;
  readonly library: Library;
  /** Mean codes of the test images (N, d). */
  means: Float32Array | null = null;
  /** What the hand's steps are measured in: 1 under a prior of unit scale, else the spread of the codes. */
  readonly unit: Float32Array;
  /** Pixels of the image at the hand. */
  image: Uint8ClampedArray<ArrayBuffer> | null = null;
  private readonly frames: FrameLoop;
  private ready = false;

  constructor(
    readonly model: ComparedModel,
    appRoot: string,
    bundle: string,
    painted: () => void,
    readonly notice: (sentence: string) => void,
  ) {
    const base = new URL(model.base, appRoot).href;
    this.engine = new Engine(model, base, assetsBeside(bundle), notice);
    this.library = new Library(model, base);
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

  /** The mean code of a test image, or the middle of the prior. */
  base(row: number | null): Float32Array {
    const { means, d } = this;
    return row === null || !means ? new Float32Array(d) : means.slice(row * d, (row + 1) * d);
  }

  /** The code that lies `offset`, in the lead's dimensions, from `base`. */
  moved(base: Float32Array, offset: Float32Array, match: Match): Float32Array {
    const z = base.slice();
    match.order.forEach((j, k) => (z[j] += match.sign[k] * this.unit[j] * offset[k]));
    return z;
  }

  /** Resolves when images can be decoded. */
  async open(): Promise<void> {
    await this.engine.open();
    this.ready = true;
  }

  request(z: Float32Array): void {
    if (this.ready) this.frames.request(z);
  }

  dispose(): void {
    this.engine.dispose();
  }
}
