import { dimensionName } from "../latent/dimensions";
import { sameCodes } from "../latent/vectors";
import { oncePerFrame, View } from "../page/view";
import { button, calm, figure, h, slider, stepByKeys } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Playback } from "../ui/playback";
import { Strip } from "../ui/strip";
import { Bars } from "./bars";
import { drawable, fade } from "./fade";
import { LadderMap } from "./ladder-map";
import { RateDistortion } from "./rate-distortion";
import type { CompareStore } from "./store";

const STRIPS = 4;
const STEPS = 7;
const BIG = 160;
const SECONDS = 1.6;

/** One slider through the ladder moves map, image, strips, rates and the point on the curve. */
export class LadderView extends View {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly readout = h("output", { className: "position" });
  private readonly play: HTMLButtonElement;
  private readonly curve: RateDistortion;
  private readonly bars: Bars;
  private readonly picture: Picture;
  private readonly strips: LadderStrip[];
  private readonly stripPlace = h("div", { className: "strips" });
  private readonly most: number;
  private readonly playback = new Playback(() => (this.play.textContent = this.playback.playing ? "Stop" : "Play"));
  private readonly trace = oncePerFrame(() => this.strips.forEach((strip) => strip.trace()));

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    const last = models.length - 1;
    this.slider = slider("position on the β ladder", { min: 0, max: last, step: "any", value: store.at }, (at) => this.goTo(at));
    stepByKeys(this.slider, 0.1, 1, (by) => this.goTo(Math.max(0, Math.min(last, Number((store.at + by).toFixed(3))))), 1);
    this.play = button("Play", () => (this.playback.playing ? this.playback.stop() : this.run()), "play through the ladder and back");
    const marks = h("div", { className: "ladder-marks" }, ...models.map((m, i) => this.mark(m.title, i / last, i)));
    const map = this.own(new LadderMap(store));
    this.curve = new RateDistortion(models);
    this.most = Math.max(1e-3, ...models.flatMap((m) => m.rate ?? []));
    this.bars = new Bars("rate per dimension at this β", (rank) => store.setRank(rank));
    this.picture = new Picture(models[0].imageShape, BIG, "current decode at this β");
    this.picture.canvas.classList.add("large");
    this.strips = Array.from({ length: Math.min(STRIPS, models[0].latentSize) }, (_, rank) => new LadderStrip(store, rank));
    this.stripPlace.append(...this.strips.map((strip) => strip.root));
    this.root = h(
      "div",
      { className: "ladder" },
      h("div", { className: "scrubber" }, this.play, h("div", { className: "rail" }, this.slider, marks), this.readout),
      h(
        "div",
        { className: "ladder-panels" },
        map.root,
        h(
          "div",
          { className: "side-panel" },
          h("div", { className: "image-and-curve" }, h("figure", {}, this.picture.canvas, h("figcaption", {}, "current decode")), this.curve.root),
          h("div", {}, h("p", { className: "hint" }, `rate per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`), this.bars.root),
          this.stripPlace,
          h("p", { className: "hint" }, "The marks are trained models. Between them, codes, bars and the point are interpolated and images cross-fade: no model was trained there."),
        ),
      ),
    );
    this.onDispose(
      store.on("at", () => this.show()),
      store.on("image", () => this.paint()),
      ...(["z", "codes", "reference"] as const).map((topic) => store.on(topic, this.trace)),
      ...(["rank", "rotation"] as const).map((topic) => store.on(topic, () => this.show())),
      () => this.playback.stop(),
      () => store.liveModels.forEach(({ engine }) => engine.drop("film")),
    );
    this.onResize(this.stripPlace, () => this.fit());
    this.show();
    this.trace();
  }

  private mark(title: string, share: number, i: number): HTMLElement {
    const element = button(title.split(",")[0].replace("β = ", ""), () => this.goTo(i), title);
    element.setAttribute("aria-label", title);
    element.style.left = `${100 * share}%`;
    return element;
  }

  private goTo(at: number): void {
    this.playback.stop();
    this.store.set("at", at);
  }

  /** Play to the end and back, once. */
  private run(): void {
    const last = this.store.liveModels.length - 1;
    if (calm()) return this.store.set("at", this.store.at < last ? Math.floor(this.store.at) + 1 : 0);
    let [turns, direction] = [0, this.store.at < last ? 1 : -1];
    this.playback.play((seconds) => {
      const at = this.store.at + (direction * Math.min(0.1, seconds)) / SECONDS;
      if (at >= last || at <= 0) [turns, direction] = [turns + 1, -direction];
      this.store.set("at", Math.max(0, Math.min(last, at)));
      return turns < 2;
    });
  }

  private show(): void {
    const { store } = this;
    const [low, high, share] = store.between;
    if (Math.abs(this.slider.valueAsNumber - store.at) > 1e-9) this.slider.value = String(store.at);
    const [a, b] = [store.data.models[low].title, store.data.models[high].title];
    const position = share < 0.005 ? a : share > 0.995 ? b : `${a} → ${b.replace("β = ", "")}`;
    this.readout.value = position;
    this.slider.setAttribute("aria-valuetext", position);
    this.curve.move(low, high, share);
    const rates = [low, high].map((i) => store.liveModels[i].rate);
    const orders = [low, high].map((i) => store.match(i).order);
    this.bars.show(
      store.dimensions.map((k) => {
        const [from, to] = rates.map((rate, n) => rate?.[orders[n][k]] ?? 0);
        return { dimension: k, nats: from + share * (to - from) };
      }),
      this.most,
      store.rank,
    );
    for (const strip of this.strips) strip.show();
    this.paint();
  }

  private paint(): void {
    const { store, picture } = this;
    const [low, high, share] = store.between;
    const width = store.data.models[0].imageShape[2];
    const [from, to] = [low, high].map((i) => store.liveModels[i].image).map((rgba) => rgba && drawable(rgba, width));
    fade(picture.canvas, from, to, share);
  }

  private fit(): void {
    const width = this.stripPlace.clientWidth;
    if (width > 0) for (const strip of this.strips) strip.fit(width - 70);
  }
}

