import { dimensionName } from "../latent/dimensions";
import { sweep } from "../latent/vectors";
import { button, calm, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Strip } from "../ui/strip";
import { Bars } from "./bars";
import type { Board } from "./board";
import { REACH } from "./column";
import { Curve } from "./curve";
import { drawable, fade } from "./fade";
import { Travel } from "./travel";

const STRIPS = 4;
const STEPS = 7;
const BIG = 160;
const SECONDS = 1.6;

/** One slider through the ladder: map, image, strips, rates and the point on the curve move together. */
export class LadderView {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly where = h("output", { className: "where" });
  private readonly play: HTMLButtonElement;
  private readonly travel: Travel;
  private readonly curve: Curve;
  private readonly bars: Bars;
  private readonly picture: Picture;
  private readonly films: Film[];
  private readonly filmed = h("div", { className: "films" });
  private readonly most: number;
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private frame = 0;
  private asked = false;

  constructor(private readonly board: Board) {
    const { models } = board.data;
    const last = models.length - 1;
    this.slider = h("input", { type: "range", min: "0", max: String(last), step: "any", value: String(board.at), "aria-label": "place on the ladder of β" });
    this.slider.addEventListener("input", () => (this.stop(), board.setAt(this.slider.valueAsNumber)));
    this.slider.addEventListener("keydown", (event) => this.key(event));
    this.play = button("Play", () => (this.frame ? this.stop() : this.run()), "travel through the ladder and back");
    const rungs = h("div", { className: "rungs" }, ...models.map((m, i) => this.rung(m.title, i / last, i)));
    this.travel = new Travel(board);
    this.curve = new Curve(models);
    this.most = Math.max(1e-3, ...models.flatMap((m) => m.rate ?? []));
    this.bars = new Bars("rate per dimension here", (strand) => board.setStrand(strand));
    this.picture = new Picture(models[0].imageShape, BIG, "what is decoded at the hand, here on the ladder");
    this.picture.canvas.classList.add("large");
    this.films = Array.from({ length: Math.min(STRIPS, models[0].latentSize) }, (_, strand) => new Film(board, strand));
    this.filmed.append(...this.films.map((film) => film.root));
    this.root = h(
      "div",
      { className: "ladder" },
      h("div", { className: "scrubber" }, this.play, h("div", { className: "rail" }, this.slider, rungs), this.where),
      h(
        "div",
        { className: "rung" },
        this.travel.root,
        h(
          "div",
          { className: "bench" },
          h("div", { className: "pairing" }, h("figure", {}, this.picture.canvas, h("figcaption", {}, "at the hand")), this.curve.root),
          h("div", {}, h("p", { className: "hint" }, `rate per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`), this.bars.root),
          this.filmed,
          h("p", { className: "hint" }, "Models stand at the marks. Between two marks codes, bars and the point go straight from one to the other and pictures fade: no model was trained there."),
        ),
      ),
    );
    this.off = [
      board.on("at", () => this.show()),
      board.on("image", () => this.paint()),
      board.on("hand", () => this.moved()),
      board.on("codes", () => this.moved()),
      board.on("strand", () => this.show()),
      board.on("turn", () => this.show()),
      board.on("lead", () => this.moved()),
    ];
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.filmed);
    this.show();
    this.moved();
  }

  private rung(title: string, share: number, i: number): HTMLElement {
    const mark = button(title.split(",")[0].replace("β = ", ""), () => (this.stop(), this.board.setAt(i)), title);
    mark.setAttribute("aria-label", title);
    mark.style.left = `${100 * share}%`;
    return mark;
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 };
    if (steps[event.key] === undefined) return;
    event.preventDefault();
    this.stop();
    this.board.setAt(Math.max(0, Math.min(this.board.lanes.length - 1, Number((this.board.at + steps[event.key]).toFixed(3)))));
  }

  /** There and back, once. */
  private run(): void {
    const last = this.board.lanes.length - 1;
    if (calm()) return this.board.setAt(this.board.at < last ? Math.floor(this.board.at) + 1 : 0);
    let [before, direction] = [performance.now(), this.board.at < last ? 1 : -1];
    let turns = 0;
    this.play.textContent = "Stop";
    const step = (now: number) => {
      let at = this.board.at + (direction * Math.min(100, now - before)) / (1000 * SECONDS);
      before = now;
      if (at >= last || at <= 0) {
        at = Math.max(0, Math.min(last, at));
        direction = -direction;
        turns++;
      }
      this.board.setAt(at);
      if (turns < 2) this.frame = requestAnimationFrame(step);
      else this.stop();
    };
    this.frame = requestAnimationFrame(step);
  }

  private stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.play.textContent = "Play";
  }

  private show(): void {
    const { board } = this;
    const [low, high, share] = board.between;
    if (Math.abs(this.slider.valueAsNumber - board.at) > 1e-9) this.slider.value = String(board.at);
    const [a, b] = [board.data.models[low].title, board.data.models[high].title];
    const said = share < 0.005 ? a : share > 0.995 ? b : `${a} → ${b.replace("β = ", "")}`;
    this.where.value = said;
    this.slider.setAttribute("aria-valuetext", said);
    this.curve.move(low, high, share);
    const rates = [low, high].map((i) => board.lanes[i].rate);
    const orders = [low, high].map((i) => board.match(i).order);
    this.bars.show(
      board.dimensions.map((k) => {
        const [from, to] = rates.map((rate, n) => rate?.[orders[n][k]] ?? 0);
        return { dimension: k, nats: from + share * (to - from) };
      }),
      this.most,
      board.strand,
    );
    for (const film of this.films) film.show();
    this.paint();
  }

  private paint(): void {
    const { board, picture } = this;
    const [low, high, share] = board.between;
    const width = board.data.models[0].imageShape[2];
    const [from, to] = [low, high].map((i) => board.lanes[i].image).map((rgba) => rgba && drawable(rgba, width));
    fade(picture.canvas, from, to, share);
  }

  private moved(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      for (const film of this.films) film.ask();
    });
  }

  private fit(): void {
    const width = this.filmed.clientWidth;
    if (width > 0) for (const film of this.films) film.fit(width - 70);
  }

  dispose(): void {
    this.stop();
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    this.travel.dispose();
    for (const { engine } of this.board.lanes) engine.drop("film");
  }
}

