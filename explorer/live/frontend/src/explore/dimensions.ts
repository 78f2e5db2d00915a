import { collapseSentence, rangeOf } from "../latent/dimensions";
import type { RangeChoice } from "../schema";
import { betaText } from "../page/beta-control";
import { View } from "../page/view";
import { Choice, h } from "../ui/dom";
import { term } from "../ui/term";
import { DimensionRow } from "./dimension-row";
import { RowList } from "./row-list";
import type { ExploreStore } from "./store";

/** All latent dimensions as sliders, the most informative first and dead ones folded away. */
export class Dimensions extends View {
  readonly root = h("section", { className: "dimensions", "aria-label": "latent dimensions" });
  readonly rows: DimensionRow[];
  private readonly strips = this.own(new RowList(this.store, this.root));
  private readonly list: HTMLElement;
  private readonly choice: Choice<RangeChoice["kind"]> = new Choice("range of the sliders", [["prior", "prior"], ["data", "data 1–99 %"]], this.store.range.kind, (kind) => this.store.put("range", { ...this.store.range, kind }, "range"));
  private readonly k = h("input", { type: "number", min: "0.5", max: "10", step: "0.5", className: "figure", "aria-label": "range in prior standard deviations" });

  constructor(private readonly store: ExploreStore) {
    super();
    const { order: dimensions } = store;
    const make = (dimensions: number[]) => dimensions.map((k) => new DimensionRow(store, k, this.strips.prefix));
    const [live, dead] = [make(dimensions.live), make(dimensions.dead)];
    this.rows = [...live, ...dead];
    this.k.addEventListener("input", () => {
      const k = this.k.valueAsNumber;
      if (k >= 0.5 && k <= 10) store.put("range", { kind: "prior", k }, "range");
    });
    this.k.addEventListener("blur", () => (this.k.value = String(store.range.k)));
    this.list = h("div", { className: "rows" }, ...live.map((row) => row.root));
    const folded = dead.length
      ? h(
          "details",
          { className: "dead" },
          h("summary", {}, `${dead.length} dead ${dead.length === 1 ? "dimension" : "dimensions"}: images do not depend on ${dead.length === 1 ? "it" : "them"}`),
          ...dead.map((row) => row.root),
        )
      : null;
    const { rate, latentSize: d } = store.model;
    const plural = live.length === 1 ? "dimension" : "dimensions";
    const count = !rate ? h("span", { className: "hint" }, `${live.length} ${plural}, largest variance first`, term("latent"))
      : dimensions.collapsed ? h("span", { className: "collapsed" }, collapseSentence(d), term("collapse"))
      : h("span", { className: "hint" }, this.counted(live.length, dead.length, plural), term("active"), " by rate", term("rate"), " in nats", term("nats"));
    this.root.append(
      h(
        "header",
        {},
        count,
        h("span", { className: "range" }, h("span", { className: "hint" }, "range", term("prior")), this.choice.root, h("label", { className: "sigma" }, "± ", this.k, store.model.rate ? " σ" : ""), store.model.rate ? term("sigma") : ""),
      ),
      this.list,
      ...(folded ? [folded] : []),
    );
    this.onDispose(
      store.on("range", () => this.newRange()),
      store.on("beta", () => this.rows.forEach((row) => row.showCarried())),
    );
    this.newRange();
    this.strips.set(this.rows);
  }

  /** How many dimensions are active; of a model of a range, whose slider says how many, at which β these are. */
  private counted(live: number, dead: number, plural: string): string {
    const { betaRange, latentSize } = this.store.model;
    if (betaRange) return `dimensions active at β = ${betaText(betaRange.betas[0])}`;
    return dead ? `${live} of ${latentSize} dimensions active` : `${live} active ${plural}`;
  }

  private newRange(): void {
    const { range, ranges } = this.store;
    this.choice.set(range.kind);
    // not under the typing hand: “2.” on the way to 2.5 would become 2
    if (!this.k.matches(":focus")) this.k.value = String(range.k);
    for (const row of this.rows) row.setRange(...rangeOf(range, row.k, ranges));
    this.strips.show();
  }
}
