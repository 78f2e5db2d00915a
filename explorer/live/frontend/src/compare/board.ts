import { DEAD_BELOW, orderDimensions, type Ordered } from "../latent/dimensions";
import { Settling } from "../settling";
import { Topics } from "../topics";
import { carried, type Factor } from "./information";
import { Lane } from "./lane";
import type { Turn } from "./turn";
import { type CompareData, type CompareState, type Match, type PlaneKind, type Tab, TABS } from "./types";

/** "hand": the codes moved. "image": one model painted. "codes": one model's codes are there. "lead": other sliders. */
export type Topic = "hand" | "image" | "codes" | "lead" | "strand" | "rows" | "seed" | "tab" | "at" | "plane" | "colour" | "factors" | "factor" | "turn" | "theme";

/** What all models share: one hand, which of its dimensions is looked at, and which images. */
export class Board extends Topics<Topic> {
  readonly lanes: Lane[];
  readonly tabs: readonly (readonly [Tab, string])[];
  tab: Tab;
  /** Factors of the sprite that is drawn to be encoded. */
  sprite: number[];
  lead: number;
  strand: number;
  image: number | null;
  offset: Float32Array;
  seed: number;
  rows: number;
  at: number;
  plane: PlaneKind;
  colour: string | undefined;
  /** What is known of every image; the classes alone, where that is all. */
  factors: Factor[] = [];
  /** The factor that codes are plotted against; −1 until it is known what the chosen dimension is for. */
  factor: number;
  /** The model whose latents are turned, and how. */
  turn: (Turn & { lane: number }) | null;
  /** Dimensions of the lead, the strongest first. */
  order: Ordered;
  private readonly settling: Settling<CompareState>;

  constructor(
    readonly data: CompareData,
    appRoot: string,
    bundle: string,
    report: (state: CompareState) => void,
    readonly notice: (sentence: string) => void,
  ) {
    super();
    const { models, state = {} } = data;
    const d = models[0].latentSize;
    const rows = Math.min(...models.map((m) => m.count));
    this.tabs = TABS.filter(([tab]) => tab !== "two-way" || models.every((m) => m.sprites));
    this.tab = this.tabs.find(([tab]) => tab === state.tab)?.[0] ?? "columns";
    this.sprite = spriteOf(state.sprite, models[0].factorSizes);
    this.lead = whole(state.lead, models.length) ?? Math.floor((models.length - 1) / 2);
    this.order = orderDimensions(models[this.lead]);
    this.strand = whole(state.strand, d) ?? 0;
    this.image = whole(state.image, rows) ?? null;
    this.offset = state.offset?.length === d && state.offset.every(Number.isFinite) ? Float32Array.from(state.offset) : new Float32Array(d);
    this.seed = whole(state.seed, 2 ** 31) ?? 0;
    this.rows = whole(state.rows, rows) ?? 0;
    this.at = Math.max(0, Math.min(models.length - 1, Number.isFinite(state.at) ? state.at! : 0));
    this.plane = state.plane === "strands" ? "strands" : "pca";
    this.colour = state.colour;
    this.factor = whole(state.factor, Math.max(1, models[0].factorNames.length)) ?? -1;
    this.turn = turnOf(state.turn, models.length, d);
    this.lanes = models.map((model, i) => new Lane(model, appRoot, bundle, () => this.emit("image", i), notice, models.length));
    this.settling = new Settling(() => this.state(), report);
    this.settling.begin();
  }

  open(): void {
    this.lanes.forEach((lane, i) => {
      lane.open().then(
        () => this.ask(i),
        (error: Error) => this.notice(error.message),
      );
      lane.library.codes().then(
        (codes) => {
          lane.setMeans(codes);
          this.pickFactor();
          this.emit("codes", i);
          this.ask(i);
          this.emit("hand");
        },
        (error: Error) => this.notice(error.message),
      );
    });
    this.know().catch((error: Error) => this.notice(error.message));
    if (this.turn) this.setTurn(this.turn);
  }

