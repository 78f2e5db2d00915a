import type { ExploreStore } from "./store";
import { numbered } from "../page/present";
import { View } from "../page/view";
import { button, Choice, h } from "../ui/dom";
import { Picture, pixelRatio, resizeCanvas } from "../ui/picture";
import { middle } from "../latent/patches";
import type { Vocabulary } from "../latent/vocabulary";
import { WordMap } from "./word-map";

type Mode = "paint" | "pick" | "copy";

const MOST_UNDO = 100;
/** CSS pixels between the image and its words. */
const GAP = 12;

/** An image beside its grid of words: painting a word into a cell changes the image there. Below, a map of all words. */
export class PaintPanel extends View {
  readonly root: HTMLElement;
  private readonly picture: Picture;
  private readonly overlay = h("canvas", { className: "overlay" });
  private readonly grid = h("canvas", { className: "token-grid", tabIndex: 0, role: "img", "aria-label": "the words of the image; arrow keys move, Enter paints" });
  private readonly other: Picture;
  private readonly otherCaption = h("figcaption", {});
  private readonly otherFigure: HTMLElement;
  private readonly undoButton: HTMLButtonElement;
  private readonly about = h("p", { className: "hint about" });
  private readonly sheet = h("canvas", {});
  private vocabulary: Vocabulary | null = null;
  private tokens: number[] = [];
  private mode: Mode = "paint";
  private past: number[][] = [];
  private source = 0;
  private hovered: number | null = null;
  private stroke = false;
  private side = 320;

  constructor(private readonly store: ExploreStore) {
    super();
    const { imageShape } = store.model;
    this.picture = new Picture(imageShape, this.side, "decoded image");
    this.other = new Picture(imageShape, 112, "image to copy words from");
    const modes: [Mode, string][] = [["paint", "Paint"], ["pick", "Pick a word"], ["copy", "Copy from"]];
    const choice = new Choice<Mode>("what pressing a cell does", modes, this.mode, (mode) => {
      this.mode = mode;
      this.otherFigure.hidden = mode !== "copy";
      this.say();
    });
    this.undoButton = button("Undo", () => this.undo(), "take back the last stroke");
    const fill = button("Fill", () => this.apply((tokens) => tokens.fill(store.painting.brush)), "paint every cell with the chosen word");
    this.otherFigure = h("figure", { className: "copied" }, this.other.canvas, this.otherCaption, button("Another image", () => this.choose(Math.floor(Math.random() * store.model.count))));
    this.otherFigure.hidden = true;
    this.root = h(
      "section",
      { className: "map-panel paint-panel", "aria-label": "paint with words" },
      h("header", {}, choice.root, this.undoButton, fill),
      h("div", { className: "easels" }, h("div", { className: "layers" }, this.picture.canvas, this.overlay), this.grid, this.otherFigure),
      this.about,
      this.own(new WordMap(store)).root,
    );
    for (const canvas of [this.overlay, this.grid]) this.listen(canvas);
    numbered(this.grid);
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.onResize(this.root, () => this.fit());
    this.onDispose(
      store.on("z", () => this.follow()),
      store.on("image", () => store.image && this.picture.paint(store.image)),
      store.on("brush", () => this.draw()),
    );
    if (store.image) this.picture.paint(store.image);
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    this.vocabulary = await this.store.library.vocabulary();
    this.choose(0);
    this.follow();
    this.say();
    this.undoButton.disabled = true;
  }

  /** The words of z, when something else has set it. */
  private follow(): void {
    const { vocabulary, store } = this;
    if (!vocabulary) return;
    if (!this.stroke) this.tokens = vocabulary.nearest(store.z);
    store.painting.tokens = this.tokens;
    this.draw();
  }

