import type { Batch } from "../engine/engine";
import { collapseSentence, dimensionName, orderDimensions } from "../latent/dimensions";
import { spreadRows } from "../latent/rows";
import { atBeta, carriedAtAll } from "../latent/beta-range";
import { sameCodes, standardNormal } from "../latent/vectors";
import { BetaControl } from "../page/beta-control";
import { figure, h } from "../ui/dom";
import { Mosaic } from "../ui/mosaic";
import { Picture } from "../ui/picture";
import { Strip } from "../ui/strip";
import { term, type TermName } from "../ui/term";
import { Bars } from "./bars";
import type { SteeredModel } from "./steered-model";
import type { CompareStore } from "./store";

/** Images per row. */
export const IMAGES = 6;
export const BIG = 144;
const LARGE = 200;
export const SMALL = 60;

/** One model of the table: one cell per row. */
export class Column {
  readonly head: HTMLElement;
  private readonly images = new Mosaic(this.live.model.imageShape, IMAGES, `${IMAGES} test images reconstructed by ${this.live.model.title}`);
  private readonly samples = new Mosaic(this.live.model.imageShape, IMAGES, `${IMAGES} random codes from N(0, I), decoded by ${this.live.model.title}`);
  private readonly bars = new Bars(`rate per dimension of ${this.live.model.title}`, (rank) => this.store.setRank(rank));
  private traversal!: Strip;
  private readonly traversalPlace = h("div", {});
  private readonly caption = h("figcaption", {});
  private readonly facts = h("dl", {});
  private beta: BetaControl | null = null;
  private readonly big = this.store.liveModels.length > 3 ? BIG : LARGE;
  private requested: Float32Array | null = null;
  private width = 0;
  private readonly picture = new Picture(this.live.model.imageShape, this.big, `current decode of ${this.live.model.title}`);
  readonly current = h("div", { className: "cell" }, this.picture.canvas);
  readonly rebuilt = h("div", { className: "cell" }, this.images.canvas);
  readonly prior = h("div", { className: "cell" }, this.samples.canvas);
  readonly strip = h("div", { className: "cell" }, this.traversalPlace, this.caption);
  readonly rates = h("div", { className: "cell" }, this.live.model.rate ? this.bars.root : h("p", { className: "hint" }, "A plain AE has no rate: its codes are points."));

  constructor(
    private readonly store: CompareStore,
    private readonly live: SteeredModel,
    private readonly index: number,
  ) {
    this.picture.canvas.classList.add("large");
    this.head = this.header();
    this.remake(7);
  }

  /** The slider of β, where there is one. */
  get control(): HTMLElement | undefined {
    return this.beta?.root;
  }

  showBeta(): void {
    this.beta?.show(this.live.engine.beta!);
  }

  get title(): string {
    return this.live.model.title;
  }

  private header(): HTMLElement {
    const { live: { model, engine }, store, index } = this;
    const collapsed = orderDimensions(carriedAtAll(model)).collapsed && h("p", { className: "hint collapsed" }, collapseSentence(model.latentSize));
    this.beta = model.betaRange ? new BetaControl(model, engine.beta!, (beta) => store.setBeta(index, beta), model.title) : null;
    this.showFacts();
    return h("div", { className: "cell head" }, h("h3", { title: model.name }, model.title), this.facts, this.beta?.root, collapsed);
  }

  private showFacts(): void {
    const { elbo, distortion, rate, active } = this.figures();
    const nats = (value: number | null) => (value === null ? "–" : figure(value, 1));
    const rows: [string, string, TermName][] = [
      ["ELBO", nats(elbo), "elbo"],
      ["distortion", nats(distortion), "distortion"],
      ["rate", nats(rate), "rate"],
      ["active", `${active} of ${this.live.model.latentSize}`, "active"],
    ];
    // one “?” a row is enough: the other columns say the same
    this.facts.replaceChildren(...rows.flatMap(([name, value, key]) => [h("dt", {}, name, this.index === 0 && term(key)), h("dd", { className: "figure" }, value)]));
  }

