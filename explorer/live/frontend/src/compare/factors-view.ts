import { oncePerFrame, View } from "../page/view";
import { h } from "../ui/dom";
import { FactorColumn } from "./factor-column";
import type { CompareStore } from "./store";

/** Information of each dimension of each model about the factors of the images. */
export class FactorsView extends View {
  private readonly table = h("div", { className: "comparison factors" });
  private readonly message = h("p", { className: "hint about" });
  private readonly names = h("div", { className: "factor-names" });
  private readonly strongest = h("span", { className: "hint" });
  private readonly gapNames = h("div", { className: "factor-names" });
  private readonly axes = h("p", { className: "hint" });
  private readonly columns = this.store.liveModels.map((live, i) => new FactorColumn(this.store, live, i));
  private readonly show = oncePerFrame(() => this.draw());
  readonly root = h("div", {}, this.message, h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "factors side by side" }, this.table));

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    for (const column of this.columns) this.own(column.scatter);
    this.table.style.setProperty("--models", String(models.length));
    this.onDispose(
      store.on("factors", () => this.fill()),
      ...(["codes", "rotation", "factor", "rank", "reference"] as const).map((topic) => store.on(topic, this.show)),
      store.on("z", () => this.columns.forEach((c) => c.column.trace())),
      store.on("image", (i) => this.columns[i].column.paint()),
      store.on("beta", (i) => this.columns[i].column.showBeta()),
      () => store.liveModels.forEach(({ engine }) => engine.drop("traversal")),
    );
    this.onResize(this.table, () => this.fit());
    this.fill();
  }

  private fill(): void {
    const { store, columns } = this;
    const { factors } = store;
    const comparable = store.data.models[0].factorNames.length || store.data.models[0].labels;
    this.message.textContent = !comparable
      ? "These images have neither factors nor classes to compare codes with."
      : factors.length === 1
        ? "These images have a class and no other factors: information about the class is meaningful, a disentanglement score is not."
        : "";
    if (!factors.length) return;
    const row = (name: string, about: string, cells: HTMLElement[], side?: HTMLElement, more?: HTMLElement) => [
      h("p", { className: "heading" }, h("b", {}, name), h("span", { className: "hint" }, about), more),
      h("div", { className: "row-label" }, side),
      ...cells,
    ];
    const list = (into: HTMLElement) => {
      into.replaceChildren(...factors.map((factor) => h("span", {}, factor.name)));
      return into;
    };
    const count = store.data.models[0].count.toLocaleString("en");
    this.table.replaceChildren(
      h("div", { className: "row-label" }, h("p", { className: "hint" }, `over ${count} test images`)),
      ...columns.map((c) => h("div", { className: "cell head" }, h("h3", { title: c.column.title }, c.column.title), c.column.control, c.score)),
      ...row("Mutual information", "of each dimension with each factor, in the order of the sliders; click a cell to plot that pair below", columns.map((c) => h("div", { className: "cell" }, c.heat, c.names)), list(this.names), this.strongest),
      ...row("Gap", "between the two dimensions with the most information about a factor, as a share of its entropy; MIG is the mean of the coloured gaps", columns.map((c) => h("div", { className: "cell" }, c.gaps)), list(this.gapNames)),
      ...row("Code against factor", "one dot per image, a line at the mean code of each value", columns.map((c) => c.plot), this.axes),
      ...row("Traversal", "of the same dimension, from −3 to 3", columns.map((c) => c.column.strip)),
      ...row("Current decode", "of every model", columns.map((c) => c.column.current)),
    );
    this.fit();
    this.columns.forEach((c) => c.column.paint());
    this.show();
  }

  private fit(): void {
    for (const c of this.columns) {
      c.column.fit(c.plot.clientWidth);
    }
  }

  private draw(): void {
    const factor = this.store.factors[this.store.factor];
    if (!factor) return;
    this.axes.textContent = `→ ${factor.name}, ↑ code from −3 to 3`;
    const most = Math.max(...this.columns.map((c) => c.most()));
    this.strongest.replaceChildren("0 ", h("i", { className: "ramp" }), ` ${Math.round(100 * most)} % of the factor's entropy`);
    for (const c of this.columns) {
      c.show(most);
      c.column.trace();
    }
  }
}