/** The traversal of one dimension in every model of the ladder, shown where the ladder stands. */
class Film {
  readonly root: HTMLElement;
  private readonly strip: Strip;
  private readonly name = h("b", {});
  private pictures: (HTMLCanvasElement | null)[];
  private asked: (Float32Array | null)[];

  constructor(
    private readonly board: Board,
    private readonly strand: number,
  ) {
    this.strip = new Strip(board.data.models[0].imageShape, STEPS, `traversal of dimension number ${strand + 1}, here on the ladder`);
    this.pictures = board.lanes.map(() => null);
    this.asked = board.lanes.map(() => null);
    this.root = h("div", { className: "film" }, this.name, this.strip.canvas);
  }

  fit(width: number): void {
    if (!this.strip.fit(width, 60)) return;
    this.asked.fill(null);
    this.pictures.fill(null);
    this.ask();
  }

  ask(): void {
    const { board, strip } = this;
    const k = board.dimensions[this.strand];
    this.name.textContent = dimensionName(k);
    if (!strip.cell) return;
    board.lanes.forEach((lane, i) => {
      const { order, sign } = board.match(i);
      const reach = REACH * lane.unit[order[k]] * sign[k];
      const z = lane.own(sweep(board.codeOf(i), order[k], -reach, reach, STEPS));
      if (this.asked[i] && z.every((value, at) => value === this.asked[i]![at])) return;
      this.asked[i] = z;
      const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
        const { width, height } = strip.canvas;
        if (rgba.length !== 4 * width * height) return; // of an earlier layout
        this.pictures[i] = drawable(rgba, width);
        if (board.between.slice(0, 2).includes(i)) this.show();
      };
      lane.engine.decodeMany([{ channel: `film ${this.strand}`, z, count: STEPS, row: strip.row, done }]);
    });
  }

  show(): void {
    const [low, high, share] = this.board.between;
    fade(this.strip.canvas, this.pictures[low], this.pictures[high], share);
  }
}
