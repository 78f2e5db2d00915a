import { dimensionName, orderDimensions } from "../latent/dimensions";
import { rotate } from "../latent/rotation";
import { standardNormal, sweep } from "../latent/vectors";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { RotationLoss, WHY_AXES } from "../page/rotation-loss";
import { button, h, slider } from "../ui/dom";
import { Strip } from "../ui/strip";
import { View } from "../page/view";

const STEPS = 11;
const REACH = 3;
const SAMPLES = 11;
/** Degrees: in mid-turn, so that the axes are seen to be others. */
const BEGIN = 45;

/** Traversals of two rotated dimensions: the axes lose their meaning, samples stay, and a diagonal q loses some ELBO. */
export class Rotate extends View {
  private readonly axes: [number, number];
  private readonly strips: Strip[];
  private readonly samples = new Strip(this.live.model.imageShape, SAMPLES, "samples of the rotated model");
  private readonly place = h("div", { className: "rotate-strips" });
  private readonly angle = slider("rotation of the two axes, degrees", { min: 0, max: 90, step: 1, value: BEGIN }, () => this.show());
  private readonly degrees = h("output", { className: "figure" });
  private readonly loss = new RotationLoss();
  private scales: Float32Array | null = null;
  private seed = 2;
  private opened = false;
  readonly root = h(
    "div",
    { className: "rotate" },
    h("label", { className: "labelled-slider" }, h("b", {}, "rotation"), this.angle, this.degrees),
    this.loss.root,
    this.place,
    h("div", { className: "actions" }, keyed("n", button("New samples", () => (this.seed++, this.show()), "other codes from the prior (key n)"))),
    h("p", { className: "hint" }, WHY_AXES),
  );

  constructor(private readonly live: LiveModel) {
    super();
    const { model } = live;
    const order = orderDimensions(model);
    const [first, second = first] = [...order.live, ...order.dead];
    this.axes = [first, second];
    const names = this.axes.map(dimensionName);
    this.strips = names.map((name) => new Strip(model.imageShape, STEPS, `traversal of the rotated ${name}, from −${REACH} to ${REACH}`));
    const row = (label: string, about: string, strip: Strip) => h("div", { className: "rotate-row" }, h("div", {}, h("b", {}, label), h("span", { className: "hint" }, about)), strip.canvas);
    this.place.append(
      ...names.map((name, i) => row(`${name}′`, `from −${REACH} to ${REACH}`, this.strips[i])),
      row("samples", "the same N(0, I)", this.samples),
    );
    this.onResize(this.place, () => this.fit());
  }

  ready(): void {
    this.opened = true;
    this.show();
    void this.live.library.scales().then((scales) => {
      this.scales = scales;
      this.show();
    });
  }

  private fit(): void {
    const row = this.place.querySelector(".rotate-row")!;
    const [label, { canvas }] = [row.firstElementChild as HTMLElement, this.strips[0]];
    const room = Math.max(120, row.clientWidth - (canvas.offsetTop > label.offsetTop + label.offsetHeight ? 0 : label.clientWidth));
    const most = Math.max(110, this.place.clientHeight / 3 - 24);
    const changed = [...this.strips, this.samples].map((strip) => strip.fit(room, most)).some(Boolean);
    if (changed) this.show();
  }

  private show(): void {
    this.degrees.value = `${this.angle.value}°`;
    const { engine, model } = this.live;
    const { latentSize: d } = model;
    const [i, j] = this.axes;
    const rotation = { i, j, degrees: this.angle.valueAsNumber };
    this.loss.show(model, this.scales, rotation);
    if (!this.opened) return;
    const batch = (strip: Strip, channel: string, codes: Float32Array) => ({
      channel,
      z: rotate(codes, d, rotation),
      count: strip.count,
      row: strip.row,
      done: (rgba: Uint8ClampedArray<ArrayBuffer>) => strip.paint(rgba),
    });
    const traversal = (axis: number) => sweep(new Float32Array(d), axis, -REACH, REACH, STEPS);
    engine.decodeMany([
      batch(this.strips[0], "rotated-0", traversal(i)),
      batch(this.strips[1], "rotated-1", traversal(j)),
      batch(this.samples, "rotated-samples", standardNormal(SAMPLES * d, this.seed)),
    ]);
  }
}
