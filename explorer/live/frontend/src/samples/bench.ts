import { Settling } from "../settling";
import { Topics } from "../topics";
import { Lane } from "./lane";
import { drawNoise, type Noise } from "./sampler";
import { type NoiseKind, NOISES, type SampledModel, type SamplesState, type Span, type Tab } from "./types";

/** "hover": which sample is pointed at. "lane": something of one model changed. "choice": a control was used. */
export type Topic = "drawn" | "images" | "support" | "codes" | "hover" | "choice" | "theme" | "numbers" | "busy";

export const COUNTS = [1, 16, 36, 64, 100] as const;
/** After so many ms without an answer, say what is being waited for. */
const SOON = 150;

/** What all models share: the random numbers, how they are scaled, and which sample is pointed at. */
export class Bench extends Topics<Topic> {
  readonly lanes: Lane[];
  tab: Tab;
  seed: number;
  count: number;
  temperature: number;
  image: number;
  at: number | null;
  span: Span;
  noise: NoiseKind;
  level: number;
  readonly sources: string[];
  /** The sample that is pointed at, in all models alike: it is the same random code. */
  hovered: number | null = null;
  private drawnNoise: Noise | null = null;
  /** For each model, the kind of source that is waited for; empty if it is there. */
  readonly awaited: string[];
  private readonly settling: Settling<SamplesState>;

  constructor(
    readonly models: SampledModel[],
    state: SamplesState,
    appRoot: string,
    bundle: string,
    report: (state: SamplesState) => void,
    readonly notice: (sentence: string) => void,
  ) {
    super();
    const line = models[0].latentSize === 1;
    this.tab = state.tab && (line || state.tab !== "line") ? state.tab : line ? "line" : "codes";
    this.seed = whole(state.seed, 0, 2 ** 31 - 1) ?? 0;
    this.count = COUNTS.find((n) => n === state.count) ?? 64;
    this.temperature = within(state.temperature, 0, 3) ?? 1;
    this.image = whole(state.image, 0, Math.min(...models.map((m) => m.count)) - 1) ?? 0;
    this.at = within(state.at, 0, 1) ?? null;
    this.span = state.span === "prior" ? "prior" : "own";
    this.noise = NOISES.find((kind) => kind === state.noise) ?? "none";
    this.level = within(state.level, 0, 1) ?? 0.3;
    this.sources = models.map((model, i) => model.sources.find((s) => s.key === state.sources?.[i])?.key ?? "prior");
    this.awaited = models.map(() => "");
    this.lanes = models.map((model, i) => new Lane(model, appRoot, bundle, (topic) => this.laneChanged(i, topic), notice, models.length));
    this.settling = new Settling(() => this.state(), report);
    this.settling.begin();
  }

  open(): void {
    this.lanes.forEach((lane, i) => {
      lane.open().catch((error: Error) => this.notice(error.message));
      this.load(i);
    });
  }

  setSeed(seed: number): void {
    this.seed = Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0));
    this.drawnNoise = null;
    this.changed();
  }

  setCount(count: number): void {
    this.count = count;
    this.drawnNoise = null;
    if (this.hovered !== null && this.hovered >= count) this.hover(null);
    this.changed();
  }

  setTemperature(temperature: number): void {
    this.temperature = temperature;
    this.changed();
  }

  setSource(lane: number, kind: string): void {
    this.sources[lane] = kind;
    this.load(lane);
    this.emit("choice");
    this.rest();
  }

  /** Sample around another test image, in every model that does. */
  setImage(row: number): void {
    this.image = row;
    this.sources.forEach((kind, i) => kind === "around" && this.load(i));
    this.emit("choice");
    this.rest();
  }

  setTab(tab: Tab): void {
    this.tab = tab;
    this.hover(null);
    this.emit("choice");
    this.rest();
  }

  setSpan(span: Span): void {
    this.span = span;
    this.emit("choice");
    this.rest();
  }

  setNoise(kind: NoiseKind): void {
    this.noise = kind;
    this.emit("choice");
    this.rest();
  }

  setLevel(level: number): void {
    this.level = level;
    this.emit("choice");
    this.rest();
  }

  setAt(at: number): void {
    this.at = at;
    this.rest();
  }

  hover(sample: number | null): void {
    if (sample === this.hovered) return;
    this.hovered = sample;
    this.emit("hover");
  }

  state(): SamplesState {
    return {
      tab: this.tab,
      seed: this.seed,
      count: this.count,
      temperature: this.temperature,
      sources: [...this.sources],
      image: this.image,
      ...(this.span === "own" ? {} : { span: this.span }),
      ...(this.noise === "none" ? {} : { noise: this.noise, level: this.level }),
      ...(this.at === null ? {} : { at: Number(this.at.toFixed(4)) }),
    };
  }

  dispose(): void {
    this.settling.stop();
    this.hush();
    this.lanes.forEach((lane) => lane.dispose());
  }

  /** Every model has the same latent size, so the noise is the same for all. */
  private get shared(): Noise {
    return (this.drawnNoise ??= drawNoise(this.seed, this.count, this.models[0].latentSize));
  }

  private load(i: number): void {
    const kind = this.sources[i] === "around" ? `around:${this.image}` : this.sources[i];
    const waiting = setTimeout(() => this.sources[i] === kind.split(":")[0] && this.wait(i, this.sources[i]), SOON);
    this.lanes[i]
      .from(kind)
      .then(
        (current) => {
          if (!current) return;
          this.wait(i, "");
          this.draw(i);
        },
        (error: Error) => {
          this.wait(i, "");
          this.notice(error.message);
        },
      )
      .finally(() => clearTimeout(waiting));
  }

  private wait(i: number, kind: string): void {
    if (this.awaited[i] === kind) return;
    this.awaited[i] = kind;
    this.emit("busy", i);
  }

  private draw(i: number): void {
    this.lanes[i].draw(this.shared, this.count, this.temperature);
    this.emit("drawn", i);
  }

  private laneChanged(i: number, topic: "images" | "support" | "codes"): void {
    if (topic === "codes" && this.lanes[i].count) this.draw(i); // now their distances can be told
    this.emit(topic, i);
  }

  private changed(): void {
    this.lanes.forEach((_, i) => this.draw(i));
    this.emit("choice");
    this.rest();
  }

  private rest(): void {
    this.settling.rest();
  }
}

function within(value: unknown, low: number, high: number): number | undefined {
  return typeof value === "number" && value >= low && value <= high ? value : undefined;
}

function whole(value: unknown, low: number, high: number): number | undefined {
  return Number.isInteger(value) ? within(value, low, high) : undefined;
}
