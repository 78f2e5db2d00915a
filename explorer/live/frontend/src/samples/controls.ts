import { View } from "../page/view";
import { button, Choice, figure, h, menu, slider } from "../ui/dom";
import { COUNTS, type SamplesStore } from "./store";
import { holeScale, supportScale } from "./support";

/** Controls for all models: seed, number and temperature of the random codes. */
export class Controls extends View {
  readonly root: HTMLElement;
  private readonly seed = h("input", { type: "number", min: "0", step: "1", className: "figure seed", "aria-label": "seed of the random codes", title: "the same seed always gives the same codes, also from a link" });
  private readonly count: Choice<string> = new Choice("number of codes", COUNTS.map((n) => [String(n), n === 1 ? "one" : String(n)] as const), String(this.store.count), (n) => this.store.setCount(Number(n)));
  private readonly temperature = slider("temperature: scales the spread of the codes", { min: 0, max: 3, step: 0.01 }, (value) => this.store.setTemperature(value));
  private readonly readout = h("output", { className: "figure" });
  private readonly another = button("Another image", () => this.store.setImage(Math.floor(Math.random() * this.store.imageCount)), "sample around another test image");
  private readonly legend = holeScale("samples: ");
  private readonly ground = supportScale("map background: ");
  private readonly both = supportScale("samples and map background: ");
  private readonly classes: HTMLElement | null;

  constructor(private readonly store: SamplesStore) {
    super();
    this.seed.addEventListener("change", () => store.setSeed(this.seed.valueAsNumber));
    this.temperature.addEventListener("dblclick", () => store.setTemperature(1));
    this.classes = classMenu(store);
    this.legend.title = "distance to the nearest real image, in what a small classifier of the data set sees; in pixels where nothing is known of the images. Blue: as near as 95 % of real test images are to a training image";
    this.ground.title = this.both.title = "distance to the nearest code of a test image, in all latent dimensions. Blue: as near as 95 % of the codes are to each other; red: at least 2.5 times that";
    this.root = h(
      "div",
      { className: "controls" },
      h("span", { className: "joined" }, button("New codes", () => store.setSeed(store.seed + 1), "the next seed"), this.seed),
      this.count.root,
      h("label", { className: "temperature", title: "temperature: every code is mean + temperature · L ε; double-click sets 1" }, h("span", { className: "hint" }, "temperature"), this.temperature, this.readout),
      this.another,
      this.classes,
      this.legend,
      this.ground,
      this.both,
    );
    for (const topic of ["choice", "support"] as const) this.onDispose(store.on(topic, () => this.show()));
    this.show();
  }

  private show(): void {
    const { store } = this;
    this.seed.value = String(store.seed);
    this.count.set(String(store.count));
    if (this.temperature.valueAsNumber !== store.temperature) this.temperature.value = String(store.temperature);
    this.temperature.setAttribute("aria-valuetext", figure(store.temperature));
    this.readout.value = figure(store.temperature);
    this.another.hidden = !store.sources.includes("around");
    const compared = store.liveModels.some((live) => live.real || live.model.real);
    this.legend.hidden = this.ground.hidden = !compared; // without real images, samples have the colour of their code
    this.both.hidden = compared;
  }
}

const IN_TURN = "";

/** Which class conditional models draw; nothing where there is none. */
function classMenu(store: SamplesStore): HTMLElement | null {
  const model = store.models.find(({ classes }) => classes);
  if (!model) return null;
  const names = model.labelNames.slice(0, model.classes).map((name, i) => [String(i), name] as const);
  const choice = menu("class that conditional models draw", [[IN_TURN, "every class in turn"], ...names], String(store.label ?? IN_TURN), (value) => store.setLabel(value === IN_TURN ? undefined : Number(value)));
  return h("label", { className: "field", title: "a conditional model is given the class, and draws that" }, h("span", { className: "hint" }, "class "), choice);
}
