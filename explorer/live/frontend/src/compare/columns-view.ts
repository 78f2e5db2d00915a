import { Through } from "../input/through";
import { dimensionName } from "../latent/dimensions";
import { carriedAtAll } from "../latent/beta-range";
import { spreadRows } from "../latent/rows";
import { oncePerFrame, View } from "../page/view";
import { button, figure, h, menu } from "../ui/dom";
import { Mosaic } from "../ui/mosaic";
import { Picture } from "../ui/picture";
import { Column, IMAGES, SMALL } from "./column";
import type { CompareStore } from "./store";

/** One column per model, one row per kind of images. */
export class ColumnsView extends View {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "comparison" });
  private readonly columns = this.store.liveModels.map((live, i) => new Column(this.store, live, i));
  private readonly originals = new Mosaic(this.store.data.models[0].imageShape, IMAGES, `${IMAGES} test images; click one to start from it`);
  private readonly start = new Picture(this.store.data.models[0].imageShape, SMALL, "starting test image");
  private readonly startCaption = h("figcaption", {});
  private readonly rank: HTMLElement = h("span", {});
  private readonly most = Math.max(1e-3, ...this.store.data.models.flatMap((m) => carriedAtAll(m).rate ?? []));
  private readonly trace = oncePerFrame(() => this.columns.forEach((c) => c.trace()));

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    this.originals.canvas.addEventListener("click", (event) => this.pick(event));
    this.table.style.setProperty("--models", String(models.length));
    this.fill();
    const scroller = h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "models side by side" }, this.table);
    this.root = h("div", {}, scroller, Through.fits(store.liveModels) && this.own(new Through(store.liveModels)).root);
    const all = (act: (column: Column) => void) => () => this.columns.forEach(act);
    const one = (act: (column: Column) => void) => (i: number) => act(this.columns[i]);
    this.onDispose(
      store.on("image", one((c) => c.paint())),
      store.on("codes", one((c) => c.rebuild())),
      store.on("beta", one((c) => c.turnBeta(this.most))),
      store.on("rows", () => this.rows()),
      store.on("seed", all((c) => c.sample())),
      store.on("z", () => (this.showStart(), this.trace())),
      store.on("rank", () => this.showTraversal()),
      store.on("reference", () => this.showDimensions()),
      store.on("rotation", () => this.columns.forEach((c) => (c.trace(), c.rate(this.most)))),
      () => store.liveModels.forEach(({ engine }) => ["rebuilt", "prior", "traversal"].forEach((channel) => engine.drop(channel))),
    );
    this.onResize(this.table, () => this.fit());
    this.columns.forEach((c) => c.paint());
    this.showDimensions();
    this.rows();
    this.showStart();
  }

  private fill(): void {
    const row = (name: string, about: string, cells: HTMLElement[], ...more: HTMLElement[]) => [
      h("div", { className: "row-label" }, h("b", {}, name), h("p", { className: "hint" }, about), ...more),
      ...cells,
    ];
    const { store, columns } = this;
    const start = h("figure", { className: "start" }, this.start.canvas, this.startCaption);
    this.table.replaceChildren(
      h("div", { className: "row-label" }),
      ...columns.map((c) => c.head),
      ...row("Current decode", "of every model", columns.map((c) => c.current), start),
      ...row("Reconstructions", "the same test images; click one to start from it", columns.map((c) => c.rebuilt), this.originals.canvas, button("Other images", () => store.setRows(store.rows + IMAGES))),
      ...row("Random codes", "the same draws from N(0, I)", columns.map((c) => c.prior), button("New codes", () => store.setSeed(store.seed + 1))),
      ...row("Traversal", "one dimension from −3 to 3", columns.map((c) => c.strip), this.rank),
      ...row("Rate", `per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`, columns.map((c) => c.rates)),
    );
  }

  private fit(): void {
    const cell = this.columns[0].current;
    const side = this.originals.canvas.parentElement!;
    for (const column of this.columns) column.fit(cell.clientWidth);
    if (this.originals.fit(Math.min(side.clientWidth, 3 * (SMALL + 2)), 48)) this.drawOriginals();
  }

  private pick(event: MouseEvent): void {
    const i = this.originals.at(event);
    if (i !== null) this.store.setImage(this.imageRows[i]);
  }

  private get imageRows(): number[] {
    return spreadRows(this.store.rows, IMAGES, this.store.liveModels[0].model.count);
  }

  private rows(): void {
    this.columns.forEach((c) => c.rebuild());
    this.drawOriginals();
  }

  private drawOriginals(): void {
    const { library, model } = this.store.liveModels[0];
    const now = this.imageRows;
    now.forEach((row, i) => {
      const canvas = h("canvas", { width: model.imageShape[2], height: model.imageShape[1] });
      void library.drawOriginal(row, canvas).then((drawn) => {
        if (!drawn) this.store.notice(library.missingOriginals);
        else if (this.imageRows[i] === now[i]) this.originals.draw(i, canvas);
      });
    });
  }

  /** Show where the sliders start from. */
  private showStart(): void {
    const { image, liveModels } = this.store;
    const caption = image === null ? "from the prior mean, z = 0" : `from test image ${image}`;
    if (this.startCaption.textContent === caption) return;
    this.startCaption.textContent = caption;
    this.start.canvas.hidden = image === null;
    if (image === null) return;
    const still = () => this.store.image === image;
    void liveModels[0].library.drawOriginal(image, this.start.canvas, still).then((drawn) => still() && (this.start.canvas.hidden = !drawn));
  }

  private showTraversal(): void {
    const { store } = this;
    const select = this.rank.querySelector("select");
    if (select) select.value = String(store.rank);
    this.columns.forEach((c) => {
      c.trace();
      c.rate(this.most);
    });
  }

  private showDimensions(): void {
    const { store } = this;
    const options = store.dimensions.map((k, i) => [String(i), `${i + 1}: ${dimensionName(k)}`] as const);
    const choice = menu("traversed dimension, strongest first", options, String(store.rank), (i) => store.setRank(Number(i)));
    this.rank.replaceChildren(h("span", { className: "hint" }, "by strength "), choice);
    this.columns.forEach((c) => c.sample());
    this.showTraversal();
  }
}
