import { FrameLoop } from "../engine/frames";
import { figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Bench } from "./bench";
import type { Place } from "./codes-map";
import type { Lane } from "./lane";
import { FAR } from "./support";

const SIZE = 72;

/** What is pointed at, a sample or a place on the map: its image, and the nearest test image. */
export class Inspector {
  readonly root: HTMLElement;
  private readonly here: Picture;
  private readonly test: Picture;
  private readonly figures: HTMLElement[];
  private readonly text = h("p", { className: "hint" });
  private readonly frames: FrameLoop;
  private place: Place | null = null;
  private row: number | null = null;
  private labels: Uint8Array | Uint16Array | null = null;

  constructor(
    private readonly lane: Lane,
    private readonly bench: Bench,
  ) {
    const { model, engine } = lane;
    this.here = new Picture(model.imageShape, SIZE, "decoded where the pointer is");
    this.test = new Picture(model.imageShape, SIZE, "nearest test image");
    this.figures = [
      h("figure", { className: "empty" }, h("div", { className: "slot" }, this.here.canvas), h("figcaption", {}, "decoded")),
      h("figure", { className: "empty" }, h("div", { className: "slot" }, this.test.canvas), h("figcaption", { title: "the image whose code is nearest, in all latent dimensions" }, "nearest test image")),
    ];
    this.root = h("div", { className: "inspector" }, ...this.figures, this.text);
    this.frames = new FrameLoop((z) => engine.decode(z), (rgba) => this.here.paint(rgba), (error) => lane.notice(String(error)));
    if (model.labelNames.length)
      lane.library.column("labels").then(
        (found) => (this.labels = found.categories ?? null),
        () => undefined,
      );
    this.show();
  }

  /** The pointer is at a place of this model's map. */
  at(place: Place | null): void {
    this.place = place;
    this.show();
  }

  show(): void {
    const { lane, bench, place } = this;
    const sample = bench.hovered;
    if (place && lane.codes) return this.tell(place.z, "this place", ...lane.nearestTo(place.z));
    if (sample !== null && sample < lane.count && lane.support.length === lane.count)
      return this.tell(lane.sample(sample), `sample ${sample + 1}`, lane.nearest[sample], lane.support[sample]);
    this.rest();
  }

  private tell(z: Float32Array, what: string, row: number, distance: number): void {
    this.frames.request(z);
    this.figures[0].classList.remove("empty");
    if (row !== this.row) this.original(row);
    const name = this.labels ? `, a ${this.lane.model.labelNames[this.labels[row]]}` : "";
    const { lane } = this;
    const words = lane.among(distance) ? "among the codes" : distance < FAR * lane.reach ? "off the codes" : "in a hole";
    this.text.replaceChildren(
      h("b", {}, swatch(lane.colour(distance)), words),
      h("br"),
      `${what}: ${figure(distance, 1)}× the typical distance between codes from the nearest one (test image ${row.toLocaleString("en")}${name}).`,
    );
  }

  private original(row: number): void {
    this.row = row;
    void this.lane.library.drawOriginal(row, this.test.canvas, () => this.row === row).then((drawn) => {
      if (this.row === row) this.figures[1].classList.toggle("empty", !drawn);
    });
  }

  private rest(): void {
    this.row = null;
    for (const shown of this.figures) shown.classList.add("empty");
    const { support, count } = this.lane;
    if (support.length !== count || !count) return void (this.text.textContent = "");
    const among = support.reduce((sum, distance) => sum + Number(this.lane.among(distance)), 0);
    const typical = support.slice().sort()[count >> 1];
    this.text.replaceChildren(h("b", {}, swatch(this.lane.colour(typical)), `${among} of ${count}`), h("br"), `${count === 1 ? "code lies" : "codes lie"} among the model's own. Point at one, or at any place of the map.`);
  }
}

function swatch(colour: string): HTMLElement {
  const mark = h("i", { className: "swatch" });
  mark.style.background = colour;
  return mark;
}
