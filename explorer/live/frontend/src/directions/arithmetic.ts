import type { ExploreStore } from "../explore/store";
import { View } from "../page/view";
import { figure, h } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import { carry, Places } from "./places";
import { type Operands, answerOf, chooseOperands, drawAnswers, nearestOthers, scalesOf, shareOfClass } from "./sum";

const SIDE = 64;
const SMALL = 40;
const NEAREST = 5;
const SHOWN = 5; // draws

/** What the map shows of an equation: the parallelogram, and its corners. */
export interface Figure {
  line: Float32Array;
  corners: Float32Array;
  labels: string[];
}

/** a − b + c with the codes of three images: the image of the answer, the real images near it, and how sure it is. */
export class Arithmetic extends View {
  readonly root: HTMLDetailsElement;
  private readonly places = this.own(new Places(this.store, ["a", "b", "c"], SIDE, (place) => this.store.shelf.operands?.[place], (place, row) => this.put(place, row)));
  private readonly answer = new Picture(this.store.model.imageShape, SIDE, "decoded answer");
  private readonly draws = Array.from({ length: SHOWN }, (_, i) => new Picture(this.store.model.imageShape, SMALL, `draw ${i + 1} of the answer`));
  private readonly near = h("div", { className: "tiles-row" });
  private readonly sure = h("div", { className: "draws" });
  private readonly words = h("p", { className: "hint", role: "status" });
  private scales: Promise<Float32Array> | null = null;

  constructor(
    private readonly store: ExploreStore,
    private readonly changed: () => void,
  ) {
    super();
    const take = h("button", { type: "button", className: "place", title: "set the sliders to the answer" }, this.answer.canvas, h("small", {}, "answer"));
    take.addEventListener("click", () => this.value && store.setZ(this.value));
    const [a, b, c] = this.places.tiles;
    this.sure.append(h("small", {}, "draws"), ...this.draws.map(({ canvas }) => canvas));
    this.root = h(
      "details",
      { className: "more", open: Boolean(store.shelf.operands) },
      h("summary", {}, "Arithmetic: a − b + c"),
      h("div", { className: "equation", role: "group", "aria-label": "a minus b plus c" }, a, " − ", b, " + ", c, " = ", take),
      h("div", { className: "near" }, h("small", {}, "nearest real images"), this.near),
      this.sure,
      this.words,
      h("p", { className: "hint" }, "Click a place and then an image on the map, or drag images into the places."),
    );
    this.root.addEventListener("toggle", () => this.toggle());
    this.onDispose(
      store.on("codes", () => this.root.open && this.toggle()),
      store.on("beta", () => this.root.open && this.show()),
      store.on("label", () => this.root.open && this.show()),
      () => store.engine.drop("sum/"),
    );
    if (store.shelf.operands) this.toggle();
  }

  /** The code of the answer; null without operands. */
  private get value(): Float32Array | null {
    const { codes, model, shelf: { operands } } = this.store;
    return codes && operands ? answerOf(codes, model.latentSize, operands) : null;
  }

  /** What the map shows while this is open. */
  figure(): Figure | null {
    const { store, value } = this;
    if (!this.root.open || !value || !store.shelf.operands) return null;
    const [a, b, c] = store.shelf.operands.map((row) => [...store.codeOf(row)!]);
    const corners = [a, b, c, [...value]];
    return { line: Float32Array.from([b, a, [...value], c, b].flat()), corners: Float32Array.from(corners.flat()), labels: ["a", "b", "c", "="] };
  }

  private put(place: number, row: number): void {
    const { store } = this;
    if (!store.shelf.operands) return;
    store.shelf.operands = store.shelf.operands.map((old, i) => (i === place ? row : old)) as Operands;
    store.rest();
    this.show();
  }

  private toggle(): void {
    const { store } = this;
    if (this.root.open && store.codes && !store.shelf.operands) {
      store.shelf.operands = chooseOperands(store.codes, store.model.latentSize, store.shelf.draft?.rows ?? null);
      store.rest();
    }
    if (!this.root.open && store.shelf.operands) {
      store.shelf.operands = null;
      store.rest();
    }
    this.show();
  }

  private show(): void {
    const { store, value } = this;
    this.changed();
    if (!this.root.open || !value || !store.shelf.operands) return;
    const { engine, shelf: { operands } } = store;
    const codes = store.codes!;
    const z = Float32Array.from([...operands.map((row) => store.codeOf(row)!), value].flatMap((code) => [...code]));
    const pictures = [...this.places.pictures, this.answer];
    engine.decodeMany([{ channel: "sum/equation", z, count: 4, done: (rgba) => this.paint(operands, pictures, rgba) }]);
    const rows = nearestOthers(codes, value, operands, NEAREST);
    this.near.replaceChildren(...rows.map((row) => this.thumbnail(row)));
    this.words.textContent = "";
    void this.judge(value, operands).catch(store.fail);
  }

  /** Reconstructions, and over those of the operands the images themselves where they are there. */
  private paint(operands: Operands, pictures: Picture[], rgba: Uint8ClampedArray<ArrayBuffer>): void {
    paintAll(pictures, rgba);
    this.places.drawOriginals(operands, () => this.store.shelf.operands === operands);
  }

  private thumbnail(row: number): HTMLElement {
    const { store } = this;
    const [, height, width] = store.model.imageShape;
    const canvas = h("canvas", { width, height, className: "picture" });
    canvas.style.width = `${SMALL}px`;
    const label = `image ${row.toLocaleString("en")}`;
    const tile = h("button", { type: "button", className: "thumbnail", draggable: true, "aria-label": label, title: `${label}: set the sliders to it, or drag it into a place` }, canvas);
    tile.addEventListener("click", () => store.setZ(store.codeOf(row)!, row));
    tile.addEventListener("dragstart", (event) => carry(event, row));
    void store.library.drawOriginal(row, canvas).then((drawn) => {
      if (!drawn) tile.replaceChildren(label);
    });
    return tile;
  }

  /** How far the answer is uncertain, as a, b and c are: their posteriors are independent, so that variances add. */
  private async judge(value: Float32Array, operands: Operands): Promise<void> {
    const { store } = this;
    const { model, beta } = store;
    const unknown = !model.rate ? "The codes of a plain autoencoder are points: nothing says how sure the answer is." : beta !== undefined && beta !== model.beta ? "How sure the answer is, is known at the default β only." : "";
    this.sure.hidden = Boolean(unknown);
    if (unknown) return void (this.words.textContent = unknown);
    const d = model.latentSize;
    const scales = scalesOf(await (this.scales ??= store.library.scales()), d, operands);
    const labels = await store.library.labels();
    if (store.shelf.operands !== operands || !store.codes) return;
    const draws = drawAnswers(value, scales);
    store.engine.decodeMany([{ channel: "sum/draws", z: draws.slice(0, SHOWN * d), count: SHOWN, done: (rgba) => paintAll(this.draws, rgba) }]);
    const spread = `The answer is known to ±${figure(Math.hypot(...scales))} σ, as a, b and c are draws from their posteriors`;
    if (!labels) return void (this.words.textContent = `${spread}.`);
    const share = shareOfClass(store.codes, draws, value, labels);
    this.words.textContent = `${spread}: in ${Math.round(100 * share)} % of 100 draws the nearest image is of the same class.`;
  }
}
