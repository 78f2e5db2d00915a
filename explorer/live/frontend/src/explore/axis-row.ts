import type { Batch } from "../engine/engine";
import { sameCodes } from "../latent/vectors";
import { figure, h, slider, stepByKeys } from "../ui/dom";
import { alignSlider, Strip } from "../ui/strip";
import type { ExploreStore } from "./store";

export const STEPS = 11;

/** What a slider moves z along: a latent dimension, or any other direction. */
export interface Axis {
  /** Tells it from the other rows of a list. */
  key: string;
  /** For screen readers: of the slider, of the number and of the strip. */
  labels: [slider: string, number: string, strip: string];
  /** Where z lies along it. */
  place(): number;
  /** Move z to a place. */
  move(place: number): void;
  /** Codes (STEPS, d) from low to high. */
  sweep(low: number, high: number): Float32Array;
}

/** A row with the name of an axis, a slider, a number, and the strip of the traversal along it. */
export class AxisRow {
  readonly root: HTMLElement;
  readonly strip = new Strip(this.store.model.imageShape, STEPS, this.axis.labels[2]);
  /** On screen; other rows are not decoded. */
  visible = false;
  low = -3;
  high = 3;
  private readonly slider = slider(this.axis.labels[0], { min: this.low, max: this.high, step: "any" }, (place) => this.axis.move(place));
  private readonly number = h("input", { type: "number", step: "0.1", className: "figure", "aria-label": this.axis.labels[1] });
  private readonly track = h("div", { className: "track" }, this.slider, this.strip.canvas);
  private current = NaN;
  /** The codes of the latest requested strip. */
  private requested: Float32Array | null = null;

  /** `name` goes into the label before the slider. */
  constructor(protected readonly store: ExploreStore, readonly axis: Axis, idPrefix: string, name: (Node | null)[]) {
    const id = `${idPrefix}-${axis.key}`;
    this.slider.id = id;
    this.slider.title = "Arrow keys step by 0.1, with Shift by 0.01; double-click sets 0.";
    this.root = h("div", { className: "dimension" }, h("label", { for: id }, ...name), this.track, this.number);
    this.listen();
  }

  private listen(): void {
    const { axis, slider, number } = this;
    slider.addEventListener("dblclick", () => axis.move(0));
    stepByKeys(slider, 0.1, 0.5, (by) => axis.move(Math.max(this.low, Math.min(this.high, Number((axis.place() + by).toFixed(4))))));
    number.addEventListener("input", () => Number.isFinite(number.valueAsNumber) && axis.move(number.valueAsNumber));
    number.addEventListener("change", () => {
      if (!Number.isFinite(number.valueAsNumber)) this.show(true);
    });
    number.addEventListener("blur", () => this.show(true));
    this.strip.canvas.addEventListener("click", (event) => {
      axis.move(this.low + ((this.high - this.low) * this.strip.at(event)) / (STEPS - 1));
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

  /** Update slider and number from z. Called at every move, most of them along another axis. */
  show(always = false): void {
    const value = this.axis.place();
    if (value === this.current && !always) return;
    this.current = value;
    if (this.slider.valueAsNumber !== value) this.slider.value = String(value);
    this.slider.setAttribute("aria-valuetext", figure(value));
    this.slider.classList.toggle("outside", value < this.low - 1e-6 || value > this.high + 1e-6);
    const root = this.number.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== this.number) this.number.value = value.toFixed(2).replace(/^-0\.00$/, "0.00");
  }

  /** The strip shows another decoder's images: decode it again. */
  forget(): void {
    this.requested = null;
  }

  /** The strip to decode; null if it is already requested, as a move along its own axis does not change it. */
  batch(prefix: string): Batch | null {
    const z = this.axis.sweep(this.low, this.high);
    if (this.requested && this.same(this.requested, z)) return null;
    this.requested = z;
    return { channel: prefix + this.axis.key, z, count: STEPS, row: this.strip.row, done: (rgba) => this.strip.paint(rgba) };
  }

  protected same(before: Float32Array, z: Float32Array): boolean {
    return sameCodes(before, z);
  }
}
