import { View } from "../page/view";
import { h, menu } from "../ui/dom";
import { CodesMap } from "./codes-map";
import { Grid } from "./grid";
import { Inspector } from "./inspector";
import { Metrics } from "./metrics";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";
import type { SamplesData } from "../schema";

/** The column of one model: its samples, the map that explains them, and the numbers that judge them. */
export class ModelColumn extends View {
  readonly root: HTMLElement;
  private readonly grid: Grid;
  private readonly map: CodesMap | null;
  private readonly inspector: Inspector;
  private readonly metrics: Metrics;
  private readonly place = h("div", { className: "grid-place" });
  private readonly awaited = h("p", { className: "awaited", role: "status" });
  private readonly source: HTMLSelectElement;

  constructor(
    private readonly live: ModelSamples,
    private readonly store: SamplesStore,
    private readonly index: number,
    judge: () => void,
  ) {
    super();
    const { model } = live;
    this.grid = new Grid(live, store);
    this.inspector = this.own(new Inspector(live, store));
    this.map = model.projections.length ? this.own(new CodesMap(live, store, (place) => this.inspector.at(place))) : null;
    this.metrics = new Metrics(judge);
    this.source = menu(`where the codes of ${model.title} come from`, model.sources.map((s) => [s.key, s.label]), store.sources[index], (kind) => store.setSource(index, kind));
    this.place.append(this.grid.canvas, this.awaited);
    this.root = h(
      "section",
      { className: "lane", "aria-label": model.title },
      h("header", {}, h("h3", {}, model.title), h("label", { className: "by" }, h("span", { className: "hint" }, "codes from "), this.source)),
      h("div", { className: "pair" }, this.place, this.map?.root),
      this.inspector.root,
      this.metrics.root,
    );
    this.onResize(this.place, () => this.fit());
    const mine = (listener: () => void) => (model: number) => (model === index || model < 0) && listener();
    this.onDispose(
      store.on("images", mine(() => this.grid.load())),
      store.on("support", mine(() => this.supported())),
      store.on("codes", mine(() => this.map?.load())),
      store.on("drawn", mine(() => this.map?.show())),
      store.on("busy", mine(() => this.busy())),
      store.on("hover", () => this.pointed()),
      store.on("choice", () => this.chosen()),
    );
    this.grid.load();
    this.map?.load();
    this.chosen();
    this.supported();
    this.busy();
  }

  update(data: SamplesData): void {
    this.metrics.show(this.store.sources[this.index], data.numbers[this.index] ?? {}, data.measures);
  }

  private busy(): void {
    const kind = this.store.awaited[this.index];
    this.place.classList.toggle("waits", kind !== "");
    this.awaited.textContent = kind === "mixture" ? "fitting a mixture of Gaussians to the codes …" : kind ? "fitting …" : "";
  }

  private fit(): void {
    const room = this.place.clientWidth;
    if (room > 0) this.grid.fit(room);
  }

  private supported(): void {
    this.grid.paint();
    this.map?.show();
    this.inspector.show();
  }

  private pointed(): void {
    this.grid.paint();
    this.map?.point();
    this.inspector.show();
  }

  private chosen(): void {
    const { store, live, source } = this;
    source.value = store.sources[this.index];
    const from = source.selectedOptions[0]?.textContent ?? "";
    this.grid.canvas.setAttribute("aria-label", `${store.count} ${store.count > 1 ? "images" : "image"} that ${live.model.title} decodes from random codes: ${from}. Arrow keys go through them.`);
    this.fit();
  }

  override theme(): void {
    super.theme();
    this.grid.paint();
  }
}
