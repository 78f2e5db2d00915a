import { FrameLoop } from "../engine/frames";
import { toRgba } from "../engine/pixels";
import { timings } from "../engine/timing";
import { dimensionName } from "../latent/dimensions";
import { figure, h, messageOf, slider, stepByKeys } from "../ui/dom";
import { Picture } from "../ui/picture";
import { addressOf, follow } from "./card";
import type { Decoders } from "./decoders";
import type { Hero } from "../schema";

const SIZE = 256;
const [STEP, PAGE] = [0.1, 0.5];

/** One live picture with a slider under it: a single dimension of a code, decoded in the browser. */
export class HeroView {
  readonly root: HTMLElement;
  private readonly z = Float32Array.from(this.data.z);
  private readonly slider = slider(`number ${this.data.dimension + 1} of ${this.data.latentSize}`, { min: -this.data.reach, max: this.data.reach, step: "any", value: this.z[this.data.dimension] }, (value) => this.move(value));
  private readonly value = h("output", { className: "figure" });
  private readonly hint = h("span", { className: "drag-me" }, "drag me");
  private readonly frames: FrameLoop;

  constructor(private readonly data: Hero, private readonly appRoot: string, private readonly decoders: Decoders) {
    const { dimension: k, reach, latentSize, imageShape } = data;
    const picture = new Picture(imageShape, SIZE, "decoded image");
    const first = Uint8Array.from(atob(data.first), (letter) => letter.charCodeAt(0));
    if (first.length) {
      picture.paint(toRgba(first, 1, imageShape, 1));
      timings().first ||= performance.now();
    }
    const name = dimensionName(k);
    this.frames = new FrameLoop(
      async (z) => (await this.decoder()).decode(z, 1),
      (rgba) => picture.paint(rgba),
      (error) => (this.hint.textContent = messageOf(error)),
    );
    stepByKeys(this.slider, STEP, PAGE, (by) => this.move(Math.max(-reach, Math.min(reach, this.z[k] + by))));
    this.root = h(
      "figure",
      { className: "hero" },
      picture.canvas,
      h("div", { className: "under" }, this.hint, this.slider),
      h("figcaption", {}, `${name} = `, this.value, ` · one of ${latentSize} numbers · `, follow(h("a", { href: addressOf(data.to, appRoot) }, "move them all"))),
    );
    this.value.value = figure(this.z[k]);
  }

  /** Open the decoder, so that the first drag does not wait for it. */
  ready(): void {
    void this.decoder();
  }

  dispose(): void {
    this.frames.stop();
  }

  private decoder() {
    return this.decoders.get({ ...this.data, base: new URL(this.data.base, this.appRoot).href });
  }

  private move(value: number): void {
    const { dimension: k } = this.data;
    this.z[k] = value;
    this.value.value = figure(value);
    if (this.slider.valueAsNumber !== value) this.slider.value = String(value);
    this.hint.classList.add("done");
    this.frames.request(this.z);
  }
}
