import { isActive, orderDimensions, type Ordered } from "../latent/dimensions";
import { betaWithin, carriedAtAll } from "../latent/beta-range";
import type { Rotation } from "../latent/rotation";
import { sweep } from "../latent/vectors";
import { betasOf } from "../page/live-model";
import { seedOf, Store, wholeWithin } from "../page/store";
import { carried, type Factor } from "./information";
import { SteeredModel } from "./steered-model";
import type { CompareData, CompareState, CompareTab, Match, PlaneKind } from "../schema";

/** Settings, each with a topic of its name. */
type Setting = "tab" | "at" | "plane" | "colour" | "factor";
/** "z": codes moved. "image", "codes": one model has a new image, or its codes. "reference": another reference model. "beta": one model is that of another β. */
type Topic = Setting | "z" | "image" | "codes" | "reference" | "rank" | "rows" | "seed" | "factors" | "rotation" | "beta";

/** Half-width of sliders and traversals, in units of a model. */
export const REACH = 3;

export interface ModelRotation extends Rotation {
  /** Index of the model whose latents are rotated. */
  model: number;
}

const TABS: readonly (readonly [CompareTab, string])[] = [
  ["columns", "Side by side"],
  ["ladder", "Through β"],
  ["factors", "Factors"],
  ["two-way", "Both ways"],
];

/** The state that all models share: sliders, traversed dimension and images. */
export class CompareStore extends Store<Topic, CompareState> {
  readonly liveModels: SteeredModel[];
  readonly tabs: readonly (readonly [CompareTab, string])[];
  tab: CompareTab;
  /** Factors of the sprite to encode. */
  sprite: number[];
  reference: number;
  rank: number;
  image: number | null;
  offset: Float32Array;
  seed: number;
  rows: number;
  at: number;
  plane: PlaneKind;
  colour: string | undefined;
  /** The factors of every image; the class alone, if there is nothing else. */
  factors: Factor[] = [];
  /** The factor that codes are plotted against; −1 until the factor of the traversed dimension is known. */
  factor: number;
  rotation: ModelRotation | null;
  /** Dimensions of the reference model, the strongest first. */
  order: Ordered;

  constructor(
    readonly data: CompareData,
    appRoot: string,
    report: (state: CompareState) => void,
    notice: (sentence: string) => void,
  ) {
    super(report, notice);
    const { models, state = {} } = data;
    const d = models[0].latentSize;
    const rows = Math.min(...models.map((m) => m.count));
    this.tabs = TABS.filter(([tab]) => tab !== "two-way" || models.every((m) => m.sprites));
    this.tab = this.tabs.find(([tab]) => tab === state.tab)?.[0] ?? "columns";
    this.sprite = spriteOf(state.sprite, models[0].factorSizes);
    this.reference = wholeWithin(state.reference, 0, models.length) ?? Math.floor((models.length - 1) / 2);
    this.order = orderDimensions(carriedAtAll(models[this.reference]));
    this.rank = wholeWithin(state.rank, 0, d) ?? 0;
    this.image = wholeWithin(state.image, 0, rows) ?? null;
    this.offset = state.offset?.length === d ? Float32Array.from(state.offset) : new Float32Array(d);
    this.seed = state.seed ?? 0;
    this.rows = wholeWithin(state.rows, 0, rows) ?? 0;
    this.at = Math.max(0, Math.min(models.length - 1, state.at ?? 0));
    this.plane = state.plane ?? "pca";
    this.colour = state.colour;
    this.factor = wholeWithin(state.factor, 0, Math.max(1, models[0].factorNames.length)) ?? -1;
    this.rotation = rotationOf(state.rotation, models.length, d);
    this.liveModels = models.map((model, i) => new SteeredModel(model, appRoot, () => this.emit("image", i), notice, models.length));
    this.liveModels.forEach(({ engine, model }, i) => {
      if (model.betaRange) engine.beta = betaWithin(model, state.betas?.[i]);
    });
    this.begin();
  }

