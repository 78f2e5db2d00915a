import type { ExploreStore } from "../explore/store";
import { wholeWithin } from "../page/store";
import { View } from "../page/view";
import { h } from "../ui/dom";
import { Picture } from "../ui/picture";

/** Places for test images: click one and then an image on the map, or drag an image into it. */
export class Places extends View {
  readonly root = h("div", { hidden: true });
  readonly pictures = this.names.map((name) => new Picture(this.store.model.imageShape, this.side, `image ${name}`));
  readonly tiles = this.names.map((name, i) => this.tile(name, i));
  /** The place that the next chosen image goes to. */
  private waiting: number | null = null;

  constructor(
    private readonly store: ExploreStore,
    private readonly names: readonly string[],
    private readonly side: number,
    private readonly rowAt: (place: number) => number | undefined,
    private readonly chosen: (place: number, row: number) => void,
  ) {
    super();
    this.onDispose(store.on("selected", () => this.selected()));
  }

  /** The images of some rows, over whatever stands in the places, where the data set is there. */
  drawOriginals(rows: readonly number[], still: () => boolean): void {
    rows.forEach((row, i) => void this.store.library.drawOriginal(row, this.pictures[i].canvas, still));
  }

  private tile(name: string, i: number): HTMLButtonElement {
    const tile = h("button", { type: "button", className: "place", draggable: true, title: "click, then choose an image on the map; or drag one here", "aria-pressed": "false" }, this.pictures[i].canvas, h("small", {}, name));
    tile.addEventListener("click", () => this.wait(this.waiting === i ? null : i));
    tile.addEventListener("dragstart", (event) => carry(event, this.rowAt(i)));
    tile.addEventListener("dragover", (event) => event.preventDefault());
    tile.addEventListener("drop", (event) => {
      event.preventDefault();
      this.put(i, Number(event.dataTransfer?.getData("text/plain") || NaN));
    });
    return tile;
  }

  private wait(place: number | null): void {
    this.waiting = place;
    this.tiles.forEach((tile, i) => tile.setAttribute("aria-pressed", String(i === place)));
  }

  private selected(): void {
    const { source } = this.store;
    if (this.waiting === null || source === null) return;
    const place = this.waiting;
    this.wait(null);
    this.put(place, source);
  }

  private put(place: number, row: number): void {
    if (wholeWithin(row, 0, this.store.model.count) !== undefined) this.chosen(place, row);
  }
}

/** Let a drag carry the row of an image. */
export function carry(event: DragEvent, row: number | undefined): void {
  if (row === undefined) return event.preventDefault();
  event.dataTransfer?.setData("text/plain", String(row));
}
