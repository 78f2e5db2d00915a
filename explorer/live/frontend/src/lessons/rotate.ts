import type { Engine } from "../engine/engine";
import { dimensionName, orderDimensions } from "../latent/dimensions";
import { standardNormal } from "../latent/vectors";
import type { Model } from "../model";
import { keyed } from "../present";
import { button, h } from "../ui/dom";
import { Strip } from "../ui/strip";
import type { Lesson } from "./page";

const STEPS = 11;
const REACH = 3;
const SAMPLES = 11;

/** The code `z`, its dimensions i and j turned by `angle` (radians): what a rotated model's axes mean to the decoder. */
export function turned(z: Float32Array, i: number, j: number, angle: number): Float32Array {
  const out = z.slice();
  out[i] = Math.cos(angle) * z[i] - Math.sin(angle) * z[j];
  out[j] = Math.sin(angle) * z[i] + Math.cos(angle) * z[j];
  return out;
}

/** Traversals of two dimensions whose axes are turned: the images of the prior stay what they are, the labels go. */
export class Rotate implements Lesson {
  readonly root: HTMLElement;
  private readonly axes: [number, number];
  private readonly strips: Strip[];
  private readonly samples: Strip;
  private readonly place = h("div", { className: "rotate-strips" });
  private readonly angle = h("input", { type: "range", min: "0", max: "90", step: "1", value: "0", "aria-label": "rotation of the two axes, degrees" });
  private readonly degrees = h("output", { className: "figure" });
  private readonly sized: ResizeObserver;
  private seed = 2;
  private ready = false;

  constructor(
    private readonly model: Model,
    private readonly engine: Engine,
  ) {
    const { live, dead } = orderDimensions(model);
    this.axes = [live[0], live[1] ?? dead[0] ?? live[0]];
    const names = this.axes.map(dimensionName);
    this.strips = names.map((name) => new Strip(model.imageShape, STEPS, `traversal of the turned ${name}, from −${REACH} to ${REACH}`));
    this.samples = new Strip(model.imageShape, SAMPLES, "samples of the rotated model");
    this.angle.addEventListener("input", () => this.show());
    const row = (label: string, about: string, strip: Strip) => h("div", { className: "rotate-row" }, h("div", {}, h("b", {}, label), h("span", { className: "hint" }, about)), strip.canvas);
    this.place.append(
      ...names.map((name, i) => row(`${name}′`, `from −${REACH} to ${REACH}`, this.strips[i])),
      row("samples", "the same N(0, I)", this.samples),
    );
    this.root = h(
      "div",
      { className: "rotate" },
      h("label", { className: "hold" }, h("b", {}, "turn"), this.angle, this.degrees),
      this.place,
      h("div", { className: "actions" }, keyed("n", button("New samples", () => this.again(), "other codes from the prior: key n"))),
      h("p", { className: "hint" }, "The prior N(0, I) looks the same from every side, so ELBO, reconstructions and the distribution of samples of the turned model are exactly those of the other one. Nothing in the likelihood asks for these axes."),
    );
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.place);
  }

  async open(): Promise<void> {
    this.ready = true;
    this.show();
  }

  theme(): void {}

  private fit(): void {
    const room = Math.max(120, (this.place.querySelector(".rotate-row")?.clientWidth ?? 0) - 8 * 16);
    const changed = [...this.strips, this.samples].map((strip) => strip.fit(room, 110)).some(Boolean);
    if (changed) this.show();
  }

  private again(): void {
    this.seed++;
    this.show();
  }

  private show(): void {
    this.degrees.value = `${this.angle.value}°`;
    if (!this.ready) return;
    const { latentSize: d } = this.model;
    const [i, j] = this.axes;
    const angle = (this.angle.valueAsNumber * Math.PI) / 180;
    const batch = (strip: Strip, channel: string, codes: Float32Array[]) => {
      const z = new Float32Array(codes.length * d);
      codes.forEach((code, k) => z.set(turned(code, i, j, angle), k * d));
      return { channel, z, count: codes.length, row: strip.row, done: (rgba: Uint8ClampedArray<ArrayBuffer>) => strip.paint(rgba) };
    };
    const traversal = (axis: number) =>
      Array.from({ length: STEPS }, (_, k) => {
        const z = new Float32Array(d);
        z[axis] = -REACH + (2 * REACH * k) / (STEPS - 1);
        return z;
      });
    const noise = standardNormal(SAMPLES * d, this.seed);
    const drawn = Array.from({ length: SAMPLES }, (_, k) => noise.slice(k * d, (k + 1) * d));
    this.engine.decodeMany([
      batch(this.strips[0], "turn-0", traversal(i)),
      batch(this.strips[1], "turn-1", traversal(j)),
      batch(this.samples, "turn-s", drawn),
    ]);
  }

  dispose(): void {
    this.sized.disconnect();
  }
}
