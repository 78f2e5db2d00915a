import { orderDimensions, type Ordered } from "../latent/dimensions";
import { Lane } from "./lane";
import type { CompareData, CompareState, Match, Tab } from "./types";

/** "hand": the codes moved. "image": one model painted. "codes": one model's codes are there. "lead": other sliders. */
export type Topic = "hand" | "image" | "codes" | "lead" | "strand" | "rows" | "seed" | "tab" | "theme";

/** How long the input must rest before Python hears of it, in ms. */
const REST = 250;

/** What all models share: one hand, which of its dimensions is looked at, and which images. */
export class Board {
  readonly lanes: Lane[];
  tab: Tab;
  lead: number;
  strand: number;
  image: number | null;
  offset: Float32Array;
  seed: number;
  rows: number;
  /** Dimensions of the lead, the strongest first. */
  order: Ordered;
  private readonly listeners = new Map<Topic, Set<(lane: number) => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sent: string;

  constructor(
    readonly data: CompareData,
    appRoot: string,
    bundle: string,
    private readonly report: (state: CompareState) => void,
    readonly notice: (sentence: string) => void,
  ) {
    const { models, state = {} } = data;
    const d = models[0].latentSize;
    const rows = Math.min(...models.map((m) => m.count));
    this.tab = state.tab ?? "columns";
    this.lead = whole(state.lead, models.length) ?? Math.floor((models.length - 1) / 2);
    this.order = orderDimensions(models[this.lead]);
    this.strand = whole(state.strand, d) ?? 0;
    this.image = whole(state.image, rows) ?? null;
    this.offset = state.offset?.length === d && state.offset.every(Number.isFinite) ? Float32Array.from(state.offset) : new Float32Array(d);
    this.seed = whole(state.seed, 2 ** 31) ?? 0;
    this.rows = whole(state.rows, rows) ?? 0;
    this.lanes = models.map((model, i) => new Lane(model, appRoot, bundle, () => this.emit("image", i), notice));
    this.sent = JSON.stringify(this.state());
  }

  open(): void {
    this.lanes.forEach((lane, i) => {
      lane.open().then(
        () => this.ask(i),
        (error: Error) => this.notice(error.message),
      );
      lane.library.codes().then(
        (codes) => {
          lane.means = codes;
          this.emit("codes", i);
          this.ask(i);
          this.emit("hand");
        },
        (error: Error) => this.notice(error.message),
      );
    });
  }

  on(topic: Topic, listener: (lane: number) => void): () => void {
    let set = this.listeners.get(topic);
    if (!set) this.listeners.set(topic, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  emit(topic: Topic, lane = -1): void {
    this.listeners.get(topic)?.forEach((listener) => listener(lane));
  }

  /** How the lead's dimensions are called in model i. */
  match(i: number): Match {
    return this.data.matches[this.lead][i];
  }

  /** Dimensions of the lead in the order of the sliders. */
  get dimensions(): number[] {
    return [...this.order.live, ...this.order.dead];
  }

  /** The lead's dimension that is traversed. */
  get traversed(): number {
    return this.dimensions[this.strand];
  }

  /** The code of model i at the hand. */
  codeOf(i: number): Float32Array {
    const lane = this.lanes[i];
    return lane.moved(lane.base(this.image), this.offset, this.match(i));
  }

  /** Where the lead stands along its dimension k, in units of its spread. */
  value(k: number): number {
    const lane = this.lanes[this.lead];
    return lane.base(this.image)[k] / lane.unit[k] + this.offset[k];
  }

  setValue(k: number, value: number): void {
    const lane = this.lanes[this.lead];
    this.offset[k] = value - lane.base(this.image)[k] / lane.unit[k];
    this.setStrand(this.dimensions.indexOf(k));
    this.moved();
  }

  /** Start from a test image, each model from its own code of it; or from the middle. */
  setImage(row: number | null): void {
    this.image = row;
    this.offset.fill(0);
    this.moved();
  }

  setStrand(strand: number): void {
    if (strand === this.strand) return;
    this.strand = strand;
    this.emit("strand");
    this.rest();
  }

  /** Other sliders; the models stay where they are, as far as their dimensions match. */
  setLead(lead: number): void {
    const { order, sign } = this.data.matches[lead][this.lead];
    this.offset = Float32Array.from(order, (j, k) => sign[k] * this.offset[j]);
    this.lead = lead;
    this.order = orderDimensions(this.data.models[lead]);
    this.strand = 0;
    this.emit("lead");
    this.moved();
  }

  setSeed(seed: number): void {
    this.seed = Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0));
    this.emit("seed");
    this.rest();
  }

  setRows(rows: number): void {
    this.rows = rows % this.lanes[0].model.count;
    this.emit("rows");
    this.rest();
  }

  setTab(tab: Tab): void {
    this.tab = tab;
    this.emit("tab");
    this.rest();
  }

  state(): CompareState {
    return {
      tab: this.tab,
      lead: this.lead,
      strand: this.strand,
      image: this.image,
      offset: Array.from(this.offset, (value) => Number(value.toFixed(4))),
      seed: this.seed,
      rows: this.rows,
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
    this.lanes.forEach((lane) => lane.dispose());
  }

  private moved(): void {
    this.lanes.forEach((_, i) => this.ask(i));
    this.emit("hand");
    this.rest();
  }

  private ask(i: number): void {
    this.lanes[i].request(this.codeOf(i));
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const now = JSON.stringify(this.state());
      if (now === this.sent) return;
      this.sent = now;
      this.report(this.state());
    }, REST);
  }
}

function whole(value: unknown, below: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < below ? (value as number) : undefined;
}
