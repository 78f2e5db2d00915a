import { oncePerFrame, View } from "../page/view";
import { h } from "../ui/dom";
import { FactorColumn } from "./factor-column";
import type { CompareStore } from "./store";

/** What each dimension of each model knows of the factors of the images. */
export class FactorsView extends View {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "comparison factors" });
  private readonly message = h("p", { className: "hint about" });
  private readonly names = h("div", { className: "factor-names" });
  private readonly strongest = h("span", { className: "hint" });
  private readonly gapNames = h("div", { className: "factor-names" });
  private readonly chosen = h("p", { className: "hint" });
  private readonly columns: FactorColumn[];
  private readonly show = oncePerFrame(() => this.draw());

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    this.columns = store.liveModels.map((live, i) => new FactorColumn(store, live, i));
    for (const column of this.columns) this.own(column.scatter);
    this.table.style.setProperty("--models", String(models.length));
    this.root = h("div", {}, this.message, h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "factors side by side" }, this.table));
    this.onDispose(
      store.on("factors", () => this.fill()),
      ...(["codes", "rotation", "factor", "strand", "lead"] as const).map((topic) => store.on(topic, this.show)),
      store.on("z", () => this.columns.forEach((c) => c.column.trace())),
      store.on("image", (i) => this.columns[i].column.paint()),
      () => store.liveModels.forEach(({ engine }) => engine.drop("traversal")),
    );
    this.onResize(this.table, () => this.fit());
    this.fill();
  }

  private fill(): void {
    const { store, columns } = this;
    const { factors } = store;
    const known = store.data.models[0].factorNames.length || store.data.models[0].labels;
    this.message.textContent = !known
      ? "These images have neither factors nor classes, so there is nothing to compare codes with."
      : factors.length === 1
        ? "These images have a class and no other factors: what each dimension knows of the class has a meaning, a score of disentanglement has not."
        : "";
    if (!factors.length) return;
    const row = (name: string, about: string, cells: HTMLElement[], side?: HTMLElement, more?: HTMLElement) => [
      h("p", { className: "heading" }, h("b", {}, name), h("span", { className: "hint" }, about), more),
      h("div", { className: "side" }, side),
      ...cells,
    ];
    const list = (into: HTMLElement) => {
      into.replaceChildren(...factors.map((factor) => h("span", {}, factor.name)));
      return into;
    };
    const count = store.data.models[0].count.toLocaleString("en");
    this.table.replaceChildren(
      h("div", { className: "side" }, h("p", { className: "hint" }, `over ${count} test images`)),
      ...columns.map((c) => h("div", { className: "cell head" }, h("h3", { title: c.column.title }, c.column.title), c.score)),
      ...row("Who knows what", "mutual information of code and factor, in the order of the sliders; a click shows that pair below", columns.map((c) => h("div", { className: "cell" }, c.heat, c.names)), list(this.names), this.strongest),
      ...row("Gap", "between the two dimensions that know most of a factor, in shares of its entropy; MIG is the mean of the accented parts", columns.map((c) => h("div", { className: "cell" }, c.gaps)), list(this.gapNames)),
      ...row("Code against factor", "a dot per image, a line at the mean of each value", columns.map((c) => c.plot), this.chosen),
      ...row("Traversal", "of the same dimension, from −3 to 3", columns.map((c) => c.column.strip)),
      ...row("At the hand", "what every model decodes now", columns.map((c) => c.column.current)),
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
    this.chosen.textContent = `${factor.name} →, code −3 to 3 ↑`;
    const most = Math.max(...this.columns.map((c) => c.most()));
    this.strongest.replaceChildren("0 ", h("i", { className: "ramp" }), ` ${Math.round(100 * most)} % of the factor's entropy`);
    for (const c of this.columns) {
      c.show(most);
      c.column.trace();
    }
  }
}
