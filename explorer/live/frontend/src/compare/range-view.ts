import { dimensionName } from "../latent/dimensions";
import { carriedAtAll } from "../latent/beta-range";
import { sameCodes } from "../latent/vectors";
import { SQUARES } from "../latent/words-rate";
import { BetaControl } from "../page/beta-control";
import { BetaCurve } from "../page/beta-curve";
import { oncePerFrame } from "../page/view";
import { calm, h } from "../ui/dom";
import { BetaStrip, BetaView, STEPS } from "./beta-view";
import { RangeMap } from "./range-map";
import type { CompareStore } from "./store";

const BIG = 200;
/** How long β takes from one end of the range to the other, in seconds. */
const SECONDS = 5;

/** Through β with one model of a range: nothing is interpolated between models, every β is a model. */
export class RangeView extends BetaView {
  private readonly control: BetaControl;
  private readonly curve: BetaCurve;
  private readonly strips: RangeStrip[];
  private readonly follow = oncePerFrame(() => this.show());

  constructor(store: CompareStore, private readonly index: number) {
    const { model, engine } = store.liveModels[index];
    super(store, "turn β to the end of the range and back", BIG, carriedAtAll(model).rate ?? []);
    const turn = (beta: number) => {
      this.playback.stop();
      store.setBeta(index, beta);
    };
    this.control = this.own(new BetaControl(model, engine.beta!, turn, model.title));
    this.curve = this.own(new BetaCurve(model.betaRange!, turn));
    this.curve.setSiblings(store.data.models.flatMap(({ name, beta, betaRange, totalRate, distortion }) => (beta === null || betaRange || totalRate === null || distortion === null ? [] : [{ name, beta, rate: totalRate, distortion }])));
    this.curve.setWords(store.data.words);
    this.strips = this.stripsOf(model, (rank) => new RangeStrip(store, index, rank));
    this.arrange(
      h("div", { className: "scrubber range-scrubber" }, this.play, this.control.root),
      this.own(new RangeMap(store, index)).root,
      h("figure", { className: "curve-figure" }, this.curve.root, ...(store.data.words.length ? [h("p", { className: "hint" }, SQUARES)] : [])),
      this.strips,
      `${model.title} is one model for every β: images, strips and rates are those of the β that is set. The dots on the curve are models trained for one β.`,
    );
    this.onDispose(...(["beta", "image", "z", "reference", "rank", "rotation"] as const).map((topic) => store.on(topic, this.follow)));
    this.show();
  }

  /** Turn β up to the end and back, once. */
  protected run(): void {
    const { store, index } = this;
    const { engine, model } = store.liveModels[index];
    const { betas } = model.betaRange!;
    const [lowest, highest] = [betas[0], betas[betas.length - 1]];
    const [low, high] = [Math.log(lowest), Math.log(highest)];
    if (calm()) return store.setBeta(index, engine.beta! < highest ? Math.min(2 * engine.beta!, highest) : lowest);
    this.swing(Math.log(engine.beta!), [low, high], (high - low) / SECONDS, (at) => store.setBeta(index, Math.max(lowest, Math.min(highest, Math.exp(at)))));
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
}

/** The traversal of one dimension at the present β. */
class RangeStrip extends BetaStrip {
  private requested: Float32Array | null = null;
  private beta: number | undefined;

  constructor(store: CompareStore, private readonly index: number, rank: number) {
    super(store, rank);
  }

  protected forget(): void {
    this.requested = null;
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
