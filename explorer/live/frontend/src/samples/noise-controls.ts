import { button, Choice, figure, h } from "../ui/dom";
import type { Bench } from "./bench";
import type { NoiseKind } from "./types";

const KINDS: [NoiseKind, string][] = [["none", "none"], ["gaussian", "Gaussian"], ["masking", "masking"], ["salt-and-pepper", "salt and pepper"]];

/** What test images are corrupted with before a model encodes them, and how much of it. */
export class NoiseControls {
  readonly root: HTMLElement;
  private readonly kind: Choice<NoiseKind>;
  private readonly level: HTMLInputElement;
  private readonly readout = h("output", { className: "readout amount" });
  private readonly another: HTMLButtonElement;
  private readonly off: () => void;

  constructor(private readonly bench: Bench) {
    this.kind = new Choice("noise", KINDS, bench.noise, (kind) => bench.setNoise(kind));
    this.level = h("input", { type: "range", min: "0", max: "1", step: "0.05", "aria-label": "level of the noise" });
    this.level.addEventListener("input", () => bench.setLevel(this.level.valueAsNumber));
    this.another = button("New noise", () => bench.setSeed(bench.seed + 1), "the next seed: other noise, the same for every model");
    this.root = h("span", { className: "noise" }, h("span", { className: "hint" }, "noise"), this.kind.root, this.level, this.readout, this.another);
    this.off = bench.on("choice", () => this.show());
    this.show();
  }

  private show(): void {
    const { noise, level } = this.bench;
    this.kind.set(noise);
    if (this.level.valueAsNumber !== level) this.level.value = String(level);
    this.level.disabled = this.another.disabled = noise === "none";
    const said = noise === "none" ? "" : noise === "gaussian" ? `σ = ${figure(level)}` : `${Math.round(100 * level)} % of pixels`;
    this.readout.value = said;
    this.level.setAttribute("aria-valuetext", said);
  }

  dispose(): void {
    this.off();
  }
}
