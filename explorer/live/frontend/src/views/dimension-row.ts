import type { Batch } from "../engine/engine";
import { dimensionName } from "../latent/dimensions";
import { sweep } from "../latent/vectors";
import type { Session } from "../session";
import { figure, h } from "../ui/dom";
import { Strip } from "../ui/strip";

export const STEPS = 11;
const THUMB = 16;

/** One latent dimension: its name and rate, a slider, a number, and the strip of what the slider would show. */
export class DimensionRow {
  readonly root: HTMLElement;
  readonly strip: Strip;
  /** In the part of the page that is seen; only such rows are decoded. */
  visible = false;
  private readonly slider: HTMLInputElement;
  private readonly number: HTMLInputElement;
  private readonly track: HTMLElement;
  private low = -3;
  private high = 3;
  private shown = NaN;
  /** The codes of the strip that was asked for last. */
  private asked: Float32Array | null = null;

  constructor(
    private readonly session: Session,
    readonly k: number,
    idPrefix: string,
  ) {
    const name = dimensionName(k);
    const id = `${idPrefix}-z${k}`;
    const { rate, variance, imageShape } = session.model;
    const carried = rate ?? variance;
    const spoken = rate ? `${figure(rate[k])} nats` : `variance ${figure(variance[k])}`;
    this.slider = h("input", {
      type: "range",
      id,
      step: "any",
      title: "Arrow keys step by 0.1, with Shift by 0.01; double-click sets 0.",
      "aria-label": `latent dimension ${k + 1}, ${spoken}`,
    });
    this.number = h("input", { type: "number", step: "0.1", className: "figure", "aria-label": `value of dimension ${k + 1}` });
    this.strip = new Strip(imageShape, STEPS, `what dimension ${k + 1} changes, from low to high`);
    this.track = h("div", { className: "track" }, this.slider, this.strip.canvas);
    const said = session.model.names?.[k];
    const share = h("i", { className: "share", title: `${name} carries ${spoken} per image` });
    share.style.setProperty("--share", String(carried[k] / Math.max(...carried, 1e-9)));
    this.root = h(
      "div",
      { className: "dimension", dataset: { dimension: String(k) } },
      h("label", { for: id }, h("b", {}, name), share, h("small", {}, rate ? h("span", {}, figure(rate[k]), " nats") : `var ${figure(variance[k])}`), said ? h("small", { className: "carries", title: `${name} knows most of this factor; the share is of all it knows of factors` }, said) : null),
      this.track,
      this.number,
    );
    this.listen();
  }

  private listen(): void {
    const { session, k, slider, number } = this;
    slider.addEventListener("input", () => session.setCoordinate(k, slider.valueAsNumber));
    slider.addEventListener("dblclick", () => session.setCoordinate(k, 0));
    slider.addEventListener("keydown", (event) => this.key(event));
    number.addEventListener("input", () => Number.isFinite(number.valueAsNumber) && session.setCoordinate(k, number.valueAsNumber));
    number.addEventListener("change", () => {
      if (!Number.isFinite(number.valueAsNumber)) this.show(true);
    });
    number.addEventListener("blur", () => this.show(true));
    this.strip.canvas.addEventListener("click", (event) => {
      session.setCoordinate(k, this.low + ((this.high - this.low) * this.strip.at(event)) / (STEPS - 1));
    });
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const value = this.session.z[this.k] + (event.shiftKey ? step / 10 : step);
    this.session.setCoordinate(this.k, Math.max(this.low, Math.min(this.high, Number(value.toFixed(4)))));
  }

  setRange(low: number, high: number): void {
    [this.low, this.high] = [low, high];
    [this.slider.min, this.slider.max] = [String(low), String(high)];
    this.show(true);
  }

  /** Fit the strip into the row; the slider's thumb then stands over the image that it would show. */
  fit(width: number): void {
    if (this.strip.fit(width)) this.asked = null;
    const inset = (this.strip.cell - THUMB) / 2;
    this.slider.style.width = `${this.strip.width - 2 * inset}px`;
    this.slider.style.marginLeft = `${inset}px`;
    this.track.style.width = `${this.strip.width}px`;
  }

  /** Bring slider and number up to date with z: called at every move, and most moves are of another dimension. */
  show(always = false): void {
    const value = this.session.z[this.k];
    if (value === this.shown && !always) return;
    this.shown = value;
    if (this.slider.valueAsNumber !== value) this.slider.value = String(value);
    this.slider.setAttribute("aria-valuetext", figure(value));
    this.slider.classList.toggle("outside", value < this.low - 1e-6 || value > this.high + 1e-6);
    const root = this.number.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== this.number) this.number.value = value.toFixed(2);
  }

  /** The strip to decode, or null if it is the one that was asked for last: its own dimension changes nothing in it. */
  batch(prefix: string): Batch | null {
    const z = sweep(this.session.z, this.k, this.low, this.high, STEPS);
    if (this.asked && z.every((value, i) => value === this.asked![i])) return null;
    this.asked = z;
    return {
      channel: prefix + this.k,
      z,
      count: STEPS,
      row: this.strip.row,
      done: (rgba: Uint8ClampedArray<ArrayBuffer>) => this.strip.paint(rgba),
    };
  }
}
