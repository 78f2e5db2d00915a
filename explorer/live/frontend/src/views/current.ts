import { norm, standardNormal } from "../latent/vectors";
import { saveMenu } from "../save/menu";
import type { Session } from "../session";
import { keyed } from "../present";
import { button, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";

/** The image that z decodes to, large, beside the original it came from, and what can be done with z. */
export class Current {
  readonly root: HTMLElement;
  readonly picture: Picture;
  private readonly original: Picture;
  private readonly originalCaption = h("figcaption", {}, "original");
  private readonly missing = h("p", { className: "hint missing" });
  private readonly originalFigure: HTMLElement;
  private readonly length = h("output", { className: "figure" });
  private readonly seed: HTMLInputElement;
  private readonly off: (() => void)[];
  private labels: Uint8Array | Uint16Array | null = null;

  constructor(
    private readonly session: Session,
    size: number,
  ) {
    const { model } = session;
    this.picture = new Picture(model.imageShape, size, "decoded image");
    this.picture.canvas.classList.add("large");
    this.original = new Picture(model.imageShape, size / 2, "original test image");
    this.originalFigure = h("figure", { className: "original empty" }, h("div", { className: "slot" }, this.original.canvas), this.originalCaption, this.missing);
    this.seed = h("input", { type: "number", min: "0", step: "1", value: "0", className: "figure seed", "aria-label": "seed of the next random code", title: "seed of the next random code" });
    this.root = h(
      "section",
      { className: "current", "aria-label": "current image" },
      h("figure", {}, this.picture.canvas, h("figcaption", {}, "decoded from z · ", h("span", { className: "readout" }, "|z| = ", this.length, model.rate ? " σ" : ""))),
      this.originalFigure,
      h(
        "div",
        { className: "actions" },
        keyed("0", button("Reset", () => this.go(new Float32Array(model.latentSize)), "z = 0, the mean of the prior")),
        h("span", { className: "joined" }, keyed("n", button("Random", () => this.randomize(), "draw z from the prior N(0, I) with this seed")), this.seed),
        keyed("t", button("Test image", () => this.encode(), "encode a random test image: z becomes its posterior mean")),
        saveMenu(session, () => this.picture.canvas),
      ),
    );
    this.off = [
      session.on("image", () => session.image && this.picture.paint(session.image)),
      session.on("z", () => (this.length.value = figure(norm(session.z)))),
      session.on("selected", () => this.showOriginal()),
      session.on("codes", () => this.showOriginal()),
    ];
    if (session.image) this.picture.paint(session.image);
    this.length.value = figure(norm(session.z));
    this.showOriginal();
    const labels = model.columns.find((c) => c.key === "labels");
    if (labels)
      void session.library.column("labels").then(
        (found) => {
          this.labels = found.categories ?? null;
          this.caption();
        },
        () => undefined,
      );
  }

  private go(z: Float32Array, source: number | null = null): void {
    this.session.setZ(z, source);
  }

  private randomize(): void {
    const seed = Math.max(0, Math.floor(this.seed.valueAsNumber || 0));
    this.go(standardNormal(this.session.model.latentSize, seed));
    this.seed.value = String(seed + 1);
  }

  private encode(): void {
    const row = Math.floor(Math.random() * this.session.model.count);
    const z = this.session.codeOf(row);
    if (z) this.go(z, row);
  }

  private caption(): void {
    const { source, model } = this.session;
    if (source === null) {
      this.originalCaption.textContent = "no test image";
      return;
    }
    const label = this.labels ? ` · ${model.labelNames[this.labels[source]] ?? this.labels[source]}` : "";
    this.originalCaption.textContent = `original ${source.toLocaleString("en")}${label}`;
  }

  private showOriginal(): void {
    const { source, library } = this.session;
    this.caption();
    this.missing.textContent = "";
    if (source === null) return void this.originalFigure.classList.add("empty");
    void library.drawOriginal(source, this.original.canvas, () => this.session.source === source).then((drawn) => {
      if (this.session.source !== source) return;
      this.originalFigure.classList.toggle("empty", !drawn);
      if (drawn) return;
      this.originalCaption.textContent = "original not available";
      this.missing.textContent = library.missingOriginals;
    });
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
  }
}
