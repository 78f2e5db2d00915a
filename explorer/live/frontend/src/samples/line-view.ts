import { Plot } from "../page/plot";
import { View } from "../page/view";
import { Choice, figure, h, slider } from "../ui/dom";
import { Picture } from "../ui/picture";
import { alignSlider } from "../ui/strip";
import { Tiles } from "../ui/tiles";
import { SamplesView } from "./codes-view";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";
import { holeColour, holeScale } from "./support";

const FRAMES = 15;
const BIG = 168;
const SMALL = 84;
const BAND = 10;
const TICKS = 22;
/** Places on the line whose images are compared with real ones. */
const PLACES = 193;

/** One latent dimension: one slider through the line of every model, each a strip of images. */
export class LineView extends SamplesView {
  readonly root: HTMLElement;
  private readonly films = this.store.liveModels.map((live) => this.own(new Film(live)));
  private readonly slider = slider("position on the line", { min: 0, max: 1, step: 0.001, value: this.store.at ?? 0.5 }, (at) => {
    this.store.setAt(at);
    this.move();
  });
  private readonly track = h("div", { className: "line-track" });

  constructor(private readonly store: SamplesStore) {
    super();
    const span = new Choice<"own" | "prior">("range of the line", [["own", "all codes"], ["prior", "−3 to 3, as N(0, 1)"]], store.span, (value) => store.set("span", value));
    this.track.append(this.slider);
    this.root = h(
      "div",
      { className: "line" },
      h("p", {}, "Each image is one number, so the moon's phases lie on a line. What lies between two of them? Drag slowly from one end to the other."),
      h("div", { className: "controls" }, h("span", { className: "hint" }, "the line spans "), span.root, holeScale()),
      h("div", { className: "line-row" }, h("span", {}), this.track),
      ...this.films.map((film) => film.root),
    );
    this.onDispose(store.on("codes", () => this.reset()), store.on("support", () => this.films.forEach((film) => film.compareOnce())), store.on("choice", () => this.reset()));
    this.onResize(this.track, () => this.fit());
    this.reset();
  }

  private reset(): void {
    this.films.forEach((film) => film.setSpan(this.store.span));
    this.move();
  }

  private move(): void {
    const at = this.slider.valueAsNumber;
    this.films.forEach((film) => film.move(at));
    this.slider.setAttribute("aria-valuetext", this.films.map((film) => film.text).join("; "));
  }

  private fit(): void {
    const room = this.track.clientWidth;
    if (room <= 0) return;
    this.films.forEach((film) => film.fit(room));
    alignSlider(this.slider, this.films[0].strip);
  }
}

/** One model's line: its images, which of its places are holes, and the codes. */
class Film extends View {
  readonly strip = new Tiles(this.live.model.imageShape, 1, FRAMES, 2, `${FRAMES} images along the line of ${this.live.model.title}`);
  /** The position of the slider in words. */
  text = "";
  private readonly big = new Picture(this.live.model.imageShape, BIG, `image that ${this.live.model.title} decodes here`);
  private readonly test = new Picture(this.live.model.imageShape, SMALL, "nearest test image");
  private readonly support = this.own(new Plot("support", `codes of test images along the line of ${this.live.model.title}`, (context) => this.draw(context)));
  private readonly caption = h("p", { className: "hint" });
  private readonly frames = this.live.frames((rgba) => this.big.paint(rgba));
  readonly root = h(
    "section",
    { className: "line-row", "aria-label": this.live.model.title },
    h("div", { className: "line-images" }, h("figure", {}, this.big.canvas), h("figure", {}, this.test.canvas, h("figcaption", {}, "nearest test image"))),
    h("div", { className: "film" }, h("h3", {}, this.live.model.title), this.strip.canvas, this.support.root, this.caption),
  );
  /** How far the image of each place lies from every real one. */
  private departures: Float32Array | null = null;
  private span: [number, number] | null = null;
  private at = 0.5;
  private compared = false;
  private row: number | null = null;

