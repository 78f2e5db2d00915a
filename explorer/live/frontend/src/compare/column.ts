import type { Batch } from "../engine/engine";
import { dimensionName } from "../latent/dimensions";
import { standardNormal, sweep } from "../latent/vectors";
import { spreadRows } from "../samples/rows";
import { figure, h } from "../ui/dom";
import { Mosaic } from "../ui/mosaic";
import { Picture } from "../ui/picture";
import { Strip } from "../ui/strip";
import { Bars } from "./bars";
import type { Board } from "./board";
import type { Lane } from "./lane";

export const SHOWN = 6;
export const BIG = 144;
const LARGE = 200;
export const SMALL = 60;
export const REACH = 3;

/** One model of the table: a cell for every row. */
export class Column {
  readonly head: HTMLElement;
  readonly live: HTMLElement;
  readonly rebuilt: HTMLElement;
  readonly prior: HTMLElement;
  readonly strip: HTMLElement;
  readonly rates: HTMLElement;
  private readonly picture: Picture;
  private readonly images: Mosaic;
  private readonly samples: Mosaic;
  private readonly bars: Bars;
  private traversal!: Strip;
  private readonly traced = h("div", {});
  private readonly said = h("figcaption", {});
  private readonly big: number;
  private asked: Float32Array | null = null;
  private width = 0;

  constructor(
    private readonly board: Board,
    private readonly lane: Lane,
    private readonly index: number,
  ) {
    const { model } = lane;
    this.big = board.lanes.length > 3 ? BIG : LARGE;
    this.picture = new Picture(model.imageShape, this.big, `what ${model.title} decodes at the hand`);
    this.picture.canvas.classList.add("large");
    this.images = new Mosaic(model.imageShape, SHOWN, `${SHOWN} test images after ${model.title}`);
    this.samples = new Mosaic(model.imageShape, SHOWN, `${SHOWN} random codes from N(0, I), decoded by ${model.title}`);
    this.bars = new Bars(`rate per dimension of ${model.title}`, (strand) => board.setStrand(strand));
    this.head = this.header();
    this.live = h("div", { className: "cell" }, this.picture.canvas);
    this.rebuilt = h("div", { className: "cell" }, this.images.canvas);
    this.prior = h("div", { className: "cell" }, this.samples.canvas);
    this.strip = h("div", { className: "cell" }, this.traced, this.said);
    this.rates = h("div", { className: "cell" }, model.rate ? this.bars.root : h("p", { className: "hint" }, "A plain AE has no rate: its codes are points."));
    this.remake(7);
  }

  get title(): string {
    return this.lane.model.title;
  }

  private header(): HTMLElement {
    const { model } = this.lane;
    const nats = (value: number | null) => (value === null ? "–" : figure(value, 1));
    const facts = h("dl", {});
    for (const [name, value, title] of [
      ["ELBO", nats(model.elbo), "evidence lower bound of a test image, in nats: minus distortion, minus rate"],
      ["distortion", nats(model.distortion), "−log p(x|z) of a test image, in nats"],
      ["rate", nats(model.totalRate), "KL(q(z|x)‖p(z)) of a test image, in nats"],
      ["active", `${model.activeUnits} of ${model.latentSize}`, "dimensions whose mean code has a variance above 0.01 over the test images"],
    ])
      facts.append(h("dt", { title }, name), h("dd", { className: "figure" }, value));
    return h("div", { className: "cell head" }, h("h3", { title: model.name }, model.title), facts);
  }

  private remake(steps: number): void {
    if (this.traversal?.count === steps) return;
    this.traversal = new Strip(this.lane.model.imageShape, steps, `traversal in ${this.lane.model.title}`);
    this.traced.replaceChildren(this.traversal.canvas);
    this.asked = null;
  }

  /** Everything to the width of the column. */
  fit(width: number): void {
    if (width <= 0 || width === this.width) return;
    this.width = width;
    this.picture.resize(Math.min(this.big, width));
    this.images.fit(width, SMALL);
    this.samples.fit(width, SMALL);
    const least = Math.min(32, this.lane.model.imageShape[2]);
    this.remake(width >= 7 * (least + 1) - 1 ? 7 : 5); // rather fewer images than halved ones
    if (this.traversal.fit(width, SMALL)) this.asked = null;
    this.trace();
  }

  paint(): void {
    if (this.lane.image) this.picture.paint(this.lane.image);
  }

  rebuild(): void {
    const { lane, board } = this;
    if (!lane.means) return;
    const { d } = lane;
    const rows = spreadRows(board.rows, SHOWN, lane.model.count);
    const z = new Float32Array(SHOWN * d);
    rows.forEach((row, i) => z.set(lane.base(row), i * d));
    lane.engine.decodeMany([this.batch("rebuilt", lane.own(z), this.images)]);
  }

  /**
   * The same codes for all: drawn in the lead's dimensions, and matched. Where latents are turned the draws turn with
   * them, for N(0, I) has no direction; so the decoder sees what it saw before.
   */
  sample(): void {
    const { lane, board } = this;
    const { d } = lane;
    const drawn = standardNormal(SHOWN * d, board.seed);
    const z = new Float32Array(SHOWN * d);
    for (let i = 0; i < SHOWN; i++) z.set(lane.moved(new Float32Array(d), drawn.subarray(i * d, (i + 1) * d), board.match(this.index)), i * d);
    lane.engine.decodeMany([this.batch("prior", z, this.samples)]);
  }

  private batch(channel: string, z: Float32Array, into: Mosaic): Batch {
    return { channel, z, count: SHOWN, done: (rgba) => into.paint(rgba) };
  }

  /** The traversal of the chosen dimension, through the code at the hand. */
  trace(): void {
    const { lane, board, traversal } = this;
    const k = board.traversed;
    const { order, sign, correlation } = board.match(this.index);
    const [j, reach] = [order[k], REACH * lane.unit[order[k]] * sign[k]];
    const z = lane.own(sweep(board.codeOf(this.index), j, -reach, reach, traversal.count));
    if (this.asked && z.every((value, i) => value === this.asked![i])) return;
    this.asked = z;
    lane.engine.decodeMany([{ channel: "traversal", z, count: traversal.count, row: traversal.row, done: (rgba) => this.traversal.paint(rgba) }]);
    const how = this.index === board.lead ? "leads" : `|r| ${figure(correlation[k])}${sign[k] < 0 ? ", mirrored" : ""}`;
    const turned = lane.turn && (lane.turn.i === j || lane.turn.j === j) ? " · turned" : "";
    this.said.textContent = `${dimensionName(j)} · ${how}${turned}`;
    this.said.title = this.index === board.lead ? "the sliders are the dimensions of this model" : "correlation of its codes of the same images with those of the model that leads";
  }

  rate(most: number): void {
    const { rate } = this.lane;
    if (!rate) return;
    const { order } = this.board.match(this.index);
    this.bars.show(this.board.dimensions.map((k) => ({ dimension: order[k], nats: rate[order[k]] })), most, this.board.strand);
  }
}
