import { BetaControl } from "../page/beta-control";
import { collapseSentence, orderDimensions } from "../latent/dimensions";
import { View } from "../page/view";
import { h, menu } from "../ui/dom";
import { term } from "../ui/term";
import { CodesMap } from "./codes-map";
import { Grid } from "./grid";
import { Inspector } from "./inspector";
import { Metrics } from "./metrics";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";
import type { SamplesData } from "../schema";

/** The column of one model: its samples, their map and their metrics. */
export class ModelColumn extends View {
  readonly root: HTMLElement;
  private readonly grid = new Grid(this.live, this.store);
  private readonly inspector = this.own(new Inspector(this.live, this.store));
  private readonly metrics = new Metrics(this.evaluate);
  private readonly place = h("div", { className: "grid-place" });
  private readonly progress = h("p", { className: "progress", role: "status" });
  private readonly source = menu(`source of the codes of ${this.live.model.title}`, this.live.model.sources.map((s) => [s.key, s.label]), this.store.sources[this.index], (kind) => this.store.setSource(this.index, kind));
  private readonly map: CodesMap | null = this.live.model.projections.length ? this.own(new CodesMap(this.live, this.store, (place) => this.inspector.at(place))) : null;
  private readonly beta: BetaControl | null = this.live.model.betaRange ? this.own(new BetaControl(this.live.model, this.live.engine.beta!, (beta) => this.store.setBeta(this.index, beta), this.live.model.title)) : null;

  constructor(
    private readonly live: ModelSamples,
    private readonly store: SamplesStore,
    private readonly index: number,
    private readonly evaluate: () => void,
  ) {
    super();
    const { model } = live;
    this.place.append(this.grid.canvas, this.progress);
    this.root = h(
      "section",
      { className: "model-column", "aria-label": model.title },
      h("header", {}, h("h3", {}, model.title), h("label", { className: "field" }, h("span", { className: "hint" }, "codes from "), this.source, index === 0 && term("prior"))),
      orderDimensions(model).collapsed && h("p", { className: "hint collapsed" }, collapseSentence(model.latentSize)),
      this.beta?.root,
      h("div", { className: "pair" }, this.place, this.map?.root),
      this.inspector.root,
      this.metrics.root,
    );
    this.onResize(this.place, () => this.fit());
    const mine = (listener: () => void) => (model: number) => (model === index || model < 0) && listener();
    this.onDispose(
      store.on("images", mine(() => this.grid.load())),
      store.on("support", mine(() => this.showSupport())),
      store.on("moved", mine(() => this.map?.move())),
      store.on("codes", mine(() => this.map?.load())),
      store.on("drawn", mine(() => this.map?.show())),
      store.on("busy", mine(() => this.busy())),
      store.on("beta", mine(() => this.showBeta())),
      store.on("hover", () => this.showHovered()),
      store.on("choice", () => this.showChoice()),
    );
    this.grid.load();
    this.map?.load();
    this.showChoice();
    this.showSupport();
    this.busy();
    this.showBeta();
  }

  /** Fits of the codes and scores are those of the default β. */
  private showBeta(): void {
    const { atDefault, model } = this.live;
    this.map?.nameAxes();
    this.source.disabled = this.metrics.root.hidden = !atDefault;
    this.source.title = atDefault ? "" : `At a β of its own, codes come from the prior; other sources and scores are those of β = ${model.beta}.`;
  }

  update(data: SamplesData): void {
    this.metrics.show(this.store.sources[this.index], data.numbers[this.index] ?? {}, data.measures);
  }

  private busy(): void {
    const kind = this.store.pending[this.index];
    this.place.classList.toggle("busy", kind !== "");
    this.progress.textContent = kind === "mixture" ? "fitting a mixture of Gaussians to the codes …" : kind ? "fitting …" : "";
  }

  private fit(): void {
    const room = this.place.clientWidth;
    if (room > 0) this.grid.fit(room);
  }

  private showSupport(): void {
    this.grid.paint();
    this.map?.show();
    this.inspector.show();
  }

  private showHovered(): void {
    this.grid.paint();
    this.map?.point();
    this.inspector.show();
  }

  private showChoice(): void {
    const { store, live, source } = this;
    source.value = store.sources[this.index];
    const from = source.selectedOptions[0]?.textContent ?? "";
    this.grid.canvas.setAttribute("aria-label", `${store.count} ${store.count > 1 ? "images" : "image"} that ${live.model.title} decodes from random codes: ${from}. Arrow keys select one.`);
    this.fit();
  }

  override theme(): void {
    super.theme();
    this.grid.paint();
  }
}
