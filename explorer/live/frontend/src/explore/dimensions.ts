import { collapseSentence, rangeOf } from "../latent/dimensions";
import type { RangeChoice } from "../schema";
import { oncePerFrame, View } from "../page/view";
import { Choice, h } from "../ui/dom";
import { term } from "../ui/term";
import { DimensionRow } from "./dimension-row";
import type { ExploreStore } from "./store";

let instances = 0;

/** All latent dimensions as sliders, the most informative first and dead ones folded away. */
export class Dimensions extends View {
  readonly root: HTMLElement;
  readonly rows: DimensionRow[];
  private readonly prefix = `dims${++instances}/`;
  private readonly list: HTMLElement;
  private readonly choice: Choice<RangeChoice["kind"]>;
  private readonly k: HTMLInputElement;
  /** Decode the visible strips, at most once per frame. */
  private readonly decode = oncePerFrame(() => {
    const batches = this.rows.map((row) => row.visible && row.batch(this.prefix));
    this.store.engine.decodeMany(batches.filter((batch) => !!batch));
  });

  constructor(private readonly store: ExploreStore) {
    super();
    const { order: dimensions } = store;
    const make = (dimensions: number[]) => dimensions.map((k) => new DimensionRow(store, k, this.prefix));
    const [live, dead] = [make(dimensions.live), make(dimensions.dead)];
    this.rows = [...live, ...dead];
    this.choice = new Choice("range of the sliders", [["prior", "prior"], ["data", "data 1–99 %"]], store.range.kind, (kind) => store.put("range", { ...store.range, kind }, "range"));
    this.k = h("input", { type: "number", min: "0.5", max: "10", step: "0.5", className: "figure", "aria-label": "range in prior standard deviations" });
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
      : h("span", { className: "hint" }, dead.length ? `${live.length} of ${d} dimensions active${store.beta ? " at some β" : ""}` : `${live.length} active ${plural}`, term("active"), " by rate", term("rate"), " in nats", term("nats"));
    this.root = h(
      "section",
      { className: "dimensions", "aria-label": "latent dimensions" },
      h(
        "header",
        {},
        count,
        h("span", { className: "range" }, h("span", { className: "hint" }, "range", term("prior")), this.choice.root, h("label", { className: "sigma" }, "± ", this.k, store.model.rate ? " σ" : ""), store.model.rate ? term("sigma") : ""),
      ),
      this.list,
      folded,
    );
    this.onDispose(
      store.on("z", () => this.changed()),
      store.on("range", () => this.newRange()),
      store.on("beta", () => this.newBeta()),
      store.on("label", () => this.changed()),
      () => store.engine.drop(this.prefix),
    );
    this.newRange();
    this.watch();
  }

  /** Decode strips on screen only, the others once they are scrolled to. */
  private watch(): void {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const row = this.rows.find((r) => r.root === entry.target);
          if (row) row.visible = entry.isIntersecting;
        }
        this.changed();
      },
      { rootMargin: "120px" },
    );
    for (const row of this.rows) observer.observe(row.root);
    this.onDispose(() => observer.disconnect());
    this.onResize(this.root, () => this.fit());
  }

  private fit(): void {
    const style = getComputedStyle(this.root);
    const margins = ["--label-width", "--number-width"].reduce((sum, name) => sum + (parseFloat(style.getPropertyValue(name)) || 0), 0);
    const stacked = this.root.clientWidth < 520;
    this.root.classList.toggle("stacked", stacked);
    const width = this.root.clientWidth - (stacked ? 0 : margins + 28);
    for (const row of this.rows) row.fit(Math.max(width, 120));
    this.changed();
  }

  private newRange(): void {
    const { range, ranges } = this.store;
    this.choice.set(range.kind);
    // not under the typing hand: “2.” on the way to 2.5 would become 2
    if (!this.k.matches(":focus")) this.k.value = String(range.k);
    for (const row of this.rows) row.setRange(...rangeOf(range, row.k, ranges));
    this.changed();
  }

  private newBeta(): void {
    for (const row of this.rows) row.showCarried();
    this.changed();
  }

  private changed(): void {
    for (const row of this.rows) row.show();
    this.decode();
  }
}
