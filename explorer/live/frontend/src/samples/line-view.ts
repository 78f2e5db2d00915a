import { FrameLoop } from "../engine/frames";
import { Choice, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Bench } from "./bench";
import type { Part } from "./codes-view";
import type { Lane } from "./lane";
import { Reel } from "./reel";
import { FAR, supportGradient } from "./support";

const FRAMES = 15;
const BIG = 168;
const SMALL = 84;
const BAND = 10;
const TICKS = 22;

/** One latent dimension: one slider through every model's line, each shown as a film. */
export class LineView implements Part {
  readonly root: HTMLElement;
  private readonly films: Film[];
  private readonly slider: HTMLInputElement;
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private readonly track = h("div", { className: "line-track" });

  constructor(private readonly bench: Bench) {
    this.films = bench.lanes.map((lane) => new Film(lane));
    this.slider = h("input", { type: "range", min: "0", max: "1", step: "0.001", value: String(bench.at ?? 0.5), "aria-label": "place on the line, from one end of the codes to the other" });
    this.slider.addEventListener("input", () => {
      bench.setAt(this.slider.valueAsNumber);
      this.move();
    });
    const span = new Choice<"own" | "prior">("what the line goes through", [["own", "all of its codes"], ["prior", "−3 to 3, as N(0, 1) draws"]], bench.span, (value) => bench.setSpan(value));
    const scale = h("span", { className: "support-scale" }, "among the codes ", h("i", {}), " in a hole");
    scale.querySelector("i")!.style.background = supportGradient();
    this.track.append(this.slider);
    this.root = h(
      "div",
      { className: "line" },
      h("p", {}, "Each image is one number. Put the moon's phases on that line: what lies between two of them? Slowly drag from one end to the other."),
      h("div", { className: "controls" }, h("span", { className: "hint" }, "the line goes through "), span.root, scale),
      h("div", { className: "line-row" }, h("span", {}), this.track),
      ...this.films.map((film) => film.root),
    );
    this.off = [
      bench.on("codes", () => this.reset()),
      bench.on("theme", () => this.films.forEach((film) => film.draw())),
      bench.on("choice", () => this.reset()),
    ];
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.track);
    this.reset();
  }

  update(): void {}

  private reset(): void {
    this.films.forEach((film) => film.setSpan(this.bench.span));
    this.move();
  }

  private move(): void {
    const at = this.slider.valueAsNumber;
    this.films.forEach((film) => film.move(at));
    this.slider.setAttribute("aria-valuetext", this.films.map((film) => film.said).join("; "));
  }

  private fit(): void {
    const room = this.track.clientWidth;
    if (room <= 0) return;
    this.films.forEach((film) => film.fit(room));
    const { width, cell } = this.films[0].strip;
    const inset = (cell - 16) / 2;
    this.slider.style.width = `${width - 2 * inset}px`;
    this.slider.style.marginLeft = `${inset}px`;
  }

  dispose(): void {
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    this.films.forEach((film) => film.dispose());
  }
}

/** One model's line: its frames, how far from its codes each place is, and the codes. */
class Film {
  readonly root: HTMLElement;
  readonly strip: Reel;
  said = "";
  private readonly big: Picture;
  private readonly test: Picture;
  private readonly below = h("canvas", { className: "below", role: "img" });
  private readonly text = h("p", { className: "hint" });
  private readonly frames: FrameLoop;
  private span: [number, number] | null = null;
  private at = 0.5;
  private row: number | null = null;

  constructor(private readonly lane: Lane) {
    const { model, engine } = lane;
    this.big = new Picture(model.imageShape, BIG, `image that ${model.title} decodes here`);
    this.big.canvas.classList.add("large");
    this.test = new Picture(model.imageShape, SMALL, "nearest test image");
    this.strip = new Reel(model, FRAMES, `${FRAMES} images along the line of ${model.title}`);
    this.below.setAttribute("aria-label", `codes of test images along the line of ${model.title}`);
    this.frames = new FrameLoop((z) => engine.decode(z), (rgba) => this.big.paint(rgba), (error) => lane.notice(String(error)));
    this.root = h(
      "section",
      { className: "line-row", "aria-label": model.title },
      h("div", { className: "moons" }, h("figure", {}, this.big.canvas), h("figure", {}, this.test.canvas, h("figcaption", {}, "nearest test image"))),
      h("div", { className: "film" }, h("h3", {}, model.title), this.strip.canvas, this.below, this.text),
    );
  }

