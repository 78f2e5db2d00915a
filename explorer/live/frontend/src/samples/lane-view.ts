import { h, menu } from "../ui/dom";
import type { Bench } from "./bench";
import { CodesMap } from "./codes-map";
import { Grid } from "./grid";
import { Inspector } from "./inspector";
import type { Lane } from "./lane";
import { Numbers } from "./numbers";
import type { SamplesData } from "./types";

/** The column of one model: its samples, the map that explains them, and the numbers that judge them. */
export class LaneView {
  readonly root: HTMLElement;
  private readonly grid: Grid;
  private readonly map: CodesMap | null;
  private readonly inspector: Inspector;
  private readonly numbers: Numbers;
  private readonly place = h("div", { className: "grid-place" });
  private readonly awaited = h("p", { className: "awaited", role: "status" });
  private readonly source: HTMLSelectElement;
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];

  constructor(
    private readonly lane: Lane,
    private readonly bench: Bench,
    private readonly index: number,
    judge: () => void,
  ) {
    const { model } = lane;
    this.grid = new Grid(lane, bench);
    this.inspector = new Inspector(lane, bench);
    this.map = model.projections.length ? new CodesMap(lane, bench, (place) => this.inspector.at(place)) : null;
    this.numbers = new Numbers(judge);
    this.source = menu(`where the codes of ${model.title} come from`, model.sources.map((s) => [s.key, s.label]), bench.sources[index], (kind) => bench.setSource(index, kind));
    this.place.append(this.grid.canvas, this.awaited);
    this.root = h(
      "section",
      { className: "lane", "aria-label": model.title },
      h("header", {}, h("h3", {}, model.title), h("label", { className: "by" }, h("span", { className: "hint" }, "codes from "), this.source)),
      h("div", { className: "pair" }, this.place, this.map?.frame),
      this.inspector.root,
      this.numbers.root,
    );
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.place);
    const mine = (listener: () => void) => (lane: number) => (lane === index || lane < 0) && listener();
    this.off = [
      bench.on("images", mine(() => this.grid.load())),
      bench.on("support", mine(() => this.supported())),
      bench.on("codes", mine(() => this.map?.load())),
      bench.on("drawn", mine(() => this.map?.show())),
      bench.on("busy", mine(() => this.busy())),
      bench.on("hover", () => this.pointed()),
      bench.on("choice", () => this.chosen()),
      bench.on("theme", () => this.themed()),
    ];
    this.grid.load();
    this.map?.load();
    this.chosen();
    this.supported();
    this.busy();
    this.themed();
  }

  update(data: SamplesData): void {
    const { sources, lanes } = this.bench;
    this.numbers.show(sources[this.index], data.numbers[lanes.indexOf(this.lane)] ?? {}, data.measures);
  }

  private busy(): void {
    const kind = this.bench.awaited[this.index];
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
    const { bench, lane, source } = this;
    source.value = bench.sources[this.index];
    const from = source.selectedOptions[0]?.textContent ?? "";
    this.grid.describe(`${bench.count} ${bench.count > 1 ? "images" : "image"} that ${lane.model.title} decodes from random codes: ${from}. Arrow keys go through them.`);
    this.fit();
  }

  private themed(): void {
    this.map?.theme();
    this.grid.paint();
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
    this.sized.disconnect();
    this.inspector.dispose();
    this.map?.dispose();
  }
}
