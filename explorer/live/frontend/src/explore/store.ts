import type { Engine, Seen } from "../engine/engine";
import type { FrameLoop } from "../engine/frames";
import { dataRanges, orderDimensions, type Ordered } from "../latent/dimensions";
import type { Model, PathKind, Projection, RangeChoice, StageState, Tool, Viewport } from "../schema";
import type { Library } from "../page/library";
import type { LiveModel, Own } from "../page/live-model";
import { Store } from "../page/store";
import type { Painting } from "../latent/patches";
import { BETA_REST, type BetaCodes } from "../latent/beta-codes";
import { atBeta, betaWithin, carriedAtAll } from "../latent/beta-range";
import { Shelf } from "../directions/shelf";
import { Exchange } from "../exchange/exchange";
import { vectorOf } from "../latent/vectors";

export type Topic = "z" | "image" | "own" | "ends" | "range" | "codes" | "selected" | "selection" | "projections" | "inside" | "beta" | "label" | "brush" | "directions";

/** Maximum rows of a selection reported to Python; of a larger one it gets the first rows and the count. */
const MOST_SELECTED = 5000;

/**
 * The state that all views share: the current code z, the ends a and b of the walk, and the settings.
 * Views change it through these methods and listen to changes by topic.
 */
export class ExploreStore extends Store<Topic, StageState> {
  readonly model: Model;
  readonly engine: Engine;
  readonly library: Library;
  z: Float32Array;
  /** The row of the test image that z is the code of, or null once z has been moved. */
  source: number | null;
  a: Float32Array;
  b: Float32Array;
  range: RangeChoice;
  pathKind: PathKind;
  /** Keys of the projection and the colour of the map; a state with a map has both (`stage_data`). */
  projection: string | undefined;
  colour: string | undefined;
  viewport: Viewport | null;
  tool: Tool;
  plane: boolean;
  /** Indices of hidden classes. */
  hidden: number[];
  /** Rows of the codes selected on the map. */
  selection: number[] = [];
  /** The computation for the present image is open. */
  inside: boolean;
  /** The walk is open, so the map draws its path. */
  walking = false;
  readonly shelf: Shelf;
  readonly exchange: Exchange;
  /** The dimension moved last; at first the most informative one. */
  touched: number;
  codes: Float32Array | null = null;
  ranges: [number, number][] | null = null;
  /** RGBA pixels of the decoded image of z. */
  image: Uint8ClampedArray<ArrayBuffer> | null = null;
  /** The visitor's own image. Nothing of it is reported, not even its code. */
  own: Own | null = null;
  /** Of a grid of tokens: the word that is painted with, the words' own pictures, and the words of z. */
  readonly painting: Painting = { brush: 0, patches: null, tokens: null };
  readonly order: Ordered;
  /** Rate and variance per dimension, at the present β. */
  carried: Pick<Model, "rate" | "variance">;
  /** The codes at every β of a model of a range, once they are there. */
  betaCodes: BetaCodes | null = null;

  /** The class of every stored code, once they are there: for a conditional model. */
  private labels: ArrayLike<number> | null = null;
  private stored: Float32Array | null = null;
  private betaRequest: Promise<void> | null = null;
  private betaRest: ReturnType<typeof setTimeout> | undefined;
  private readonly frames: FrameLoop;
  private readonly sight: FrameLoop<Seen>;
  private looking = false;

