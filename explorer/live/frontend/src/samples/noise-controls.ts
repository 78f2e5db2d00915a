import { View } from "../page/view";
import { button, Choice, figure, h, slider } from "../ui/dom";
import type { SamplesStore } from "./store";
import type { NoiseKind } from "../schema";

const KINDS: [NoiseKind, string][] = [["none", "none"], ["gaussian", "Gaussian"], ["masking", "masking"], ["salt-and-pepper", "salt and pepper"]];

/** Kind and level of the noise that corrupts test images before encoding. */
export class NoiseControls extends View {
  private readonly kind: Choice<NoiseKind> = new Choice("noise", KINDS, this.store.noise, (kind) => this.store.set("noise", kind));
  private readonly level = slider("level of the noise", { min: 0, max: 1, step: 0.05 }, (level) => this.store.set("level", level));
  private readonly readout = h("output", { className: "readout amount" });
  private readonly another = button("New noise", () => this.store.setSeed(this.store.seed + 1), "the next seed; the noise is the same for every model");
  readonly root = h("span", { className: "noise" }, h("span", { className: "hint" }, "noise"), this.kind.root, this.level, this.readout, this.another);

  constructor(private readonly store: SamplesStore) {
    super();
    this.onDispose(store.on("choice", () => this.show()));
    this.show();
  }

  private show(): void {
    const { noise, level } = this.store;
    this.kind.set(noise);
    if (this.level.valueAsNumber !== level) this.level.value = String(level);
    this.level.disabled = this.another.disabled = noise === "none";
    const amount = noise === "none" ? "" : noise === "gaussian" ? `σ = ${figure(level)}` : `${Math.round(100 * level)} % of pixels`;
    this.readout.value = amount;
    this.level.setAttribute("aria-valuetext", amount);
  }
}
