import { dimensionName } from "../latent/dimensions";
import { carriedAtAll } from "../latent/beta-range";
import { sameCodes } from "../latent/vectors";
import { BetaControl } from "../page/beta-control";
import { BetaCurve } from "../page/beta-curve";
import { oncePerFrame, View } from "../page/view";
import { button, calm, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Playback } from "../ui/playback";
import { Strip } from "../ui/strip";
import { Bars } from "./bars";
import { RangeMap } from "./range-map";
import type { CompareStore } from "./store";

const STRIPS = 4;
const STEPS = 7;
const BIG = 200;
/** How long β takes from one end of the range to the other, in seconds. */
const SECONDS = 5;

/** Through β with one model of a range: nothing is interpolated between models, every β is a model. */
export class RangeView extends View {
  readonly root: HTMLElement;
  private readonly control: BetaControl;
  private readonly curve: BetaCurve;
  private readonly bars: Bars;
  private readonly picture: Picture;
  private readonly strips: RangeStrip[];
  private readonly stripPlace = h("div", { className: "strips" });
  private readonly play: HTMLButtonElement;
  private readonly most: number;
  private readonly playback = new Playback(() => (this.play.textContent = this.playback.playing ? "Stop" : "Play"));
  private readonly follow = oncePerFrame(() => this.show());

  constructor(private readonly store: CompareStore, private readonly index: number) {
    super();
    const { model, engine } = store.liveModels[index];
    const turn = (beta: number) => {
      this.playback.stop();
      store.setBeta(index, beta);
    };
    this.control = this.own(new BetaControl(model, engine.beta!, turn, model.title));
    this.curve = this.own(new BetaCurve(model.betaRange!, turn));
    this.curve.setSiblings(store.data.models.flatMap(({ beta, betaRange, totalRate, distortion }) => (beta === null || betaRange || totalRate === null || distortion === null ? [] : [{ beta, rate: totalRate, distortion }])));
    this.most = Math.max(1e-3, ...(carriedAtAll(model).rate ?? []));
    this.bars = new Bars("rate per dimension at this β", (rank) => store.setRank(rank));
    this.picture = new Picture(model.imageShape, BIG, "current decode at this β");
    this.picture.canvas.classList.add("large");
    this.strips = Array.from({ length: Math.min(STRIPS, model.latentSize) }, (_, rank) => new RangeStrip(store, index, rank));
    this.stripPlace.append(...this.strips.map((strip) => strip.root));
    this.play = button("Play", () => (this.playback.playing ? this.playback.stop() : this.run()), "turn β to the end of the range and back");
    const map = this.own(new RangeMap(store, index));
    this.root = h(
      "div",
      { className: "ladder" },
      h("div", { className: "scrubber range-scrubber" }, this.play, this.control.root),
      h(
        "div",
        { className: "ladder-panels" },
        map.root,
        h(
          "div",
          { className: "side-panel" },
          h("div", { className: "image-and-curve" }, h("figure", {}, this.picture.canvas, h("figcaption", {}, "current decode")), h("figure", { className: "curve-figure" }, this.curve.root)),
          h("div", {}, h("p", { className: "hint" }, `rate per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`), this.bars.root),
          this.stripPlace,
          h("p", { className: "hint" }, `${model.title} is one model for every β: images, strips and rates are those of the β that is set. The dots on the curve are models trained for one β.`),
        ),
      ),
    );
    this.onDispose(
      ...(["beta", "image", "z", "reference", "rank", "rotation"] as const).map((topic) => store.on(topic, this.follow)),
      () => this.playback.stop(),
      () => store.liveModels[index].engine.drop("film"),
    );
    this.onResize(this.stripPlace, () => this.fit());
    this.show();
  }

  /** Turn β up to the end and back, once. */
  private run(): void {
    const { store, index } = this;
    const { engine, model } = store.liveModels[index];
    const { betas } = model.betaRange!;
    const [low, high] = [Math.log(betas[0]), Math.log(betas[betas.length - 1])];
    if (calm()) return store.setBeta(index, engine.beta! < Math.exp(high) ? Math.min(2 * engine.beta!, Math.exp(high)) : Math.exp(low));
    let [turns, direction, at] = [0, Math.log(engine.beta!) < high - 1e-6 ? 1 : -1, Math.log(engine.beta!)];
    this.playback.play((seconds) => {
      at += (direction * Math.min(0.1, seconds) * (high - low)) / SECONDS;
      if (at >= high || at <= low) [turns, direction] = [turns + 1, -direction];
      at = Math.max(low, Math.min(high, at));
      store.setBeta(index, Math.max(betas[0], Math.min(betas[betas.length - 1], Math.exp(at))));
      return turns < 2;
    });
  }

  private show(): void {
    const { store, index } = this;
    const live = store.liveModels[index];
    this.control.show(live.engine.beta!);
    this.curve.show(live.engine.beta!);
    const { order } = store.match(index);
    this.bars.show(store.dimensions.map((k) => ({ dimension: order[k], nats: live.rate?.[order[k]] ?? 0 })), this.most, store.rank);
    if (live.image) this.picture.paint(live.image);
    for (const strip of this.strips) strip.trace();
  }

  private fit(): void {
    const width = this.stripPlace.clientWidth;
    if (width > 0) for (const strip of this.strips) strip.fit(width - 70);
  }
}

/** The traversal of one dimension at the present β. */
class RangeStrip {
  readonly root: HTMLElement;
  private readonly strip: Strip;
  private readonly name = h("b", {});
  private requested: Float32Array | null = null;
  private beta: number | undefined;

  constructor(private readonly store: CompareStore, private readonly index: number, private readonly rank: number) {
    this.strip = new Strip(store.data.models[index].imageShape, STEPS, `traversal of dimension number ${rank + 1} at this β`);
    this.root = h("div", { className: "strip-row" }, this.name, this.strip.canvas);
  }

  fit(width: number): void {
    if (!this.strip.fit(width, 60)) return;
    this.requested = null;
    this.trace();
  }

  trace(): void {
    const { store, strip, index } = this;
    const { engine } = store.liveModels[index];
    const k = store.dimensions[this.rank];
    const { dimension, z } = store.traversal(index, k, STEPS);
    this.name.textContent = dimensionName(dimension);
    if (!strip.cell || (engine.beta === this.beta && sameCodes(this.requested, z))) return;
    [this.requested, this.beta] = [z, engine.beta];
    engine.decodeMany([{ channel: `film ${this.rank}`, z, count: STEPS, row: strip.row, done: (rgba) => strip.paint(rgba) }]);
  }
}