  private figures(): { elbo: number | null; distortion: number | null; rate: number | null; active: number } {
    const { model, engine } = this.live;
    if (!model.betaRange) return { elbo: model.elbo, distortion: model.distortion, rate: model.totalRate, active: model.activeUnits };
    const here = atBeta(model.betaRange, engine.beta!); // as its slider says, at the default β too
    return { elbo: -here.distortion - here.totalRate, distortion: here.distortion, rate: here.totalRate, active: orderDimensions(here).live.length };
  }

  /** The model is that of another β. */
  turnBeta(most: number): void {
    this.showBeta();
    this.showFacts();
    this.requested = null;
    this.trace();
    this.sample();
    this.rate(most);
  }

  private remake(steps: number): void {
    if (this.traversal?.count === steps) return;
    this.traversal = new Strip(this.live.model.imageShape, steps, `traversal in ${this.live.model.title}`);
    this.traversalPlace.replaceChildren(this.traversal.canvas);
    this.requested = null;
  }

  /** Fit everything to the width of the column. */
  fit(width: number): void {
    if (width <= 0 || width === this.width) return;
    this.width = width;
    this.picture.resize(Math.min(this.big, width));
    this.images.fit(width, SMALL);
    this.samples.fit(width, SMALL);
    const least = Math.min(32, this.live.model.imageShape[2]);
    this.remake(width >= 7 * (least + 1) - 1 ? 7 : 5); // fewer images instead of halved ones
    if (this.traversal.fit(width, SMALL)) this.requested = null;
    this.trace();
  }

  paint(): void {
    if (this.live.image) this.picture.paint(this.live.image);
  }

  rebuild(): void {
    const { live, store } = this;
    if (!live.means) return;
    const { d } = live;
    const rows = spreadRows(store.rows, IMAGES, live.model.count);
    const z = new Float32Array(IMAGES * d);
    rows.forEach((row, i) => z.set(live.base(row), i * d));
    void live.labelsOf(rows).then((labels) => live.engine.decodeMany([{ ...this.batch("rebuilt", live.own(z), this.images), ...(labels ? { labels } : {}) }]));
  }

  /**
   * Decode the same draws in all models: in the dimensions of the reference model, matched to those of this one.
   * Rotated latents rotate the draws too, as N(0, I) is rotation invariant, so the decoder gets the same codes.
   */
  sample(): void {
    const { live, store } = this;
    const { d } = live;
    const drawn = standardNormal(IMAGES * d, store.seed);
    const z = new Float32Array(IMAGES * d);
    for (let i = 0; i < IMAGES; i++) z.set(live.moved(new Float32Array(d), drawn.subarray(i * d, (i + 1) * d), store.match(this.index)), i * d);
    live.engine.decodeMany([this.batch("prior", z, this.samples)]);
  }

  private batch(channel: string, z: Float32Array, into: Mosaic): Batch {
    return { channel, z, count: IMAGES, done: (rgba) => into.paint(rgba) };
  }

  /** Decode the traversal of the selected dimension, through the current code. */
  trace(): void {
    const { live, store, traversal } = this;
    const k = store.traversed;
    const { sign, correlation } = store.match(this.index);
    const { dimension, z } = store.traversal(this.index, k, traversal.count);
    if (sameCodes(this.requested, z)) return;
    this.requested = z;
    live.engine.decodeMany([{ channel: "traversal", z, count: traversal.count, row: traversal.row, done: (rgba) => this.traversal.paint(rgba) }]);
    const match = this.index === store.reference ? "reference" : `|r| ${figure(correlation[k])}${sign[k] < 0 ? ", mirrored" : ""}`;
    const { rotation } = live;
    const rotated = rotation && (rotation.i === dimension || rotation.j === dimension) ? " · rotated" : "";
    this.caption.textContent = `${dimensionName(dimension)} · ${match}${rotated}`;
    this.caption.title = this.index === store.reference ? "the sliders are the dimensions of this model" : "correlation with the codes of the reference model for the same images";
  }

  rate(most: number): void {
    const { rate } = this.live;
    if (!rate) return;
    const { order } = this.store.match(this.index);
    this.bars.show(this.store.dimensions.map((k) => ({ dimension: order[k], nats: rate[order[k]] })), most, this.store.rank);
  }
}
