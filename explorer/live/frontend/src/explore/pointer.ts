import type { Plane } from "../latent/plane";
import type { Point } from "../map";
import { View } from "../page/view";
import { figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { ExploreStore } from "./store";

const SIZE = 86;

/** The decode of the position under the pointer, and the nearest test image with its reconstruction. */
export class Pointer extends View {
  private readonly here = new Picture(this.store.model.imageShape, SIZE, "decoded under the pointer");
  private readonly rebuilt = new Picture(this.store.model.imageShape, SIZE, "reconstruction of the nearest image");
  private readonly original = new Picture(this.store.model.imageShape, SIZE, "nearest image");
  private readonly captions = ["here", "reconstruction", "original"].map((text) => h("figcaption", {}, text));
  private readonly figures = [this.here, this.rebuilt, this.original].map(({ canvas }, i) =>
    h("figure", { className: "empty" }, h("div", { className: "slot" }, canvas), this.captions[i]),
  );
  private readonly place = h("p", { className: "hint place" });
  readonly root = h("div", { className: "pointer" }, ...this.figures, this.place);
  private readonly hereFrames = this.store.live.frames((rgba) => this.here.paint(rgba));
  private readonly rebuiltFrames = this.store.live.frames((rgba) => this.rebuilt.paint(rgba), () => this.store.labelOf(this.row));
  private row: number | null = null;
  private labels: Uint8Array | Uint16Array | null = null;

  constructor(private readonly store: ExploreStore) {
    super();
    this.onDispose(() => this.hereFrames.stop(), () => this.rebuiltFrames.stop(), () => this.root.remove());
    this.rest();
    void store.library.labels().then((labels) => (this.labels = labels));
  }

  /** The pointer is at a position and picks the image of `row`, if any. */
  show(at: Point | null, row: number | null, plane: Plane | null): void {
    if (!at) return this.rest();
    const z = plane?.lift(at.x, at.y) ?? null;
    this.fill(0, z !== null);
    if (z) this.hereFrames.request(z);
    const code = row === null ? null : this.store.codeOf(row);
    this.fill(1, code !== null);
    if (row !== this.row) {
      this.showOriginal(code ? row : null);
      if (code) this.rebuiltFrames.request(code);
    }
    this.describe(at, row);
  }

  private showOriginal(row: number | null): void {
    this.row = row;
    if (row === null) return this.fill(2, false);
    const { library } = this.store;
    void library.drawOriginal(row, this.original.canvas, () => this.row === row).then((drawn) => this.row === row && this.fill(2, drawn));
  }

  private describe({ x, y }: Point, row: number | null): void {
    const { model } = this.store;
    const position = `(${figure(x)}, ${figure(y)})`;
    const label = row !== null && this.labels ? ` · ${model.labelNames[this.labels[row]]}` : "";
    this.place.textContent = row === null ? position : `${position} · image ${row.toLocaleString("en")}${label}`;
  }

  private fill(i: number, filled: boolean): void {
    this.figures[i].classList.toggle("empty", !filled);
  }

  private rest(): void {
    this.row = null;
    for (const i of [0, 1, 2]) this.fill(i, false);
    this.place.textContent = "Point at the map to decode any position. Click to set the sliders to it.";
  }
}