  private listen(canvas: HTMLCanvasElement): void {
    canvas.addEventListener("pointerdown", (event) => {
      const cell = this.at(canvas, event);
      if (cell === null) return;
      canvas.setPointerCapture(event.pointerId);
      if (this.mode !== "pick") this.remember();
      this.stroke = this.mode !== "pick";
      this.touch(cell);
    });
    canvas.addEventListener("pointermove", (event) => {
      const cell = this.at(canvas, event);
      if (cell !== this.hovered) {
        this.hovered = cell;
        this.draw();
        this.say();
      }
      if (cell !== null && event.buttons === 1) this.touch(cell);
    });
    canvas.addEventListener("pointerup", () => (this.stroke = false));
    canvas.addEventListener("pointercancel", () => (this.stroke = false));
    canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.draw();
      this.say();
    });
  }

  private at(canvas: HTMLCanvasElement, event: MouseEvent): number | null {
    const { side } = this.store.model.code!;
    const box = canvas.getBoundingClientRect();
    const [column, row] = [Math.floor(((event.clientX - box.left) / box.width) * side), Math.floor(((event.clientY - box.top) / box.height) * side)];
    return column >= 0 && row >= 0 && column < side && row < side ? row * side + column : null;
  }

  private touch(cell: number): void {
    const { vocabulary, store } = this;
    if (!vocabulary) return;
    if (this.mode === "pick") {
      store.painting.brush = this.tokens[cell];
      return store.emit("brush");
    }
    const word = this.mode === "paint" ? store.painting.brush : vocabulary.of(this.source)[cell];
    if (this.tokens[cell] === word) return;
    this.tokens[cell] = word;
    store.setZ(vocabulary.vector(this.tokens));
  }

  private key(event: KeyboardEvent): void {
    const { side } = this.store.model.code!;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side }[event.key];
    const now = this.hovered ?? 0;
    if (by !== undefined) this.hovered = (now + by + side * side) % (side * side);
    else if (event.key === "Enter") {
      if (this.mode !== "pick") this.remember();
      this.touch(now);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
    this.say();
  }

  private remember(): void {
    this.past.push([...this.tokens]);
    if (this.past.length > MOST_UNDO) this.past.shift();
    this.undoButton.disabled = false;
  }

  private undo(): void {
    const before = this.past.pop();
    this.undoButton.disabled = !this.past.length;
    if (before && this.vocabulary) this.store.setZ(this.vocabulary.vector(before));
  }

  private apply(change: (tokens: number[]) => void): void {
    if (!this.vocabulary) return;
    this.remember();
    const tokens = [...this.tokens];
    change(tokens);
    this.store.setZ(this.vocabulary.vector(tokens));
  }

  /** The image to copy from. */
  private choose(row: number): void {
    const { vocabulary, store } = this;
    if (!vocabulary) return;
    this.source = row;
    this.otherCaption.textContent = `test image ${row.toLocaleString("en")}`;
    const z = vocabulary.vector(vocabulary.of(row));
    store.engine.decodeMany([{ channel: "copied", z, count: 1, done: (rgba) => this.other.paint(rgba) }]);
  }

  private fit(): void {
    const width = this.root.clientWidth;
    if (!width) return;
    this.side = Math.min(360, (width - GAP) / 2);
    this.picture.resize(this.side);
    const shown = parseFloat(this.picture.canvas.style.width);
    const tall = parseFloat(this.picture.canvas.style.height);
    for (const canvas of [this.overlay, this.grid]) resizeCanvas(canvas, Math.round(shown * pixelRatio()), Math.round(tall * pixelRatio()), 1 / pixelRatio());
    this.draw();
  }

  private draw(): void {
    const { side } = this.store.model.code!;
    this.drawWords(side);
    for (const [canvas, wiped] of [[this.overlay, true], [this.grid, false]] as const) {
      const context = canvas.getContext("2d")!;
      if (wiped) context.clearRect(0, 0, canvas.width, canvas.height);
      const [w, h] = [canvas.width / side, canvas.height / side];
      context.strokeStyle = "rgba(128, 128, 128, 0.45)";
      context.lineWidth = 1;
      context.beginPath();
      for (let k = 1; k < side; k++) {
        context.moveTo(Math.round(k * w) + 0.5, 0);
        context.lineTo(Math.round(k * w) + 0.5, canvas.height);
        context.moveTo(0, Math.round(k * h) + 0.5);
        context.lineTo(canvas.width, Math.round(k * h) + 0.5);
      }
      context.stroke();
      if (this.hovered === null) continue;
      context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--accent") || "#2f6fde";
      context.lineWidth = 2 * pixelRatio();
      context.strokeRect((this.hovered % side) * w, Math.floor(this.hovered / side) * h, w, h);
    }
  }

  /** Every cell as its word's own picture. */
  private drawWords(side: number): void {
    const { store, grid, tokens, sheet } = this;
    if (!store.painting.patches || !tokens.length) return;
    const [, tall, wide] = middle(side, store.model.imageShape).shape;
    const count = store.painting.patches.length / (4 * tall * wide);
    if (sheet.height !== tall * count || sheet.width !== wide) {
      [sheet.width, sheet.height] = [wide, tall * count];
      sheet.getContext("2d")!.putImageData(new ImageData(store.painting.patches, wide, tall * count), 0, 0);
    }
    const context = grid.getContext("2d")!;
    context.imageSmoothingEnabled = false;
    const [w, h] = [grid.width / side, grid.height / side];
    tokens.forEach((word, cell) => {
      const [x, y] = [Math.round((cell % side) * w), Math.round(Math.floor(cell / side) * h)];
      context.drawImage(sheet, 0, word * tall, wide, tall, x, y, Math.ceil(w), Math.ceil(h));
    });
  }

  private say(): void {
    const { side } = this.store.model.code!;
    const what = { paint: "Press or drag over cells to paint the chosen word into them.", pick: "Press a cell to take its word as the brush.", copy: "Press or drag over cells to copy the words of the other image into them." }[this.mode];
    const cell = this.hovered;
    this.about.textContent = cell === null || !this.tokens.length ? what : `Row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}: word ${this.tokens[cell] + 1}.`;
  }
}