/** The traversal of one dimension in every model of the ladder, shown at the current position. */
class LadderStrip {
  readonly root: HTMLElement;
  private readonly strip: Strip;
  private readonly name = h("b", {});
  private pictures: (HTMLCanvasElement | null)[];
  private requests: (Float32Array | null)[];

  constructor(private readonly store: CompareStore, private readonly rank: number) {
    this.strip = new Strip(store.data.models[0].imageShape, STEPS, `traversal of dimension number ${rank + 1} at this β`);
    this.pictures = store.liveModels.map(() => null);
    this.requests = store.liveModels.map(() => null);
    this.root = h("div", { className: "strip-row" }, this.name, this.strip.canvas);
  }

  fit(width: number): void {
    if (!this.strip.fit(width, 60)) return;
    this.requests.fill(null);
    this.pictures.fill(null);
    this.trace();
  }

  trace(): void {
    const { store, strip } = this;
    const k = store.dimensions[this.rank];
    this.name.textContent = dimensionName(k);
    if (!strip.cell) return;
    store.liveModels.forEach((live, i) => {
      const { z } = store.traversal(i, k, STEPS);
      if (sameCodes(this.requests[i], z)) return;
      this.requests[i] = z;
      const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
        const { width, height } = strip.canvas;
        if (rgba.length !== 4 * width * height) return; // of a previous layout
        this.pictures[i] = drawable(rgba, width);
        if (store.between.slice(0, 2).includes(i)) this.show();
      };
      live.engine.decodeMany([{ channel: `film ${this.rank}`, z, count: STEPS, row: strip.row, done }]);
    });
  }

  show(): void {
    const [low, high, share] = this.store.between;
    fade(this.strip.canvas, this.pictures[low], this.pictures[high], share);
  }
}
