import { assetsBeside } from "../engine/assets";
import { Engine } from "../engine/engine";
import { FrameLoop } from "../engine/frames";
import type { Model } from "../schema";
import { messageOf } from "../ui/dom";
import { Library } from "./library";

/** The runtime beside this bundle, or in the page. */
export const runtime = () => assetsBeside(import.meta.url);

/** A checkpoint that decodes in the browser: its engine and its arrays. */
export class LiveModel<M extends Model = Model> {
  readonly engine: Engine;
  readonly library: Library;

  constructor(
    readonly model: M,
    appRoot: string,
    readonly notice: (sentence: string) => void,
    /** How many models share the machine. */
    sharing = 1,
  ) {
    const base = new URL(model.base, appRoot).href;
    this.engine = new Engine(model, base, runtime(), notice, sharing);
    this.library = new Library(model, base);
  }

  /** Decodes the latest requested code, once per frame. A failure is shown until the next success. */
  frames(paint: (rgba: Uint8ClampedArray<ArrayBuffer>) => void): FrameLoop {
    let failed = false;
    const succeed = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
      if (failed) this.notice(this.engine.standing);
      failed = false;
      paint(rgba);
    };
    const fail = (error: unknown) => {
      failed = true;
      this.notice(messageOf(error));
    };
    return new FrameLoop((z) => this.engine.decode(z), succeed, fail);
  }

  dispose(): void {
    this.engine.dispose();
    this.library.dispose();
  }
}
