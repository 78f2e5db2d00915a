import { fetchBytes } from "../engine/assets";
import type { BetaCodes } from "../latent/beta-codes";
import { nearestRow } from "../latent/nearest";
import { Plane } from "../latent/plane";
import { standardNormal } from "../latent/vectors";
import { cached } from "../page/library";
import { LiveModel, runtime } from "../page/live-model";
import { apart } from "./apart";
import { type Noise, Sampler } from "./sampler";
import { FAR, holeColour, supportColour } from "./support";
import type { Code, SampledModel } from "../schema";
import { LearnedSampler } from "../engine/learned-sampler";
import { TokenSampler } from "../latent/token-sampler";
import { messageOf } from "../ui/dom";

/** "moved": β moves the codes, under the hand; "codes": they have come to rest. */
export type ModelTopic = "drawn" | "images" | "support" | "moved" | "codes";
type AnySampler = Sampler | TokenSampler | LearnedSampler;

/** The kind of source that is the autoregressive prior. */
const LEARNED = "learned";

/** One model, its codes and the drawn codes. */
export class ModelSamples extends LiveModel<SampledModel> {
  readonly plane: Plane | null;
  /** The drawn codes (count, d), and the distance of each to the nearest stored code, in typical distances. */
  z: Float32Array = new Float32Array(0);
  count = 0;
  support: Float32Array = new Float32Array(0);
  nearest: Uint32Array = new Uint32Array(0);
  /** How far each image lies from every real one, above 1 in a hole; empty until that is known. */
  departures: Float32Array = new Float32Array(0);
  /** Whether images can be compared with real ones. */
  real = false;
  opened = false;
  /** One code of every test image, drawn from its posterior: (N, d). */
  codes: Float32Array | null = null;
  /** The typical distance between neighbouring codes, and the multiple of it that still counts as among the codes. */
  unit = NaN;
  reach = NaN;
  images: Uint8ClampedArray<ArrayBuffer> | null = null;
  private sampler: AnySampler | null = null;
  private readonly samplers = new Map<string, Promise<AnySampler>>();
  /** What the learned prior is to draw next. */
  private asked: { noise: Noise; count: number; temperature: number } | null = null;
  private drawing = false;
  private meansRequest: Promise<Float32Array> | null = null;
  private source = "";
  /** Means and logarithms of scales at every β. */
  private posteriors: [mean: BetaCodes, logarithms: BetaCodes] | null = null;
  private epsilon: Float32Array | null = null;

  constructor(
    model: SampledModel,
    appRoot: string,
    private readonly changed: (topic: ModelTopic) => void,
    notice: (sentence: string) => void,
    sharing: number,
  ) {
    super(model, appRoot, notice, sharing);
    this.plane = model.projections.length ? Plane.of(model.projections[0]) : null;
  }

  /** Resolves when images can be decoded. */
  async open(): Promise<void> {
    await this.engine.open();
    const numbers = new Float32Array(await fetchBytes(this.library.base + "support"));
    [this.unit, this.reach] = numbers;
    this.codes = numbers.slice(2);
    this.engine.setCodes(this.codes);
    this.changed("codes");
    this.opened = true;
    if (!this.atDefault) await this.settleBeta();
    if (this.model.real) await this.openReal();
  }

  /** Take the codes of images from the posteriors of the present β, for a model of a range. */
  async settleBeta(): Promise<void> {
    const { library, model: { latentSize } } = this;
    this.posteriors ??= await Promise.all([library.betaCodes(), library.betaScales()]);
    this.codes = this.drawn(this.posteriors);
    ({ unit: this.unit, reach: this.reach } = apart(this.codes, latentSize));
    this.engine.setCodes(this.codes);
    this.changed("codes");
  }

  /** Let the codes be those of the present β at once, as far as the map goes, if they are there. */
  followBeta(): void {
    if (!this.posteriors) return;
    this.codes = this.drawn(this.posteriors);
    this.changed("moved");
  }

  /** One code of every image from its posterior at the present β, from the same noise at every β. */
  private drawn(posteriors: [mean: BetaCodes, logarithms: BetaCodes]): Float32Array {
    const [mean, scale] = posteriors.map((codes) => codes.at(this.engine.beta!));
    this.epsilon ??= standardNormal(mean.length, 0);
    const { epsilon } = this;
    return mean.map((value, i) => value + Math.exp(scale[i]) * epsilon[i]);
  }

  /** Compare images with real ones from now on. */
  async openReal(): Promise<void> {
    if (this.real) return;
    this.real = true;
    this.engine.setReal(await fetchBytes(this.library.base + "real-images.onnx"));
    this.compare();
    this.changed("support");
  }

  /** Of images that were decoded already; `done` is not called where there is nothing to compare with. */
  departuresOf(channel: string, rgba: Uint8ClampedArray, count: number, done: (distance: Float32Array) => void): void {
    if (this.real) this.engine.departures(channel, rgba, count, done);
  }