  constructor(readonly live: LiveModel, state: StageState, report: (state: StageState) => void) {
    super(report, live.notice);
    const { model } = live;
    [this.model, this.engine, this.library] = [model, live.engine, live.library];
    const d = model.latentSize;
    this.z = vectorOf(state.z, d) ?? new Float32Array(d);
    [this.a, this.b] = [vectorOf(state.a, d) ?? new Float32Array(d), vectorOf(state.b, d) ?? new Float32Array(d)];
    this.source = state.selected !== undefined && state.selected < model.count ? state.selected : null;
    this.range = state.range ?? { kind: model.rate ? "prior" : "data", k: 3 };
    this.pathKind = state.path ?? "linear";
    this.projection = state.projection;
    this.colour = state.colour;
    this.viewport = state.viewport ?? null;
    this.tool = state.tool && (state.tool === "image" ? model.vision : !model.code) ? state.tool : "sliders";
    this.plane = state.plane ?? false;
    this.hidden = state.hidden ?? [];
    this.inside = !model.code && (state.inside ?? false);
    if (model.classes) this.begunAs(state.label ?? 0);
    if (model.betaRange) this.engine.beta = betaWithin(model, state.beta);
    this.carried = this.beta ? atBeta(model.betaRange!, this.beta) : model;
    this.order = orderDimensions(carriedAtAll(model));
    this.shelf = new Shelf(this, state, () => this.emit("directions"));
    this.exchange = new Exchange(model, this.shelf, state);
    this.touched = this.order.live[0];
    this.begin();
    this.frames = live.frames((rgba) => this.paint(rgba));
    this.sight = live.sight((seen, image) => this.saw({ image, ...seen }));
  }

  /** Set one coordinate; z is then no longer the code of an image. */
  setCoordinate(k: number, value: number): void {
    if (this.z[k] === Math.fround(value)) return;
    this.z[k] = value;
    this.touched = k;
    this.moved(null);
  }

  /** Set z; `source` is the row of the test image it is the code of, if any. */
  setZ(z: Float32Array, source: number | null = null): void {
    this.z = z.slice();
    this.moved(source);
  }

  /** That of a model of a range of β. */
  get beta(): number | undefined {
    return this.engine.beta;
  }

  /** Be the model of another β. The code of a test image, or of the visitor's own, becomes the one that this model gives it. */
  setBeta(beta: number): void {
    if (beta === this.beta) return;
    this.engine.beta = beta;
    this.carried = atBeta(this.model.betaRange!, beta);
    void this.loadBetaCodes().catch(this.fail);
    if (this.own) this.sight.request(this.own.image);
    else if (this.source !== null && this.betaCodes) this.setZ(this.codeOf(this.source)!, this.source);
    else this.frames.request(this.z);
    this.emit("beta");
    clearTimeout(this.betaRest);
    this.betaRest = setTimeout(() => this.settleBeta(), BETA_REST);
    this.rest();
  }

  /** Fetch the codes at every β. */
  private loadBetaCodes(): Promise<void> {
    return (this.betaRequest ??= this.library.betaCodes().then((codes) => {
      this.betaCodes = codes;
      if (this.source !== null && !this.own) this.setZ(this.codeOf(this.source)!, this.source);
      this.settleBeta();
      this.emit("beta");
    }));
  }

  private settleBeta(): void {
    if (!this.betaCodes) return;
    const codes = (this.beta === this.model.beta && this.stored) || this.betaCodes.at(this.beta!);
    this.engine.setCodes(codes);
    this.setCodes(codes, this.stored);
  }

  /** The class that a conditional model is given. */
  get label(): number | undefined {
    return this.engine.label;
  }

  /** Give the model another class: the same style as that. */
  setLabel(label: number): void {
    if (label === this.label) return;
    this.engine.label = label;
    if (this.own) this.sight.request(this.own.image);
    else this.frames.request(this.z);
    this.emit("label");
    this.rest();
  }

  /** The class of a stored code, for a conditional model. */
  labelOf(row: number | null): number | undefined {
    return row === null || !this.labels ? this.label : this.labels[row];
  }

  private begunAs(label: number): void {
    this.engine.label = label < this.model.classes! ? label : 0;
    void this.library.labels().then((labels) => (this.labels = labels));
  }

  /** Encode an image of the visitor's, of an input at `asked`: z becomes its code in the same frame. */
  look(image: Float32Array, asked: number): void {
    this.looking = true;
    this.sight.request(image, asked);
  }

  /** There is no image of the visitor's any more; z stays where it is. */
  forget(): void {
    this.looking = false;
    if (!this.own) return;
    this.own = null;
    this.emit("own");
  }

  setEnd(which: "a" | "b", z: Float32Array): void {
    this[which] = z.slice();
    this.emit("ends");
    this.rest();
  }

