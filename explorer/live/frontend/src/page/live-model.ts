import { assetsBeside } from "../engine/assets";
import { Engine, type Seen } from "../engine/engine";
import { FrameLoop } from "../engine/frames";
import type { Model } from "../schema";
import { messageOf } from "../ui/dom";
import { Library } from "./library";

/** The runtime beside this bundle, or in the page. */
export const runtime = () => assetsBeside(import.meta.url);

/** An image of the visitor's, (C, H, W) in [0, 1], and what the model makes of it. */
export interface Own extends Seen {
  image: Float32Array;
}

/** A checkpoint that decodes in the browser: its engine and its arrays. */
export class LiveModel<M extends Model = Model> {
  readonly engine: Engine;
  readonly library: Library;

  constructor(
    readonly model: M,
    /** Address of the app's root, below which other models are too. */
    readonly appRoot: string,
    readonly notice: (sentence: string) => void,
    /** How many models share the machine. */
    sharing = 1,
  ) {
    const base = new URL(model.base, appRoot).href;
    this.engine = new Engine(model, base, runtime(), notice, sharing);
    this.library = new Library(model, base);
  }

  /**
   * Decodes the latest requested code, once per frame; of a conditional model as the class that `label` gives by then.
   * A failure is shown until the next success.
   */
  frames(paint: (rgba: Uint8ClampedArray<ArrayBuffer>) => void, label: () => number | undefined = () => this.engine.label): FrameLoop {
    return this.eachFrame((z) => this.engine.decode(z, label()), paint);
  }

  /** Encodes the latest requested image and decodes its code, once per frame. */
  sight(paint: (seen: Seen, image: Float32Array) => void): FrameLoop<Seen> {
    return this.eachFrame((image) => this.engine.see(image), paint);
  }

  private eachFrame<T>(run: (input: Float32Array) => Promise<T>, paint: (result: T, input: Float32Array) => void): FrameLoop<T> {
    let failed = false;
    const succeed = (result: T, input: Float32Array) => {
      if (failed) this.notice(this.engine.standing);
      failed = false;
      paint(result, input);
    };
    const fail = (error: unknown) => {
      failed = true;
      this.notice(messageOf(error));
    };
    return new FrameLoop(run, succeed, fail);
  }

  /** The classes of these test images, which a conditional model is given; nothing for other models. */
  async labelsOf(rows: readonly number[]): Promise<number[] | undefined> {
    const labels = this.model.classes ? await this.library.labels() : null;
    return labels ? rows.map((row) => labels[row]) : undefined;
  }

  /** Whether the model is that of its default β, or of one β. */
  get atDefault(): boolean {
    return !this.model.betaRange || this.engine.beta === this.model.beta;
  }

  /** A name, "x position, 81 %", without the share, which is that of the default β, where the model is that of another. */
  withShare(name: string): string {
    return this.atDefault ? name : name.split(",")[0];
  }

  dispose(): void {
    this.engine.dispose();
    this.library.dispose();
  }
}

/** One β per model, 0 for its default; nothing while all are at their defaults. */
export const betasOf = (models: readonly LiveModel[]): { betas?: number[] } =>
  models.every((live) => live.atDefault) ? {} : { betas: models.map(({ atDefault, engine }) => (atDefault ? 0 : Number(engine.beta!.toPrecision(4)))) };
