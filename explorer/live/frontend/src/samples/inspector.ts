import { FrameLoop } from "../engine/frames";
import { LatestQueue } from "../engine/queue";
import type { Likeness } from "../library";
import { figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Bench } from "./bench";
import type { Place } from "./codes-map";
import type { Lane } from "./lane";
import { FAR } from "./support";

const SIZE = 72;
/** How long the pointer must rest before the server is asked, in ms. */
const REST = 60;

/** What is pointed at, a sample or a place on the map: its image, and the training image most like it. */
export class Inspector {
  readonly root: HTMLElement;
  private readonly here: Picture;
  private readonly like: Picture;
  private readonly likeCaption = h("figcaption", {}, "nearest training image");
  private readonly figures: HTMLElement[];
  private readonly text = h("p", { className: "hint" });
  private readonly frames: FrameLoop;
  private place: Place | null = null;
  private readonly likeText = h("span", {});
  private readonly asking = new LatestQueue<Float32Array>((_, z) => this.ask(z));
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The code that is told of now, as text; empty while nothing is pointed at. */
  private told = "";
  private nearestCode = 0;
  private labels: Uint8Array | Uint16Array | null = null;

  constructor(
    private readonly lane: Lane,
    private readonly bench: Bench,
  ) {
    const { model, engine } = lane;
    this.here = new Picture(model.imageShape, SIZE, "decoded where the pointer is");
    this.like = new Picture(model.imageShape, SIZE, "nearest training image");
    this.likeCaption.title = LIKE;
    this.figures = [
      h("figure", { className: "empty" }, h("div", { className: "slot" }, this.here.canvas), h("figcaption", {}, "decoded")),
      h("figure", { className: "empty" }, h("div", { className: "slot" }, this.like.canvas), this.likeCaption),
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
    const name = this.labels ? `, a ${this.lane.model.labelNames[this.labels[row]]}` : "";
    const { lane } = this;
    const words = lane.among(distance) ? "among the codes" : distance < FAR * lane.reach ? "off the codes" : "in a hole";
    this.text.replaceChildren(
      h("b", {}, swatch(lane.colour(distance)), words),
      h("br"),
      `${what}: ${figure(distance, 1)}× the typical distance between codes from the nearest one (test image ${row.toLocaleString("en")}${name}). `,
      this.likeText,
    );
    this.resemble(z, row);
  }

  /** Ask, once the pointer rests, which training image this code's image resembles most. */
  private resemble(z: Float32Array, row: number): void {
    const now = z.join();
    if (now === this.told) return;
    this.told = now;
    this.nearestCode = row;
    this.figures[1].classList.add("waiting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.asking.put("like", z), REST);
  }

  private async ask(z: Float32Array): Promise<void> {
    const now = z.join();
    if (now !== this.told) return;
    try {
      const found = await this.lane.library.likeness(z);
      if (now === this.told) this.resembles(found);
    } catch (error) {
      if (now === this.told) this.withoutTraining(error instanceof Error ? error.message : String(error));
    }
  }

  private resembles({ image, distance, label }: Likeness): void {
    const name = this.lane.model.labelNames[label];
    this.like.paint(image);
    this.likeCaption.textContent = "nearest training image";
    this.likeText.textContent = `Its nearest training image${name ? ` (a ${name})` : ""} is ${figure(distance, 1)}× as far as that of a real image.`;
    this.figures[1].classList.remove("empty", "waiting");
  }

  /** Without training images, the test image with the nearest code, if that is there, and why. */
  private withoutTraining(sentence: string): void {
    const now = this.told;
    this.likeText.textContent = `Training images cannot be searched: ${sentence}`;
    this.likeCaption.textContent = "test image with the nearest code";
    void this.lane.library.drawOriginal(this.nearestCode, this.like.canvas, () => now === this.told).then((drawn) => {
      if (now !== this.told) return;
      this.figures[1].classList.toggle("empty", !drawn);
      this.figures[1].classList.remove("waiting");
    });
  }

  dispose(): void {
    this.frames.stop();
    clearTimeout(this.timer);
  }

  private rest(): void {
    this.told = "";
    this.likeText.textContent = "";
    clearTimeout(this.timer);
    for (const shown of this.figures) shown.classList.add("empty");
    const { support, count } = this.lane;
    if (support.length !== count || !count) return void (this.text.textContent = "");
    const among = support.reduce((sum, distance) => sum + Number(this.lane.among(distance)), 0);
    const typical = support.slice().sort()[count >> 1];
    this.text.replaceChildren(h("b", {}, swatch(this.lane.colour(typical)), `${among} of ${count}`), h("br"), `${count === 1 ? "code lies" : "codes lie"} among the model's own. Point at one, or at any place of the map.`);
  }
}

const LIKE = "of the images that the model learnt from, the one most like the decoded image: the distance is that of pixels, seen through the principal components of test images, as in the measures below";

function swatch(colour: string): HTMLElement {
  const mark = h("i", { className: "swatch" });
  mark.style.background = colour;
  return mark;
}
