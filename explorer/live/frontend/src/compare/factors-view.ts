import { h } from "../ui/dom";
import type { Board } from "./board";
import { FactorColumn } from "./factor-column";

/** What each dimension of each model knows of the factors of the images. */
export class FactorsView {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "comparison factors" });
  private readonly message = h("p", { className: "hint about" });
  private readonly names = h("div", { className: "factor-names" });
  private readonly strongest = h("span", { className: "hint" });
  private readonly gapNames = h("div", { className: "factor-names" });
  private readonly chosen = h("p", { className: "hint" });
  private readonly columns: FactorColumn[];
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private asked = false;

  constructor(private readonly board: Board) {
    const { models } = board.data;
    this.columns = board.lanes.map((lane, i) => new FactorColumn(board, lane, i));
    this.table.style.setProperty("--models", String(models.length));
    this.root = h("div", {}, this.message, h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "factors side by side" }, this.table));
    const say = board.on("factors", () => this.fill());
    this.off = [
      say,
      ...(["codes", "turn", "factor", "strand", "lead"] as const).map((topic) => board.on(topic, () => this.show())),
      board.on("hand", () => this.trace()),
      board.on("image", (i) => this.columns[i].column.paint()),
      board.on("theme", () => this.columns.forEach((c) => c.drawScatter())),
    ];
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.table);
    this.fill();
  }

  private fill(): void {
    const { board, columns } = this;
    const { factors } = board;
    const known = board.data.models[0].factorNames.length || board.data.models[0].labels;
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
    const count = board.data.models[0].count.toLocaleString("en");
    this.table.replaceChildren(
      h("div", { className: "side" }, h("p", { className: "hint" }, `over ${count} test images`)),
      ...columns.map((c) => h("div", { className: "cell head" }, h("h3", { title: c.column.title }, c.column.title), c.score)),
      ...row("Who knows what", "mutual information of code and factor, in the order of the sliders; a click shows that pair below", columns.map((c) => h("div", { className: "cell" }, c.heat, c.names)), list(this.names), this.strongest),
      ...row("Gap", "between the two dimensions that know most of a factor, in shares of its entropy; MIG is the mean of the accented parts", columns.map((c) => h("div", { className: "cell" }, c.gaps)), list(this.gapNames)),
      ...row("Code against factor", "a dot per image, a line at the mean of each value", columns.map((c) => c.plot), this.chosen),
      ...row("Traversal", "of the same dimension, from −3 to 3", columns.map((c) => c.column.strip)),
      ...row("At the hand", "what every model decodes now", columns.map((c) => c.column.live)),
    );
    this.fit();
    this.columns.forEach((c) => c.column.paint());
    this.show();
  }

  private fit(): void {
    for (const c of this.columns) {
      const width = c.plot.clientWidth;
      if (width <= 0) continue;
      c.column.fit(width);
      c.scatter.fit(width);
      c.drawScatter();
    }
  }

  private show(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      const { board } = this;
      if (!board.factors[board.factor]) return;
      this.chosen.textContent = `${board.factors[board.factor].name} →, code −3 to 3 ↑`;
      const most = Math.max(...this.columns.map((c) => c.most()));
      const ramp = h("i", { className: "ramp" });
      this.strongest.replaceChildren("0 ", ramp, ` ${Math.round(100 * most)} % of the factor's entropy`);
      for (const c of this.columns) {
        c.show(most);
        c.column.trace();
      }
    });
  }

  private trace(): void {
    for (const c of this.columns) c.column.trace();
  }

  dispose(): void {
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    for (const { engine } of this.board.lanes) engine.drop("traversal");
  }
}
