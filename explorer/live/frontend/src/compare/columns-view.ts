import { dimensionName } from "../latent/dimensions";
import { spreadRows } from "../samples/rows";
import { button, figure, h, menu } from "../ui/dom";
import { Mosaic } from "../ui/mosaic";
import { Picture } from "../ui/picture";
import type { Board } from "./board";
import { Column, SHOWN, SMALL } from "./column";

/** One column per model, and in every row the same thing asked of each. */
export class ColumnsView {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "comparison" });
  private readonly columns: Column[];
  private readonly originals: Mosaic;
  private readonly start: Picture;
  private readonly started = h("figcaption", {});
  private readonly strand: HTMLElement = h("span", {});
  private readonly most: number;
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private asked = false;

  constructor(private readonly board: Board) {
    const { models } = board.data;
    this.columns = board.lanes.map((lane, i) => new Column(board, lane, i));
    this.originals = new Mosaic(models[0].imageShape, SHOWN, `${SHOWN} test images; a click starts the hand from one`);
    this.originals.canvas.addEventListener("click", (event) => this.pick(event));
    this.start = new Picture(models[0].imageShape, SMALL, "test image that the hand starts from");
    this.most = Math.max(1e-3, ...models.flatMap((m) => m.rate ?? []));
    this.table.style.setProperty("--models", String(models.length));
    this.fill();
    this.root = h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "models side by side" }, this.table);
    const all = (act: (column: Column) => void) => () => this.columns.forEach(act);
    const one = (act: (column: Column) => void) => (i: number) => act(this.columns[i]);
    this.off = [
      board.on("image", one((c) => c.paint())),
      board.on("codes", one((c) => c.rebuild())),
      board.on("rows", () => this.rows()),
      board.on("seed", all((c) => c.sample())),
      board.on("hand", () => this.moved()),
      board.on("strand", () => this.chosen()),
      board.on("lead", () => this.led()),
      board.on("turn", () => this.columns.forEach((c) => (c.trace(), c.rate(this.most)))),
    ];
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.table);
    this.columns.forEach((c) => c.rebuild());
    this.led();
    this.rows();
    this.begin();
  }

  private fill(): void {
    const row = (name: string, about: string, cells: HTMLElement[], ...more: HTMLElement[]) => [
      h("div", { className: "side" }, h("b", {}, name), h("p", { className: "hint" }, about), ...more),
      ...cells,
    ];
    const { board, columns } = this;
    const start = h("figure", { className: "start" }, this.start.canvas, this.started);
    this.table.replaceChildren(
      h("div", { className: "side" }),
      ...columns.map((c) => c.head),
      ...row("At the hand", "what every model decodes now", columns.map((c) => c.live), start),
      ...row("Rebuilt", "the same test images; click one to start from it", columns.map((c) => c.rebuilt), this.originals.canvas, button("Other images", () => board.setRows(board.rows + SHOWN))),
      ...row("Random codes", "the same draws from N(0, I)", columns.map((c) => c.prior), button("New codes", () => board.setSeed(board.seed + 1))),
      ...row("Traversal", "one dimension from −3 to 3", columns.map((c) => c.strip), this.strand),
      ...row("Rate", `per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`, columns.map((c) => c.rates)),
    );
  }

  private fit(): void {
    const cell = this.columns[0].live;
    const side = this.originals.canvas.parentElement!;
    for (const column of this.columns) column.fit(cell.clientWidth);
    if (this.originals.fit(Math.min(side.clientWidth, 3 * (SMALL + 2)), 48)) this.drawOriginals();
  }

  private pick(event: MouseEvent): void {
    const i = this.originals.at(event);
    if (i !== null) this.board.setImage(this.shown[i]);
  }

  private get shown(): number[] {
    return spreadRows(this.board.rows, SHOWN, this.board.lanes[0].model.count);
  }

  private rows(): void {
    this.columns.forEach((c) => c.rebuild());
    this.drawOriginals();
  }

  private drawOriginals(): void {
    const { library, model } = this.board.lanes[0];
    const now = this.shown;
    now.forEach((row, i) => {
      const canvas = h("canvas", { width: model.imageShape[2], height: model.imageShape[1] });
      void library.drawOriginal(row, canvas).then((drawn) => {
        if (!drawn) this.board.notice(library.missingOriginals);
        else if (this.shown[i] === now[i]) this.originals.draw(i, canvas);
      });
    });
  }

  private moved(): void {
    this.begin();
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.columns.forEach((c) => c.trace());
    });
  }

  private begin(): void {
    const { image, lanes } = this.board;
    const said = image === null ? "from the middle, z = 0" : `from test image ${image}`;
    if (this.started.textContent === said) return;
    this.started.textContent = said;
    this.start.canvas.hidden = image === null;
    if (image === null) return;
    const still = () => this.board.image === image;
    void lanes[0].library.drawOriginal(image, this.start.canvas, still).then((drawn) => still() && (this.start.canvas.hidden = !drawn));
  }

  private chosen(): void {
    const { board } = this;
    const select = this.strand.querySelector("select");
    if (select) select.value = String(board.strand);
    this.columns.forEach((c) => {
      c.trace();
      c.rate(this.most);
    });
  }

  private led(): void {
    const { board } = this;
    const options = board.dimensions.map((k, i) => [String(i), `${i + 1}: ${dimensionName(k)}`] as const);
    const choice = menu("which dimension is traversed, the strongest first", options, String(board.strand), (i) => board.setStrand(Number(i)));
    this.strand.replaceChildren(h("span", { className: "hint" }, "strongest "), choice);
    this.columns.forEach((c) => c.sample());
    this.chosen();
  }

  dispose(): void {
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    for (const { engine } of this.board.lanes) for (const channel of ["rebuilt", "prior", "traversal"]) engine.drop(channel);
  }
}
