import type { Batch } from "../engine/engine";
import type { ExploreStore } from "../explore/store";
import { carry } from "../directions/places";
import { button, Choice, h } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import { type Pair, SIDES } from "./exchange";
import { concat, mix } from "./mix";

const SIZE = 72;

/** Several images A down and several images B across: each cell keeps its row and takes from its column. */
export class ExchangeGrid {
  private readonly table = h("div", { className: "exchange-grid" });
  private readonly side: Choice<string> = new Choice("images on a side of the grid", SIDES.map((side) => [String(side), `${side}×${side}`] as const), String(this.store.exchange.grid?.a.length ?? 4), (side) => this.fill(Number(side)));
  private cells: { button: HTMLButtonElement; picture: Picture; pair: Pair }[] = [];
  private laid = "";
  private start = 1;
  readonly root = h(
    "details",
    { className: "more", open: Boolean(this.store.exchange.grid) },
    h("summary", {}, "Grid: several As × several Bs"),
    h("div", { className: "method making-grid" }, this.side.root, button("Other images", () => this.fill(), "other images in all places but the first")),
    this.table,
    h("p", { className: "hint" }, "Each cell keeps the image of its row and takes from that of its column. Click a cell to make the two A and B."),
  );

  constructor(private readonly store: ExploreStore, private readonly channel: string, private readonly changed: () => void) {
    this.root.addEventListener("toggle", () => this.toggle());
  }

  private toggle(): void {
    const { exchange } = this.store;
    if (this.root.open && !exchange.grid) exchange.openGrid();
    if (!this.root.open) exchange.grid = null;
    this.changed();
  }

  private fill(side = this.store.exchange.grid?.a.length): void {
    const { exchange } = this.store;
    exchange.openGrid(side === exchange.grid?.a.length ? (this.start += 17) : this.start, side);
    this.changed();
  }

  /** Build the table for the rows that it has now. */
  show(): void {
    const { exchange } = this.store;
    const { grid, pair } = exchange;
    if (!grid || !this.root.open) return;
    if (this.laid !== JSON.stringify(grid)) this.lay(grid.a, grid.b);
    this.side.set(String(grid.a.length));
    for (const cell of this.cells) cell.button.setAttribute("aria-pressed", String(cell.pair[0] === pair?.[0] && cell.pair[1] === pair[1]));
  }

  private lay(a: number[], b: number[]): void {
    this.laid = JSON.stringify({ a, b });
    this.cells = a.flatMap((row) => b.map((column) => this.cell([row, column])));
    this.table.style.setProperty("--columns", String(b.length + 1));
    const rows = a.map((row, i) => [this.header(row, 0), ...this.cells.slice(i * b.length, (i + 1) * b.length).map((cell) => cell.button)]);
    this.table.replaceChildren(h("span", { className: "corner hint" }, "A ↓ B →"), ...b.map((row) => this.header(row, 1)), ...rows.flat());
  }

  private cell(pair: Pair): { button: HTMLButtonElement; picture: Picture; pair: Pair } {
    const [a, b] = pair.map((row) => row.toLocaleString("en"));
    const picture = new Picture(this.store.model.imageShape, SIZE, `image ${a} with what is taken from image ${b}`);
    const element = button("", () => {
      this.store.exchange.pair = [...pair];
      this.changed();
    }, `image ${a} with what is taken from image ${b}: make them A and B`);
    element.append(picture.canvas);
    return { button: element, picture, pair };
  }

  /** The image of a row or of a column itself. */
  private header(row: number, which: 0 | 1): HTMLElement {
    const { store } = this;
    const picture = new Picture(store.model.imageShape, SIZE, `image ${row.toLocaleString("en")}`);
    const name = which ? "B" : "A";
    const element = button("", () => {
      store.exchange.pair![which] = row;
      this.changed();
    }, `image ${row.toLocaleString("en")}: make it ${name}`);
    element.className = "heading";
    element.draggable = true;
    element.addEventListener("dragstart", (event) => carry(event, row));
    element.append(picture.canvas);
    void store.engine.decode(store.codeOf(row)!, store.labelOf(row)).then(
      (rgba) => {
        picture.paint(rgba);
        void store.library.drawOriginal(row, picture.canvas);
      },
      () => undefined,
    );
    return element;
  }

  /** All cells to decode; null while the grid is closed. */
  batch(): Batch | null {
    const { store } = this;
    const { exchange } = store;
    if (!exchange.grid || !this.root.open || !this.cells.length) return null;
    const pictures = this.cells.map(({ picture }) => picture);
    const codes = this.cells.map(({ pair }) => mix(store.codeOf(pair[0])!, store.codeOf(pair[1])!, exchange.span(pair), exchange.blend));
    const labels = store.model.classes ? this.cells.map(({ pair }) => store.labelOf(pair[exchange.givesClass ? 1 : 0]) ?? 0) : undefined;
    return { channel: this.channel, z: concat(codes), count: codes.length, ...(labels ? { labels } : {}), done: (rgba, count) => count === pictures.length && paintAll(pictures, rgba) };
  }
}
