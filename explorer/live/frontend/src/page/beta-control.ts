import { isActive } from "../latent/dimensions";
import type { Model } from "../schema";
import { View } from "./view";
import { figure, h, slider, stepByKeys } from "../ui/dom";
import { term } from "../ui/term";
import { atBeta } from "../latent/beta-range";

/** Arrow keys multiply β by this. */
const STEP = 2 ** (1 / 16);
const PAGE = 2 ** (1 / 2);

/** β as the field writes it: 0.5, 1.41, 16. */
export const betaText = (beta: number): string => String(Number(beta.toPrecision(3)));

/** Below 1, marks stand close together. */
const FRACTIONS: Readonly<Record<number, string>> = { 0.125: "⅛", 0.25: "¼", 0.5: "½" };

/** The slider of β, logarithmic, of a model of a range of β, and what the model is there. */
export class BetaControl extends View {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly value = h("output", { className: "figure beta-value" });
  private readonly about = h("span", { className: "hint beta-about" });
  private readonly range = this.model.betaRange!;

  constructor(private readonly model: Model, private beta: number, private readonly moved: (beta: number) => void, title = "") {
    super();
    const { betas } = this.range;
    const [low, high] = [betas[0], betas[betas.length - 1]].map(Math.log2);
    this.slider = slider(`β${title ? ` of ${title}` : ""}`, { min: low, max: high, step: "any" }, (log) => this.set(2 ** log));
    stepByKeys(this.slider, Math.log2(STEP), Math.log2(PAGE), (by) => this.set(2 ** Math.max(low, Math.min(high, Math.log2(this.beta) + by))), 4);
    this.slider.addEventListener("dblclick", () => this.set(model.beta!));
    this.slider.title = `Arrow keys turn β, double-click sets ${betaText(model.beta!)}. Codes between stored β are interpolated, at most ${figure(this.range.error)} σ off.`;
    const ticks = h("div", { className: "beta-ticks", "aria-hidden": "true" });
    for (let octave = Math.ceil(low - 1e-6); octave <= high + 1e-6; octave++) {
      const tick = h("span", {}, FRACTIONS[2 ** octave] ?? betaText(2 ** octave));
      tick.style.setProperty("--at", String((octave - low) / (high - low)));
      ticks.append(tick);
    }
    this.about.title = `of the ${model.count.toLocaleString("en")} test images whose codes are stored; those of all test images differ a little`;
    this.root = h(
      "div",
      { className: "beta-control", role: "group", "aria-label": "β" },
      h("div", { className: "beta-line" }, h("b", {}, "β"), term("beta"), this.value, h("div", { className: "beta-track" }, this.slider, ticks)),
      this.about,
    );
    this.show(beta);
  }

  /** Follow a β that was set elsewhere. */
  show(beta: number): void {
    this.beta = beta;
    const here = atBeta(this.range, beta);
    const active = here.rate.filter((_, k) => isActive(here, k)).length;
    this.slider.value = String(Math.log2(beta));
    this.slider.setAttribute("aria-valuetext", betaText(beta));
    this.value.value = betaText(beta);
    this.about.textContent = `rate ${figure(here.totalRate, 1)} · distortion ${figure(here.distortion, 1)} nats · ${active} of ${this.model.latentSize} active`;
  }

  private set(beta: number): void {
    if (beta === this.beta) return;
    this.show(beta);
    this.moved(beta);
  }
}