  open(): void {
    this.liveModels.forEach((live, i) => {
      const { beta } = live.engine;
      if (beta !== undefined && beta !== live.model.beta) return void this.openAt(i, beta).catch(this.fail);
      live.open(this.image).then(() => (this.image === null || live.means) && this.decode(i)).catch(this.fail);
      const use = (codes: Float32Array) => {
        live.setMeans(codes);
        this.pickFactor();
        this.emit("codes", i);
        this.decode(i);
        this.emit("z");
      };
      live.library.codes().then(use).catch(this.fail);
    });
    this.fetchFactors().catch(this.fail);
    if (this.rotation) this.setRotation(this.rotation);
  }

  private async openAt(i: number, beta: number): Promise<void> {
    await Promise.all([this.liveModels[i].open(this.image), this.liveModels[i].setBeta(beta)]);
    this.betaChanged(i);
  }

  /** Let model i, of a range, be that of another β. */
  setBeta(i: number, beta: number): void {
    const codes = this.liveModels[i].setBeta(beta);
    this.betaChanged(i);
    void codes.then(() => this.liveModels[i].engine.beta === beta && this.betaChanged(i), this.fail);
    this.rest();
  }

  private betaChanged(i: number): void {
    this.decode(i);
    for (const topic of ["beta", "codes", "z"] as const) this.emit(topic, i);
  }

  /** Set one value. */
  set<K extends Setting>(name: K, value: this[K]): void {
    this.put(name, value, name);
  }

  private async fetchFactors(): Promise<void> {
    const { factorNames, labels } = this.data.models[0];
    const keys = factorNames.length ? factorNames.map((name) => `factor:${name}`) : labels ? ["labels"] : [];
    const columns = await Promise.all(keys.map((key) => this.liveModels[0].library.column(key)));
    this.factors = columns.map(({ column, categories }) => ({ name: column.label, values: categories!, size: column.names!.length }));
    this.pickFactor();
    this.emit("factors");
  }

  private pickFactor(): void {
    const information = this.factor < 0 && this.liveModels[this.reference].informationOn(this.factors);
    if (information) this.factor = carried(information, this.factors, this.traversed)?.factor ?? 0;
  }

  /** The factor of dimension k of model i, as "x position, 81 %"; empty if there is none. */
  nameOf(i: number, k: number): string {
    const live = this.liveModels[i];
    if (this.factors.length < 2 || !isActive(this.data.models[i], k)) return "";
    const information = live.informationOn(this.factors);
    const purpose = information && carried(information, this.factors, k);
    return purpose ? `${this.factors[purpose.factor].name}, ${Math.round(100 * purpose.share)} %` : "";
  }

  /** How the reference model's dimensions correspond to those of model i. */
  match(i: number): Match {
    return this.data.matches[this.reference][i];
  }

  /** Dimensions of the reference model in the order of the sliders. */
  get dimensions(): number[] {
    return [...this.order.live, ...this.order.dead];
  }

  /** The traversed dimension of the reference model. */
  get traversed(): number {
    return this.dimensions[this.rank];
  }

  /** The two models on either side of the ladder position, and the share of the way from the first to the second. */
  get between(): [low: number, high: number, share: number] {
    const low = Math.min(Math.floor(this.at), this.liveModels.length - 2);
    return [low, low + 1, this.at - low];
  }

  /** The code of model i at the current sliders. */
  codeOf(i: number): Float32Array {
    const live = this.liveModels[i];
    return live.moved(live.base(this.image), this.offset, this.match(i));
  }

  /** The traversal of the reference model's dimension k in model i: its own dimension, and codes (steps, d) for its decoder. */
  traversal(i: number, k: number, steps: number): { dimension: number; z: Float32Array } {
    const live = this.liveModels[i];
    const { order, sign } = this.match(i);
    const reach = REACH * live.unit[order[k]] * sign[k];
    return { dimension: order[k], z: live.own(sweep(this.codeOf(i), order[k], -reach, reach, steps)) };
  }

  /** Coordinate k of the reference model, in its units. */
  value(k: number): number {
    const live = this.liveModels[this.reference];
    return live.base(this.image)[k] / live.unit[k] + this.offset[k];
  }

