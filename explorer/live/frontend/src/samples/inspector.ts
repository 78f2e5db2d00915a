import type { FrameLoop } from "../engine/frames";
import { LatestQueue } from "../engine/queue";
import type { NearestImage } from "../page/library";
import { View } from "../page/view";
import { figure, h, messageOf, swatch } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Place } from "./codes-map";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";
import { holeColour } from "./support";

const SIZE = 72;
/** Pause of the pointer before the server searches, in ms. */
const REST = 60;

/** The hovered sample or map position: its image, and the most similar training image. */
export class Inspector extends View {
  private readonly here = new Picture(this.live.model.imageShape, SIZE, "decoded under the pointer");
  private readonly nearest = new Picture(this.live.model.imageShape, SIZE, "nearest training image");
  private readonly nearestCaption = h("figcaption", {}, "nearest training image");
  private readonly figures: HTMLElement[] = [
    h("figure", { className: "empty" }, h("div", { className: "slot" }, this.here.canvas), h("figcaption", {}, "decoded")),
    h("figure", { className: "empty" }, h("div", { className: "slot" }, this.nearest.canvas), this.nearestCaption),
  ];
  private readonly text = h("p", { className: "hint" });
  private readonly frames: FrameLoop;
  private place: Place | null = null;
  private readonly nearestText = h("span", {});
  /** What is said of the image that is shown. */
  private readonly image = h("span", {});
  private readonly queue = new LatestQueue<Float32Array>((_, z) => this.search(z));
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The current code as text; empty while nothing is hovered. */
  private current = "";
  private nearestCode = 0;
  private labels: Uint8Array | Uint16Array | null = null;
  /** The class that a conditional model is given. */
  private label: number | undefined;
  readonly root = h("div", { className: "inspector" }, ...this.figures, this.text);

  constructor(private readonly live: ModelSamples, private readonly store: SamplesStore) {
    super();
    this.nearestCaption.title = NEAREST;
    this.frames = live.frames((rgba) => {
      this.here.paint(rgba);
      live.departuresOf("inspected", rgba, 1, ([distance]) => this.verdict(distance));
    }, () => this.label);
    this.onDispose(() => this.frames.stop(), () => clearTimeout(this.timer));
    void live.library.labels().then((labels) => (this.labels = labels));
    this.show();
  }

  /** Inspect a position of this model's map. */
  at(place: Place | null): void {
    this.place = place;
    this.show();
  }

  show(): void {
    const { live, store, place } = this;
    const sample = store.hovered;
    if (place && live.codes) return this.describe(place.z, "this position", ...live.nearestTo(place.z));
    if (sample !== null && sample < live.count && live.support.length === live.count)
      return this.describe(live.sample(sample), `sample ${sample + 1}`, live.nearest[sample], live.support[sample]);
    this.rest();
  }

  private describe(z: Float32Array, name: string, row: number, distance: number): void {
    this.label = this.live.labelOf(this.place ? 0 : (this.store.hovered ?? 0));
    this.frames.request(z);
    this.figures[0].classList.remove("empty");
    const className = this.labels ? `, a ${this.live.model.labelNames[this.labels[row]]}` : "";
    const { live } = this;
    this.text.replaceChildren(
      h("b", {}, this.image, swatch(live.colour(distance), "swatch"), live.placeOf(distance)),
      h("br"),
      `${name}: ${figure(distance, 1)}× the typical distance between codes to the nearest one (test image ${row.toLocaleString("en")}${className}). `,
      this.nearestText,
    );
    this.searchLater(z, row);
  }

  private verdict(distance: number): void {
    const words = distance > 1 ? "an image in a hole" : "an image near a real one";
    this.image.replaceChildren(swatch(holeColour(distance), "swatch"), `${words} (${figure(distance, 1)}) · `);
  }

  /** Search for the most similar training image, once the pointer rests. */
  private searchLater(z: Float32Array, row: number): void {
    const now = z.join();
    if (now === this.current) return;
    this.current = now;
    this.nearestCode = row;
    this.figures[1].classList.add("waiting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.queue.put("nearest", z), REST);
  }

  private async search(z: Float32Array): Promise<void> {
    const now = z.join();
    if (now !== this.current) return;
    try {
      const image = await this.live.library.nearestTrainingImage(z, this.label);
      if (now === this.current) this.showNearest(image);
    } catch (error) {
      if (now === this.current) this.showTestImage(messageOf(error));
    }
  }

  private showNearest({ image, distance, label }: NearestImage): void {
    const name = this.live.model.labelNames[label];
    this.nearest.paint(image);
    this.nearestCaption.textContent = "nearest training image";
    this.nearestText.textContent = `In pixels, its nearest training image${name ? ` (a ${name})` : ""} is ${figure(distance, 1)}× as far away as that of a typical real image.`;
    this.figures[1].classList.remove("empty", "waiting");
  }

  /** Without training images, show the reason and the test image with the nearest code, if available. */
  private showTestImage(sentence: string): void {
    const now = this.current;
    this.nearestText.textContent = `Training images cannot be searched: ${sentence}`;
    this.nearestCaption.textContent = "test image with the nearest code";
    void this.live.library.drawOriginal(this.nearestCode, this.nearest.canvas, () => now === this.current).then((drawn) => {
      if (now !== this.current) return;
      this.figures[1].classList.toggle("empty", !drawn);
      this.figures[1].classList.remove("waiting");
    });
  }

  private rest(): void {
    this.current = "";
    this.nearestText.textContent = "";
    clearTimeout(this.timer);
    for (const element of this.figures) element.classList.add("empty");
    const { atDefault, departures, count, real } = this.live;
    this.image.replaceChildren();
    const unknown = atDefault ? "An evaluation shows which of these samples lie in a hole, if a classifier can tell these images apart. " : "";
    if (!real) return void (this.text.textContent = `${unknown}Point at a sample or anywhere on the map.`);
    if (departures.length !== count || !count) return void (this.text.textContent = "");
    const holes = departures.reduce((sum, distance) => sum + Number(distance > 1), 0);
    const typical = departures.slice().sort()[count >> 1];
    const what = `${count === 1 ? "sample lies" : "samples lie"} in a hole: farther from every real image than 95 % of real test images are. Point at a sample or anywhere on the map.`;
    this.text.replaceChildren(h("b", {}, swatch(holeColour(typical), "swatch"), `${holes} of ${count}`), h("br"), what);
  }
}

const NEAREST = "the training image most similar to the decoded one: distance of pixels, projected to the principal components of test images";
