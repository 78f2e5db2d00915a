import { toRgba } from "../engine/pixels";
import { brushes } from "../input/brushes";
import { Easel, SIDE } from "../input/easel";
import { Sources } from "../input/source";
import { sameCodes } from "../latent/vectors";
import { keyed } from "../page/present";
import { residual, residualKey } from "../page/residual";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Anomaly } from "./anomaly";
import { insideButton } from "./inside-panel";
import { OwnFigures } from "./own-figures";
import type { ExploreStore } from "./store";

const SMALL = 112;

/** The visitor's own image beside what the model makes of it: drawn, brought or shown to the camera. */
export class OwnImage extends View {
  readonly root = h("section", { className: "own", "aria-label": "your own image" });
  private readonly easel = this.own(new Easel(this.store.model.imageShape, (at) => this.changed(at)));
  private readonly rebuilt = new Picture(this.store.model.imageShape, SIDE, "what the model makes of your image");
  private readonly seen = new Picture(this.store.model.imageShape, SMALL, "what the model sees");
  private readonly residual = new Picture(this.store.model.imageShape, SMALL, "residual");
  private readonly sources: Sources;
  private readonly back = button("Back to your image", () => this.store.own && this.store.setZ(this.store.own.posterior.mean), "set the sliders to its code again");
  private readonly caption = h("span", {});
  private centred: boolean = this.store.model.vision!.centred ?? false;

  constructor(private readonly store: ExploreStore) {
    super();
    const { model } = store;
    const [channels, height, width] = model.imageShape;
    this.easel.size = Math.max(1, Math.min(height, width) / 12);
    const test = keyed("t", button("Test image", () => this.random(), "put a random test image on the board; a click on the map puts that one"));
    const invert = button("Invert", () => this.easel.invert(), "swap dark and light, as for black ink on white paper");
    this.sources = this.own(new Sources(this.easel, this.root, test, invert, insideButton(store)));
    const figures = this.own(new OwnFigures(store));
    this.root.append(
      h(
        "div",
        { className: "own-grid" },
        h("figure", { className: "yours" }, this.easel.root, h("figcaption", {}, "your image")),
        h("figure", { className: "theirs" }, this.rebuilt.canvas, h("figcaption", {}, this.caption, this.back)),
        h("div", { className: "tools" }, brushes(this.easel, channels === 3, Math.max(4, width / 5), (blank) => (blank ? this.blank() : this.changed())), this.sources.root),
        h(
          "div",
          { className: "details" },
          h("figure", {}, this.seen.canvas, h("figcaption", {}, "what the model sees"), this.centring()),
          h("figure", {}, this.residual.canvas, h("figcaption", {}, channels === 1 ? residualKey() : "residual")),
          figures.root,
        ),
        this.own(new Anomaly(store)).root,
      ),
    );
    this.onDispose(
      store.on("own", () => this.show()),
      store.on("image", () => store.image && this.rebuilt.paint(store.image)),
      store.on("z", () => this.describe()),
      store.on("selected", () => void this.fromMap()),
      () => store.forget(),
    );
    if (store.image) this.rebuilt.paint(store.image);
    void store.engine.openEncoder().catch(store.fail); // before the first stroke
    this.describe();
    void this.fromMap();
  }

  /** A switch, where the data were centred: whether the drawing is too. */
  private centring(): HTMLElement | null {
    if (!this.centred) return null;
    const box = h("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      this.centred = box.checked;
      if (this.store.own) this.changed();
    });
    return h("label", { className: "check centring", title: "scaled to fit 20×20 pixels, with its centre of mass in the middle of 28×28, as MNIST's images were" }, box, "centred as in MNIST");
  }

  private changed(at = performance.now()): void {
    const image = this.easel.image(this.centred);
    if (this.store.model.vision!.threshold) for (let i = 0; i < image.length; i++) image[i] = Number(image[i] > 0.5);
    this.store.look(image, at);
  }

  private blank(): void {
    this.sources.freeze();
    this.store.forget();
  }

  private random(): void {
    const row = Math.floor(Math.random() * this.store.model.count);
    const z = this.store.codeOf(row);
    if (z) this.store.setZ(z, row);
  }

  /** A test image that is chosen, on the map or at random, comes onto the board. */
  private async fromMap(): Promise<void> {
    const { store } = this;
    const row = store.source;
    if (row === null) return;
    this.sources.freeze();
    const canvas = h("canvas", {});
    const drawn = await store.library.drawOriginal(row, canvas, () => store.source === row);
    if (store.source !== row) return;
    if (!drawn) return this.sources.say(store.library.missingOriginals, true);
    this.wholeFrame(() => this.easel.load(canvas, canvas.width, canvas.height));
    this.sources.say("");
  }

  /** A test image is centred already, and to the model it stays as it is. */
  private wholeFrame(act: () => void): void {
    const { centred } = this;
    this.centred = false;
    act();
    this.centred = centred;
  }

  private show(): void {
    const { own, model } = this.store;
    for (const picture of [this.seen, this.residual]) picture.canvas.classList.toggle("nothing", !own);
    this.describe();
    if (!own) return;
    this.seen.paint(toRgba(own.image, 1, model.imageShape));
    this.residual.paint(residual(own.image, own.values, model.imageShape[0]));
  }

  private describe(): void {
    const { own, z } = this.store;
    const moved = own !== null && !sameCodes(own.posterior.mean, z);
    this.back.hidden = !moved;
    this.caption.textContent = moved ? "edited by the sliders" : own ? "what the model makes of it" : "decoded from z";
  }
}
