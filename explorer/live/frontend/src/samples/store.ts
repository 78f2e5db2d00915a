import { BETA_REST } from "../latent/beta-codes";
import { betaWithin } from "../latent/beta-range";
import { betasOf } from "../page/live-model";
import { seedOf, Store, wholeWithin } from "../page/store";
import { ModelSamples, type ModelTopic } from "./model-samples";
import { drawNoise, type Noise } from "./sampler";
import type { NoiseKind, SampledModel, SamplesData, SamplesState, SamplesTab, Span } from "../schema";

/** "hover": another sample is hovered. "choice": a control was used. The others are about one model. */
type Topic = "drawn" | "images" | "support" | "moved" | "codes" | "busy" | "beta" | "hover" | "choice";
/** Settings that need no new draws. */
type Setting = "span" | "noise" | "level";

export const COUNTS = [1, 16, 36, 64, 100] as const;
/** Delay before a pending source is shown, in ms. */
const SOON = 150;

/** The state that all models share: noise, temperature and the hovered sample. */
export class SamplesStore extends Store<Topic, SamplesState> {
  readonly liveModels: ModelSamples[];
  tab: SamplesTab;
  seed: number;
  count: number;
  temperature: number;
  image: number;
  at: number | null;
  span: Span;
  noise: NoiseKind;
  level: number;
  readonly sources: string[];
  /** The hovered sample, the same random code in all models. */
  hovered: number | null = null;
  private drawnNoise: Noise | null = null;
  /** The pending kind of source of each model; empty if it has arrived. */
  readonly pending: string[];
  private readonly betaRests: (ReturnType<typeof setTimeout> | undefined)[];

  constructor(
    readonly models: SampledModel[],
    state: SamplesState,
    appRoot: string,
    report: (state: SamplesState) => void,
    notice: (sentence: string) => void,
  ) {
    super(report, notice);
    const line = models[0].latentSize === 1;
    this.tab = state.tab && (line || state.tab !== "line") ? state.tab : line ? "line" : "codes";
    this.seed = state.seed ?? 0;
    this.count = COUNTS.find((n) => n === state.count) ?? 64;
    this.temperature = state.temperature ?? 1;
    this.image = wholeWithin(state.image, 0, this.imageCount) ?? 0;
    this.at = state.at ?? null;
    this.span = state.span ?? "own";
    this.noise = state.noise ?? "none";
    this.level = state.level ?? 0.3;
    this.sources = models.map((model, i) => model.sources.find((s) => s.key === state.sources?.[i])?.key ?? "prior");
    this.pending = models.map(() => "");
    this.betaRests = models.map(() => undefined);
    this.liveModels = models.map((model, i) => new ModelSamples(model, appRoot, (topic) => this.modelChanged(i, topic), notice, models.length));
    this.liveModels.forEach(({ engine, model }, i) => {
      if (model.betaRange) engine.beta = betaWithin(model, state.betas?.[i]);
      if (model.classes && state.label !== undefined && state.label < model.classes) engine.label = state.label;
    });
    this.begin();
  }

  /** Number of test images that every model has. */
  get imageCount(): number {
    return Math.min(...this.models.map((model) => model.count));
  }

  open(): void {
    this.liveModels.forEach((live, i) => {
      live.open().catch(this.fail);
      this.load(i);
    });
  }

  /** Models may have been compared with real images meanwhile. */
  refresh({ models }: Pick<SamplesData, "models">): void {
    this.liveModels.forEach((live, i) => models[i].real && live.opened && void live.openReal().catch(this.fail));
  }

  setSeed(seed: number): void {
    this.seed = seedOf(seed);
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

  setSource(i: number, kind: string): void {
    this.sources[i] = kind;
    this.load(i);
    this.emit("choice");
    this.rest();
  }

  /** Let model i be that of another β: it decodes the same codes, which then come from the prior. */
  setBeta(i: number, beta: number): void {
    const live = this.liveModels[i];
    live.engine.beta = beta;
    live.followBeta();
    if (this.sources[i] === "prior" || live.atDefault) this.draw(i);
    else this.setSource(i, "prior");
    clearTimeout(this.betaRests[i]);
    this.betaRests[i] = setTimeout(() => void live.settleBeta().catch(this.fail), BETA_REST);
    this.emit("beta", i);
    this.rest();
  }

  /** Let the conditional models draw this class, or the classes in turn. */
  setLabel(label: number | undefined): void {
    for (const { engine, model } of this.liveModels) if (model.classes) engine.label = label;
    this.changed();
  }

  /** The class that conditional models draw; none while they draw all in turn. */
  get label(): number | undefined {
    return this.liveModels.find(({ model }) => model.classes)?.engine.label;
  }

  /** Sample around another test image, in every model with that source. */
  setImage(row: number): void {
    this.image = row;
    this.sources.forEach((kind, i) => kind === "around" && this.load(i));
    this.emit("choice");
    this.rest();
  }

  setTab(tab: SamplesTab): void {
    this.hover(null);
    this.put("tab", tab, "choice");
  }

  set<K extends Setting>(name: K, value: this[K]): void {
    this.put(name, value, "choice");
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
      ...betasOf(this.liveModels),
      ...(this.label === undefined ? {} : { label: this.label }),
      ...(this.at === null ? {} : { at: Number(this.at.toFixed(4)) }),
    };
  }

  override dispose(): void {
    super.dispose();
    this.betaRests.forEach(clearTimeout);
    this.liveModels.forEach((live) => live.dispose());
  }

  /** Every model has the same latent size, so the noise is the same for all. */
  private get shared(): Noise {
    return (this.drawnNoise ??= drawNoise(this.seed, this.count, this.models[0].latentSize));
  }

  private load(i: number): void {
    const kind = this.sources[i] === "around" ? `around:${this.image}` : this.sources[i];
    const timer = setTimeout(() => this.sources[i] === kind.split(":")[0] && this.wait(i, this.sources[i]), SOON);
    const show = (current: boolean) => {
      if (!current) return;
      this.wait(i, "");
      this.draw(i);
    };
    const fail = (error: unknown) => {
      this.wait(i, "");
      this.fail(error);
    };
    void this.liveModels[i].use(kind).then(show).catch(fail).finally(() => clearTimeout(timer));
  }

  private wait(i: number, kind: string): void {
    if (this.pending[i] === kind) return;
    this.pending[i] = kind;
    this.emit("busy", i);
  }

  private draw(i: number): void {
    this.liveModels[i].draw(this.shared, this.count, this.temperature);
    this.emit("drawn", i);
  }

  private modelChanged(i: number, topic: ModelTopic): void {
    if (topic === "codes" && this.liveModels[i].count) this.draw(i); // now with distances
    this.emit(topic, i);
  }

  private changed(): void {
    this.liveModels.forEach((_, i) => this.draw(i));
    this.emit("choice");
    this.rest();
  }
}
