import { button, Choice, figure, h } from "../ui/dom";
import { type Bench, COUNTS } from "./bench";
import { supportGradient } from "./support";

/** What is common to all models: which random codes, how many, and how far out. */
export class Controls {
  readonly root: HTMLElement;
  private readonly seed: HTMLInputElement;
  private readonly count: Choice<string>;
  private readonly temperature: HTMLInputElement;
  private readonly readout = h("output", { className: "figure" });
  private readonly another: HTMLButtonElement;
  private readonly off: () => void;

  constructor(private readonly bench: Bench) {
    this.seed = h("input", { type: "number", min: "0", step: "1", className: "figure seed", "aria-label": "seed of the random codes", title: "the same seed gives the same codes, today and in a link" });
    this.seed.addEventListener("change", () => bench.setSeed(this.seed.valueAsNumber));
    this.count = new Choice("number of codes", COUNTS.map((n) => [String(n), n === 1 ? "one" : String(n)] as const), String(bench.count), (n) => bench.setCount(Number(n)));
    this.temperature = h("input", { type: "range", min: "0", max: "3", step: "0.01", "aria-label": "temperature: scales every code" });
    this.temperature.addEventListener("input", () => bench.setTemperature(this.temperature.valueAsNumber));
    this.temperature.addEventListener("dblclick", () => bench.setTemperature(1));
    this.another = button("Another image", () => bench.setImage(Math.floor(Math.random() * Math.min(...bench.models.map((m) => m.count)))), "sample around another test image");
    const legend = h("span", { className: "support-scale", title: "colour of a sample, and of the ground of a map: distance to the nearest code of a test image, in all latent dimensions. Blue is as near as 95% of the codes are to one another; red is 2.5 times that or more" }, "samples and ground of the maps: among the codes ", h("i", {}), " in a hole");
    legend.querySelector("i")!.style.background = supportGradient();
    this.root = h(
      "div",
      { className: "controls" },
      h("span", { className: "joined" }, button("New codes", () => bench.setSeed(bench.seed + 1), "the next seed"), this.seed),
      this.count.root,
      h("label", { className: "temperature", title: "temperature: every code is mean + temperature · L ε; double click for 1" }, h("span", { className: "hint" }, "temperature"), this.temperature, this.readout),
      this.another,
      legend,
    );
    this.off = bench.on("choice", () => this.show());
    this.show();
  }

  private show(): void {
    const { bench } = this;
    this.seed.value = String(bench.seed);
    this.count.set(String(bench.count));
    if (this.temperature.valueAsNumber !== bench.temperature) this.temperature.value = String(bench.temperature);
    this.temperature.setAttribute("aria-valuetext", figure(bench.temperature));
    this.readout.value = figure(bench.temperature);
    this.another.hidden = !bench.sources.includes("around");
  }

  dispose(): void {
    this.off();
  }
}