  setValue(k: number, value: number): void {
    const live = this.liveModels[this.reference];
    this.offset[k] = value - live.base(this.image)[k] / live.unit[k];
    this.setRank(this.dimensions.indexOf(k));
    this.moved();
  }

  /** Start every model from its own code of a test image, or from the prior mean. */
  setImage(row: number | null): void {
    this.image = row;
    this.offset.fill(0);
    const conditional = this.liveModels.filter(({ model }) => model.classes);
    if (!conditional.length) return this.moved();
    void Promise.all(conditional.map((live) => live.be(row))).then(() => this.moved(), this.fail);
  }

  setRank(rank: number): void {
    if (rank !== this.rank) this.put("rank", rank, "rank");
  }

  /** Change the reference model; codes stay the same as far as dimensions match. */
  setReference(reference: number): void {
    const { order, sign } = this.data.matches[reference][this.reference];
    this.offset = Float32Array.from(order, (j, k) => sign[k] * this.offset[j]);
    this.reference = reference;
    this.order = orderDimensions(carriedAtAll(this.data.models[reference]));
    this.rank = 0;
    this.emit("reference");
    this.moved();
  }

  setSeed(seed: number): void {
    this.put("seed", seedOf(seed), "seed");
  }

  setRows(rows: number): void {
    this.put("rows", rows % this.liveModels[0].model.count, "rows");
  }

  /** Rotate two latent dimensions of one model. */
  setRotation(rotation: ModelRotation): void {
    const live = this.liveModels[rotation.model];
    this.rotation = rotation;
    this.liveModels.forEach((other) => other.setRotation(other === live && rotation.degrees ? rotation : null));
    this.emit("rotation");
    this.moved();
    const update = (arrived: boolean) => {
      if (!arrived || this.rotation?.model !== rotation.model) return;
      live.setRotation(this.rotation.degrees ? this.rotation : null);
      this.emit("rotation");
    };
    live.fetchScales().then(update).catch(this.fail);
  }

  setSprite(factors: number[]): void {
    this.sprite = factors;
    this.rest();
  }

  state(): CompareState {
    return {
      tab: this.tab,
      reference: this.reference,
      rank: this.rank,
      seed: this.seed,
      rows: this.rows,
      at: Number(this.at.toFixed(3)),
      plane: this.plane,
      ...(this.image === null ? {} : { image: this.image }),
      ...(this.offset.some(Boolean) ? { offset: Array.from(this.offset, (value) => Number(value.toFixed(4))) } : {}),
      ...(this.factor < 0 ? {} : { factor: this.factor }),
      ...(this.rotation?.degrees ? { rotation: [this.rotation.model, this.rotation.i, this.rotation.j, this.rotation.degrees] } : {}),
      ...(this.tab === "two-way" ? { sprite: this.sprite } : {}),
      ...(this.colour ? { colour: this.colour } : {}),
      ...betasOf(this.liveModels),
    };
  }

  override dispose(): void {
    super.dispose();
    this.liveModels.forEach((live) => live.dispose());
  }

  private moved(): void {
    this.liveModels.forEach((_, i) => this.decode(i));
    this.emit("z");
    this.rest();
  }

  private decode(i: number): void {
    this.liveModels[i].request(this.codeOf(i));
  }
}

function rotationOf(numbers: number[] | undefined, models: number, d: number): ModelRotation | null {
  const [model, i, j, degrees] = numbers ?? [];
  const fits = wholeWithin(model, 0, models) !== undefined && [i, j].every((k) => wholeWithin(k, 0, d) !== undefined) && i !== j;
  return fits && degrees >= 0 && degrees <= 90 ? { model, i, j, degrees } : null;
}

/** The sprite of the link, or an upright ellipse of medium size in the centre. */
function spriteOf(factors: number[] | undefined, sizes: number[]): number[] {
  const fits = factors?.length === sizes.length && factors.every((value, f) => wholeWithin(value, 0, sizes[f]) !== undefined);
  return fits ? factors : sizes.map((size, f) => (f === 0 ? 1 : f === 2 ? 0 : size >> 1));
}