  constructor(private readonly live: ModelSamples) {
    super();
    this.big.canvas.classList.add("large");
    this.onDispose(() => this.frames.stop(), () => live.engine.drop("film"));
  }

  setSpan(kind: "own" | "prior"): void {
    const { codes } = this.live;
    if (!codes) return;
    const [low, high] = kind === "prior" ? [-3, 3] : codes.reduce(([a, b], z) => [Math.min(a, z), Math.max(b, z)], [Infinity, -Infinity]);
    if (this.span?.[0] === low && this.span[1] === high) return;
    this.span = [low, high];
    this.decode();
    this.support.draw();
  }

  /** Once images can be compared with real ones. */
  compareOnce(): void {
    if (!this.span || this.compared || !this.live.real) return;
    this.compared = true;
    this.decode();
  }

  move(at: number): void {
    this.at = at;
    if (!this.span) return;
    const z = Float32Array.of(this.place(at));
    this.frames.request(z);
    const [row, distance] = this.live.nearestTo(z);
    if (row !== this.row) {
      this.row = row;
      void this.live.library.drawOriginal(row, this.test.canvas, () => this.row === row);
    }
    const departure = this.departures?.[Math.round(at * (PLACES - 1))];
    const image = departure === undefined ? "" : `${departure > 1 ? "in a hole" : "near a real image"}, `;
    const words = `${image}${this.live.placeOf(distance)}`;
    this.text = `${this.live.model.title}: z = ${figure(z[0])}, ${words}`;
    this.caption.replaceChildren(`z = ${figure(z[0])} · ${words}${this.share()}`);
    this.support.draw();
  }

  fit(room: number): void {
    this.strip.fit(room, 96);
    this.support.root.style.width = this.strip.canvas.style.width;
  }

  private decode(): void {
    const z = Float32Array.from({ length: FRAMES }, (_, i) => this.place(i / (FRAMES - 1)));
    const places = Float32Array.from({ length: PLACES }, (_, i) => this.place(i / (PLACES - 1)));
    this.departures = null;
    const compare = (rgba: Uint8ClampedArray) =>
      this.live.departuresOf("film", rgba, PLACES, (distance) => {
        this.departures = distance;
        this.move(this.at);
      });
    this.live.engine.decodeMany([
      { channel: "film", z, count: FRAMES, done: (rgba) => this.strip.load(rgba) },
      ...(this.live.real ? [{ channel: "film places", z: places, count: PLACES, done: compare }] : []),
    ]);
  }

  /** Which part of the line is no image of the data. */
  private share(): string {
    const { departures, span } = this;
    if (!departures || !span) return "";
    const holes = departures.reduce((sum, distance) => sum + Number(distance > 1), 0) / departures.length;
    return ` · ${Math.round(100 * holes)} % of the line is a hole`;
  }

  /** Draw the band of holes, the codes as ticks and the position of the slider. */
  private draw(context: CanvasRenderingContext2D): void {
    const { span, live } = this;
    if (!span || !live.codes) return;
    const inset = this.strip.cell / 2;
    const width = this.strip.width - 2 * inset;
    for (let x = 0; x < width; x++) {
      const at = (x + 0.5) / width;
      context.fillStyle = this.departures ? holeColour(this.departures[Math.round(at * (PLACES - 1))]) : live.colour(live.nearestTo(Float32Array.of(this.place(at)))[1]);
      context.fillRect(inset + x, 3, 1.5, BAND - 4);
    }
    context.fillStyle = this.support.colour("--text");
    context.globalAlpha = Math.max(0.25, Math.min(0.8, 150 / live.model.count));
    for (const z of live.codes) {
      const x = inset + ((z - span[0]) / (span[1] - span[0])) * width;
      if (x >= inset - 1 && x <= inset + width + 1) context.fillRect(x - 0.5, BAND + 2, 1, TICKS - 6);
    }
    context.globalAlpha = 1;
    context.fillStyle = this.support.colour("--accent");
    context.fillRect(inset + this.at * width - 1, 0, 2, BAND + TICKS);
  }

  private place(at: number): number {
    const [low, high] = this.span!;
    return low + at * (high - low);
  }
}
