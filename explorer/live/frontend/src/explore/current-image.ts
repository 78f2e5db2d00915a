import { norm, standardNormal } from "../latent/vectors";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { smoothBox } from "../ui/smooth";
import { insideButton } from "./inside-panel";
import { saveMenu } from "./save-menu";
import type { ExploreStore } from "./store";

/** The decoded image of z, large, beside the test image it is the code of, and actions on z. */
export class CurrentImage extends View {
  readonly root: HTMLElement;
  readonly picture = new Picture(this.store.model.imageShape, this.size, "decoded image");
  private readonly original = new Picture(this.store.model.imageShape, this.size / 2, "original test image");
  private readonly originalCaption = h("figcaption", {}, "original");
  private readonly missing = h("p", { className: "hint missing" });
  private readonly originalFigure = h("figure", { className: "original empty" }, h("div", { className: "slot" }, this.original.canvas), this.originalCaption, this.missing);
  private readonly length = h("output", { className: "figure" });
  private readonly seed = h("input", { type: "number", min: "0", step: "1", value: "0", className: "figure seed", "aria-label": "seed of the next random code", title: "seed of the next random code" });
  private labels: Uint8Array | Uint16Array | null = null;
  /** The row whose original is shown or was asked for; −1 before any. */
  private asked: number | null = -1;

  constructor(private readonly store: ExploreStore, private readonly size: number) {
    super();
    const { model } = store;
    this.picture.canvas.classList.add("large");
    this.original.canvas.draggable = true; // into the places of an equation
    this.original.canvas.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/plain", String(store.source ?? "")));
    this.root = h(
      "section",
      { className: "current", "aria-label": "current image" },
      h("figure", {}, this.picture.canvas, h("figcaption", {}, ...(model.code ? ["decoded from words"] : ["decoded from z · ", h("span", { className: "readout" }, "|z| = ", this.length, model.rate ? " σ" : "")]))),
      this.originalFigure,
      h(
        "div",
        { className: "actions" },
        model.code ? null : keyed("0", button("Reset", () => store.setZ(new Float32Array(model.latentSize)), "z = 0, the mean of the prior")),
        h("span", { className: "joined" }, keyed("n", button("Random", () => this.randomize(), model.code ? "draw uniform words, the prior, with this seed" : "draw z from the prior N(0, I) with this seed")), this.seed),
        keyed("t", button("Test image", () => this.encode(), `encode a random test image: z becomes its ${model.code ? "words" : "posterior mean"}`)),
        insideButton(store),
        saveMenu(store, () => this.picture.canvas),
        smoothBox(),
      ),
    );
    this.onDispose(
      store.on("image", () => store.image && this.picture.paint(store.image)),
      store.on("z", () => (this.length.value = figure(norm(store.z)))),
      store.on("selected", () => this.asked !== store.source && this.showOriginal()), // the code of the same image moves with β
      store.on("codes", () => store.betaCodes || this.showOriginal()),
    );
    if (store.image) this.picture.paint(store.image);
    this.length.value = figure(norm(store.z));
    this.showOriginal();
    void store.library.labels().then((labels) => {
      this.labels = labels;
      this.caption();
    });
  }

  private randomize(): void {
    const seed = Math.max(0, Math.floor(this.seed.valueAsNumber || 0));
    const { model, library } = this.store;
    if (model.code) void library.vocabulary().then((words) => this.store.setZ(words.vector(words.random(seed))), this.store.fail);
    else this.store.setZ(standardNormal(model.latentSize, seed));
    this.seed.value = String(seed + 1);
  }

  private encode(): void {
    const row = Math.floor(Math.random() * this.store.model.count);
    const z = this.store.codeOf(row);
    if (z) this.store.setZ(z, row);
  }

  private caption(): void {
    const { source, model } = this.store;
    if (source === null) return void (this.originalCaption.textContent = "no test image");
    const label = this.labels ? ` · ${model.labelNames[this.labels[source]] ?? this.labels[source]}` : "";
    this.originalCaption.textContent = `original ${source.toLocaleString("en")}${label}`;
  }

  private showOriginal(): void {
    const { source, library } = this.store;
    this.asked = source;
    this.caption();
    this.missing.textContent = "";
    this.originalFigure.classList.toggle("none", source === null);
    if (source === null) return void this.originalFigure.classList.add("empty");
    void library.drawOriginal(source, this.original.canvas, () => this.store.source === source).then((drawn) => {
      if (this.store.source !== source) return;
      this.originalFigure.classList.toggle("empty", !drawn);
      if (drawn) return;
      this.originalCaption.textContent = "";
      this.missing.textContent = library.missingOriginals;
    });
  }
}