  setSpan(kind: "own" | "prior"): void {
    const { codes } = this.lane;
    if (!codes) return;
    const [low, high] = kind === "prior" ? [-3, 3] : codes.reduce(([a, b], z) => [Math.min(a, z), Math.max(b, z)], [Infinity, -Infinity]);
    if (this.span?.[0] === low && this.span[1] === high) return;
    this.span = [low, high];
    this.film();
    this.draw();
  }

  move(at: number): void {
    this.at = at;
    if (!this.span) return;
    const z = Float32Array.of(this.place(at));
    this.frames.request(z);
    const [row, distance] = this.lane.nearestTo(z);
    if (row !== this.row) {
      this.row = row;
      void this.lane.library.drawOriginal(row, this.test.canvas, () => this.row === row);
    }
    const words = this.lane.among(distance) ? "among the codes" : distance < FAR * this.lane.reach ? "off the codes" : "in a hole";
    this.said = `${this.lane.model.title}: z = ${figure(z[0])}, ${words}`;
    this.text.replaceChildren(`z = ${figure(z[0])} · ${words}, ${figure(distance, 1)}× the typical distance between codes from the nearest`);
    this.draw();
  }

  fit(room: number): void {
    this.strip.fit(room, 96);
    const { canvas } = this.strip;
    const ratio = globalThis.devicePixelRatio || 1;
    [this.below.width, this.below.height] = [Math.round(this.strip.width * ratio), Math.round((BAND + TICKS) * ratio)];
    this.below.style.width = canvas.style.width;
    this.below.style.height = `${BAND + TICKS}px`;
    this.draw();
  }

  private film(): void {
    if (!this.span) return;
    const z = Float32Array.from({ length: FRAMES }, (_, i) => this.place(i / (FRAMES - 1)));
    this.lane.engine.decodeMany([{ channel: "film", z, count: FRAMES, done: (rgba) => this.strip.load(rgba) }]);
  }

  /** The band of support, the codes as ticks, and where the slider stands. */
  draw(): void {
    const context = this.below.getContext("2d");
    const { span, lane } = this;
    if (!context || !span || !lane.codes || !this.strip.width) return;
    const ratio = globalThis.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const inset = this.strip.cell / 2;
    const width = this.strip.width - 2 * inset;
    context.clearRect(0, 0, this.strip.width, BAND + TICKS);
    for (let x = 0; x < width; x++) {
      context.fillStyle = lane.colour(lane.nearestTo(Float32Array.of(this.place((x + 0.5) / width)))[1]);
      context.fillRect(inset + x, 3, 1.5, BAND - 4);
    }
    const ink = getComputedStyle(this.below).color;
    context.fillStyle = ink;
    context.globalAlpha = Math.max(0.25, Math.min(0.8, 150 / lane.model.count));
    for (const z of lane.codes) {
      const x = inset + ((z - span[0]) / (span[1] - span[0])) * width;
      if (x >= inset - 1 && x <= inset + width + 1) context.fillRect(x - 0.5, BAND + 2, 1, TICKS - 6);
    }
    context.globalAlpha = 1;
    context.fillStyle = getComputedStyle(this.below).getPropertyValue("--accent") || ink;
    context.fillRect(inset + this.at * width - 1, 0, 2, BAND + TICKS);
  }

  private place(at: number): number {
    const [low, high] = this.span!;
    return low + at * (high - low);
  }

  dispose(): void {
    this.frames.stop();
    this.lane.engine.drop("film");
  }
}