  private async know(): Promise<void> {
    const { factorNames, labels } = this.data.models[0];
    const keys = factorNames.length ? factorNames.map((name) => `factor:${name}`) : labels ? ["labels"] : [];
    const columns = await Promise.all(keys.map((key) => this.lanes[0].library.column(key)));
    this.factors = columns.map(({ column, categories }) => ({ name: column.label, values: categories!, size: column.names!.length }));
    this.pickFactor();
    this.emit("factors");
  }

  private pickFactor(): void {
    const information = this.factor < 0 && this.lanes[this.lead].informationOn(this.factors);
    if (information) this.factor = carried(information, this.factors, this.traversed)?.factor ?? 0;
  }

  /** What dimension k of model i is for, as "x position, 81 %"; empty where there are no factors or no answer. */
  nameOf(i: number, k: number): string {
    const lane = this.lanes[i];
    if (this.factors.length < 2 || (lane.rate && lane.rate[k] < DEAD_BELOW)) return "";
    const information = lane.informationOn(this.factors);
    const found = information && carried(information, this.factors, k);
    return found ? `${this.factors[found.factor].name}, ${Math.round(100 * found.share)} %` : "";
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

  /** The two models that the place on the ladder lies between, and how far it is from the first to the second. */
  get between(): [low: number, high: number, share: number] {
    const low = Math.min(Math.floor(this.at), this.lanes.length - 2);
    return [low, low + 1, this.at - low];
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

  setAt(at: number): void {
    this.at = at;
    this.emit("at");
    this.rest();
  }

  setPlane(plane: PlaneKind): void {
    this.plane = plane;
    this.emit("plane");
    this.rest();
  }

  setColour(colour: string): void {
    this.colour = colour;
    this.emit("colour");
    this.rest();
  }

  setFactor(factor: number): void {
    this.factor = factor;
    this.emit("factor");
    this.rest();
  }

  /** Turn two latent dimensions of one model; null leaves all as they were trained. */
  setTurn(turn: (Turn & { lane: number }) | null): void {
    const lane = turn && this.lanes[turn.lane];
    this.turn = turn;
    this.lanes.forEach((other, i) => other.setTurn(i === turn?.lane && turn.degrees ? turn : null));
    this.emit("turn");
    this.moved();
    void lane?.prepareTurn().then(
      (arrived) => {
        if (!arrived || this.turn?.lane !== turn!.lane) return;
        lane.setTurn(this.turn.degrees ? this.turn : null);
        this.emit("turn");
      },
      (error: Error) => this.notice(error.message),
    );
  }

  setSprite(factors: number[]): void {
    this.sprite = factors;
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
      at: Number(this.at.toFixed(3)),
      plane: this.plane,
      ...(this.factor < 0 ? {} : { factor: this.factor }),
      ...(this.turn?.degrees ? { turn: [this.turn.lane, this.turn.i, this.turn.j, this.turn.degrees] } : {}),
      ...(this.tab === "two-way" ? { sprite: this.sprite } : {}),
      ...(this.colour ? { colour: this.colour } : {}),
    };
  }

  dispose(): void {
    this.settling.stop();
    this.hush();
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
    this.settling.rest();
  }
}

function whole(value: unknown, below: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < below ? (value as number) : undefined;
}

function turnOf(numbers: number[] | undefined, models: number, d: number): (Turn & { lane: number }) | null {
  const [lane, i, j, degrees] = numbers ?? [];
  const fits = whole(lane, models) !== undefined && whole(i, d) !== undefined && whole(j, d) !== undefined && i !== j;
  return fits && degrees >= 0 && degrees <= 90 ? { lane, i, j, degrees } : null;
}

/** As the link says, or an upright ellipse in the middle, of middling size. */
function spriteOf(factors: number[] | undefined, sizes: number[]): number[] {
  const fits = factors?.length === sizes.length && factors.every((value, f) => whole(value, sizes[f]) !== undefined);
  return fits ? factors : sizes.map((size, f) => (f === 0 ? 1 : f === 2 ? 0 : size >> 1));
}
