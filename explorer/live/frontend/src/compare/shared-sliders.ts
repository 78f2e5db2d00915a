import { collapseSentence, dimensionName } from "../latent/dimensions";
import { View } from "../page/view";
import { button, figure, h, menu, slider, stepByKeys } from "../ui/dom";
import { term } from "../ui/term";
import { type CompareStore, REACH } from "./store";

/** Sliders for all models: the dimensions of the reference model, the strongest first. */
export class SharedSliders extends View {
  private readonly list = h("div", { className: "sliders" });
  private readonly reference = menu("reference model, whose dimensions are the sliders", this.store.data.models.map((m, i) => [String(i), m.title]), String(this.store.reference), (i) => this.store.setReference(Number(i)));
  private sliders: SharedSlider[] = [];
  readonly root = h(
    "section",
    { className: "shared-sliders", "aria-label": "sliders for all models" },
    h(
      "header",
      {},
      h("b", {}, "Shared sliders"),
      h("label", { className: "field" }, h("span", { className: "hint" }, "dimensions of "), this.reference),
      button("Reset", () => this.store.setImage(null), "set every model to the prior mean, z = 0"),
      h("span", { className: "hint" }, "strongest first; in every other model, each slider moves the dimension with the most correlated codes"),
    ),
    this.list,
  );

  constructor(private readonly store: CompareStore) {
    super();
    this.onDispose(
      ...(["z", "rank"] as const).map((topic) => store.on(topic, () => this.show())),
      ...(["factors", "codes", "rotation"] as const).map((topic) => store.on(topic, () => this.name())),
      store.on("reference", () => this.fill()),
    );
    this.fill();
  }

  private fill(): void {
    const { store } = this;
    this.reference.value = String(store.reference);
    const { live, dead, collapsed } = store.order;
    const nothing = collapsed && h("p", { className: "notice collapsed" }, `${collapseSentence(live.length)} in ${store.data.models[store.reference].title}.`, term("collapse"));
    this.sliders = store.dimensions.map((k, rank) => new SharedSlider(store, k, rank));
    const [visible, folded] = [this.sliders.slice(0, live.length), this.sliders.slice(live.length)];
    const rest = dead.length
      ? [h("details", { className: "dead" }, h("summary", {}, `${dead.length} dead in ${store.data.models[store.reference].title}`), h("div", { className: "sliders" }, ...folded.map((s) => s.root)))]
      : [];
    this.list.replaceChildren(...(nothing ? [nothing] : []), ...visible.map((s) => s.root), ...rest);
    this.name();
    this.show();
  }

  /** Show the factor of each dimension, once factors and codes have arrived. */
  private name(): void {
    for (const slider of this.sliders) slider.showName();
    this.root.classList.toggle("named", this.store.factors.length > 1);
  }

  private show(): void {
    for (const slider of this.sliders) slider.show();
  }
}

class SharedSlider {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly value = h("output", { className: "figure" });
  private readonly name: HTMLButtonElement;

  constructor(
    private readonly store: CompareStore,
    private readonly k: number,
    private readonly rank: number,
  ) {
    const { rate, title } = store.data.models[store.reference];
    const name = dimensionName(k);
    this.name = button("", () => store.setRank(rank), `traverse ${name}, number ${rank + 1} by strength in ${title}`);
    this.slider = slider(`dimension ${k + 1} of ${title}, in every model${rate ? `, ${figure(rate[k])} nats` : ""}`, { min: -REACH, max: REACH, step: "any" }, (value) => store.setValue(k, value));
    this.slider.addEventListener("dblclick", () => store.setValue(k, 0));
    stepByKeys(this.slider, 0.1, 0.5, (by) => store.setValue(k, Math.max(-REACH, Math.min(REACH, Number((store.value(k) + by).toFixed(4))))));
    this.root = h("div", { className: "shared-slider" }, this.name, this.slider, this.value);
  }

  showName(): void {
    const { store, k } = this;
    const purpose = store.nameOf(store.reference, k);
    this.name.replaceChildren(dimensionName(k), purpose ? h("small", {}, ` ${purpose}`) : "");
  }

  show(): void {
    const value = this.store.value(this.k);
    if (Math.abs(this.slider.valueAsNumber - value) > 1e-6) this.slider.value = String(value);
    const text = figure(value);
    if (this.value.value !== text) this.value.value = text;
    this.slider.setAttribute("aria-valuetext", text);
    this.slider.classList.toggle("outside", Math.abs(value) > REACH + 1e-6);
    this.name.setAttribute("aria-pressed", String(this.store.rank === this.rank));
  }
}