  /** Show an image of z decoded by the server, until the browser decodes one. */
  showFirst(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    if (!this.image) this.paint(rgba);
  }

  /** Decode z, once the decoder is open. */
  refresh(): void {
    this.frames.request(this.z);
    this.emit("z");
  }

  /** Take the codes of the present β; `stored` are those of the default one. */
  setCodes(codes: Float32Array, stored: Float32Array | null = codes): void {
    [this.codes, this.stored] = [codes, stored];
    this.ranges = dataRanges(codes, this.model.latentSize);
    if (this.beta !== undefined && this.beta !== this.model.beta && !this.betaRequest) void this.loadBetaCodes().catch(this.fail);
    this.emit("codes");
    this.emit("range");
    this.shelf.renew();
  }

  /** The mean of row i of the stored codes, at the present β. */
  codeOf(row: number): Float32Array | null {
    const { stored, betaCodes, model: { beta, latentSize: d } } = this;
    return betaCodes && (this.beta !== beta || !stored) ? betaCodes.row(this.beta!, row) : stored && stored.slice(row * d, (row + 1) * d);
  }

  state(): StageState {
    const list = (z: Float32Array) => Array.from(z, (value) => Number(value.toFixed(4)));
    const ends = this.a.some(Boolean) || this.b.some(Boolean);
    return {
      ...(this.own ? {} : this.model.code?.side ? (this.painting.tokens ? { tokens: [...this.painting.tokens] } : {}) : { z: list(this.z) }),
      range: this.range,
      path: this.pathKind,
      selection: this.selection.slice(0, MOST_SELECTED),
      selectionCount: this.selection.length,
      ...(this.source === null ? {} : { selected: this.source }),
      ...(this.viewport ? { viewport: this.viewport } : {}),
      ...(ends ? { a: list(this.a), b: list(this.b) } : {}),
      ...(this.projection ? { projection: this.projection } : {}),
      ...(this.colour ? { colour: this.colour } : {}),
      ...(this.tool === "sliders" ? {} : { tool: this.tool }),
      ...(this.plane ? { plane: true } : {}),
      ...(this.inside ? { inside: true } : {}),
      ...(this.hidden.length ? { hidden: this.hidden } : {}),
      ...(this.label ? { label: this.label } : {}),
      ...(this.beta === undefined || this.beta === this.model.beta ? {} : { beta: Number(this.beta.toPrecision(4)) }),
      ...this.shelf.state(),
      ...(this.tool === "exchange" ? this.exchange.state() : {}),
    };
  }

  /** Add projections computed since the stage was opened. */
  offer(projections: Projection[]): void {
    const keys = (list: Projection[]) => list.map((p) => p.key).join();
    if (keys(projections) === keys(this.model.projections)) return;
    this.model.projections = projections;
    this.emit("projections");
  }

  /** Adopt a state from Python, unless it echoes the reported one. */
  adopt(state: StageState): void {
    const z = vectorOf(state.z, this.model.latentSize);
    if (z && state.z!.join() !== this.state().z?.join()) this.setZ(z, state.selected ?? null);
  }

  override dispose(): void {
    super.dispose();
    clearTimeout(this.betaRest);
    this.frames.stop();
    this.sight.stop();
    this.live.dispose();
  }

  private paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    this.image = rgba;
    this.emit("image");
  }

  private saw(own: Own): void {
    if (!this.looking) return; // it was forgotten meanwhile
    const named = this.source !== null;
    this.own = own;
    this.z = own.posterior.mean.slice();
    this.source = null;
    this.image = own.rgba;
    for (const topic of ["own", "image", "z"] as const) this.emit(topic);
    if (named) this.emit("selected");
  }

  private moved(source: number | null): void {
    const changed = this.source !== source;
    this.source = source;
    if (this.label !== undefined && changed && source !== null) this.setLabel(this.labelOf(source)!);
    this.frames.request(this.z);
    this.emit("z");
    if (changed || source !== null) this.emit("selected");
    this.rest();
  }
}
