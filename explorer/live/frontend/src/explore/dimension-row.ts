import type { Batch } from "../engine/engine";
import { dimensionName, isActive } from "../latent/dimensions";
import { sameCodes, sweep } from "../latent/vectors";
import { figure, h, slider, stepByKeys } from "../ui/dom";
import { alignSlider, Strip } from "../ui/strip";
import type { ExploreStore } from "./store";

export const STEPS = 11;

/** One latent dimension: its name and rate, a slider, a number, and the strip of its traversal. */
export class DimensionRow {
  readonly root: HTMLElement;
  readonly strip: Strip;
  /** On screen; other rows are not decoded. */
  visible = false;
  private readonly slider: HTMLInputElement;
  private readonly number: HTMLInputElement;
  private readonly track: HTMLElement;
  private readonly share: HTMLElement;
  private readonly amount = h("span", {});
  private low = -3;
  private high = 3;
  private current = NaN;
  private label: number | undefined;
  /** The codes of the latest requested strip. */
  private requested: Float32Array | null = null;

  constructor(private readonly store: ExploreStore, readonly k: number, idPrefix: string) {
    const name = dimensionName(k);
    const id = `${idPrefix}-z${k}`;
    const { imageShape } = store.model;
    const spoken = this.spoken();
    this.slider = slider(`latent dimension ${k + 1}, ${spoken}`, { min: this.low, max: this.high, step: "any" }, (value) => store.setCoordinate(k, value));
    this.slider.id = id;
    this.slider.title = "Arrow keys step by 0.1, with Shift by 0.01; double-click sets 0.";
    this.number = h("input", { type: "number", step: "0.1", className: "figure", "aria-label": `value of dimension ${k + 1}` });
    this.strip = new Strip(imageShape, STEPS, `traversal of dimension ${k + 1}, low to high`);
    this.track = h("div", { className: "track" }, this.slider, this.strip.canvas);
    const factor = store.model.names?.[k];
    this.share = h("i", { className: "share" });
    this.root = h(
      "div",
      { className: "dimension", dataset: { dimension: String(k) } },
      h("label", { for: id }, h("b", {}, name), this.share, h("small", {}, this.amount), factor ? h("small", { className: "factor", title: `the factor that ${name} has most information about, and its share of the information about all factors` }, factor) : null),
      this.track,
      this.number,
    );
    this.showCarried();
    this.listen();
  }

  private spoken(): string {
    const { rate, variance } = this.store.carried;
    return rate ? `${figure(rate[this.k])} nats` : `variance ${figure(variance[this.k])}`;
  }

  /** What the dimension carries, which depends on β; other than z, it also changes the strip. */
  showCarried(): void {
    const { k, store: { carried, model } } = this;
    const { rate, variance } = carried;
    const [all, most] = [rate ?? variance, model.betaRange?.rate.flat() ?? rate ?? variance];
    this.share.style.setProperty("--share", String(all[k] / Math.max(...most, 1e-9)));
    this.share.title = `${dimensionName(k)} carries ${this.spoken()} per image`;
    this.amount.textContent = rate ? this.spoken() : `var ${figure(variance[k])}`;
    this.root.classList.toggle("asleep", !!model.betaRange && !isActive(carried, k));
    this.requested = null;
  }

  private listen(): void {
    const { store, k, slider, number } = this;
    slider.addEventListener("dblclick", () => store.setCoordinate(k, 0));
    stepByKeys(slider, 0.1, 0.5, (by) => store.setCoordinate(k, Math.max(this.low, Math.min(this.high, Number((store.z[k] + by).toFixed(4))))));
    number.addEventListener("input", () => Number.isFinite(number.valueAsNumber) && store.setCoordinate(k, number.valueAsNumber));
    number.addEventListener("change", () => {
      if (!Number.isFinite(number.valueAsNumber)) this.show(true);
    });
    number.addEventListener("blur", () => this.show(true));
    this.strip.canvas.addEventListener("click", (event) => {
      store.setCoordinate(k, this.low + ((this.high - this.low) * this.strip.at(event)) / (STEPS - 1));
    });
  }

  setRange(low: number, high: number): void {
    [this.low, this.high] = [low, high];
    [this.slider.min, this.slider.max] = [String(low), String(high)];
    this.show(true);
  }

  /** Fit the strip and the slider into the row. */
  fit(width: number): void {
    if (this.strip.fit(width)) this.requested = null;
    alignSlider(this.slider, this.strip);
    this.track.style.width = `${this.strip.width}px`;
  }

  /** Update slider and number from z. Called at every move, most of them of another dimension. */
  show(always = false): void {
    const value = this.store.z[this.k];
    if (value === this.current && !always) return;
    this.current = value;
    if (this.slider.valueAsNumber !== value) this.slider.value = String(value);
    this.slider.setAttribute("aria-valuetext", figure(value));
    this.slider.classList.toggle("outside", value < this.low - 1e-6 || value > this.high + 1e-6);
    const root = this.number.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== this.number) this.number.value = value.toFixed(2);
  }

  /** The strip to decode; null if it is already requested, as a move along its own dimension does not change it. */
  batch(prefix: string): Batch | null {
    const z = sweep(this.store.z, this.k, this.low, this.high, STEPS);
    if (sameCodes(this.requested, z) && this.label === this.store.label) return null;
    [this.requested, this.label] = [z, this.store.label];
    return { channel: prefix + this.k, z, count: STEPS, row: this.strip.row, done: (rgba) => this.strip.paint(rgba) };
  }
}