  private compare(): void {
    const { images, count } = this;
    if (!images) return;
    this.departuresOf("samples", images, count, (distance) => {
      if (distance.length !== this.count) return;
      this.departures = distance;
      this.changed("support");
    });
  }

  /** The mean code of every test image, (N, d), at the present β. */
  async means(): Promise<Float32Array> {
    if (!this.atDefault) return (await this.library.betaCodes()).at(this.engine.beta!);
    return (this.meansRequest ??= this.library.codes());
  }

  /**
   * Draw from another source; `kind` is a sampler's, with ":row" for one around an image. Resolves to false if a newer
   * source has been requested meanwhile.
   */
  async use(kind: string): Promise<boolean> {
    this.source = kind;
    const sampler = await cached(this.samplers, kind, () => this.fetchSampler(kind));
    if (this.source !== kind) return false;
    this.sampler = sampler;
    return true;
  }

  private async fetchSampler(kind: string): Promise<AnySampler> {
    const [{ base }, { code, latentSize }] = [this.library, this.model];
    if (kind === LEARNED && code) {
      const [onnx, assets, { words }] = await Promise.all([fetchBytes(base + "prior.onnx"), runtime(), this.fetchTokens("prior", code)]);
      return LearnedSampler.open(assets, onnx, code, words);
    }
    if (code) return this.fetchTokens(kind, code);
    return new Sampler(new Float32Array(await fetchBytes(`${base}sampler/${encodeURIComponent(kind)}`)), latentSize);
  }

  private async fetchTokens(kind: string, code: Code): Promise<TokenSampler> {
    return new TokenSampler(new Float32Array(await fetchBytes(`${this.library.base}sampler/${kind}`)), code);
  }

  /** Draw codes from this noise and decode them; replaces waiting requests. */
  draw(noise: Noise, count: number, temperature: number): void {
    const { sampler } = this;
    if (!sampler) return;
    if (!(sampler instanceof LearnedSampler)) {
      this.asked = null;
      this.show(sampler.draw(noise, count, temperature), count);
      return;
    }
    this.asked = { noise, count, temperature };
    if (this.drawing) return;
    this.drawing = true;
    this.drawLearned()
      .catch((error: unknown) => this.notice(messageOf(error)))
      .finally(() => (this.drawing = false));
  }

  /** Draw what was asked for last, until nothing is. A hand on the temperature sees every draw that is done; only other noise ends one early. */
  private async drawLearned(): Promise<void> {
    while (this.asked && this.sampler instanceof LearnedSampler) {
      const { asked: { noise, count, temperature }, sampler } = this;
      this.asked = null;
      const stale = () => this.sampler !== sampler || (this.asked !== null && this.asked.noise !== noise);
      const z = await sampler.draw(noise, count, temperature, stale);
      if (!z || stale()) continue;
      this.show(z, count);
      this.changed("drawn");
    }
  }

  /** Take these codes (count, d) as the drawn ones, and decode them. */
  private show(z: Float32Array, count: number): void {
    this.z = z;
    this.count = count;
    const current = this.z;
    this.engine.decodeMany([
      {
        channel: "samples",
        z: this.z,
        count,
        done: (rgba, decoded) => {
          if (decoded !== this.count) return; // of an older request with another number of samples
          this.images = rgba;
          this.changed("images");
          this.compare();
        },
      },
    ]);
    if (!this.codes) return;
    this.engine.distances("support", current, count, (distance, row) => {
      if (distance.length !== this.count) return;
      this.support = distance.map((value) => value / this.unit);
      this.nearest = row;
      this.changed("support");
    });
  }

  /** A position at this distance from the nearest code, in words. */
  placeOf(distance: number): string {
    return distance <= this.reach ? "near the codes" : distance < FAR * this.reach ? "off the codes" : "far from all codes";
  }

  /** The class of sample i of a conditional model: that of all, or the classes in turn. */
  labelOf(i: number): number | undefined {
    const { classes } = this.model;
    return classes ? (this.engine.label ?? i % classes) : undefined;
  }

  /** The colour of sample i: of its image where that can be compared, else of the place of its code. */
  colourOf(i: number): string {
    if (!this.real) return this.colour(this.support[i] ?? NaN);
    return this.departures.length === this.count ? holeColour(this.departures[i]) : "#808080";
  }

  colour(distance: number): string {
    return supportColour(distance / this.reach);
  }

  sample(i: number): Float32Array {
    const d = this.model.latentSize;
    return this.z.slice(i * d, (i + 1) * d);
  }

  /** The stored code nearest to z: its row, and its distance in typical distances. */
  nearestTo(z: Float32Array): [row: number, distance: number] {
    const [row, distance] = nearestRow(this.codes!, z);
    return [row, distance / this.unit];
  }
}
