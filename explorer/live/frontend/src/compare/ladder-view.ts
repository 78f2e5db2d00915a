import { dimensionName } from "../latent/dimensions";
import { sameCodes } from "../latent/vectors";
import { oncePerFrame } from "../page/view";
import { button, calm, h, slider, stepByKeys } from "../ui/dom";
import { BetaStrip, BetaView, STEPS } from "./beta-view";
import { drawable, fade } from "./fade";
import { LadderMap } from "./ladder-map";
import { RateDistortion } from "./rate-distortion";
import type { CompareStore } from "./store";

const BIG = 160;
const SECONDS = 1.6;

/** One slider through the ladder moves map, image, strips, rates and the point on the curve. */
export class LadderView extends BetaView {
  private readonly slider: HTMLInputElement;
  private readonly readout = h("output", { className: "position" });
  private readonly curve: RateDistortion;
  private readonly strips: LadderStrip[];
  private readonly trace = oncePerFrame(() => this.strips.forEach((strip) => strip.trace()));

  constructor(store: CompareStore) {
    const { models } = store.data;
    super(store, "play through the ladder and back", BIG, models.flatMap((m) => m.rate ?? []));
    const last = models.length - 1;
    this.slider = slider("position on the β ladder", { min: 0, max: last, step: "any", value: store.at }, (at) => this.goTo(at));
    stepByKeys(this.slider, 0.1, 1, (by) => this.goTo(Math.max(0, Math.min(last, Number((store.at + by).toFixed(3))))), 1);
    const marks = h("div", { className: "ladder-marks" }, ...models.map((m, i) => this.mark(m.title, i / last, i)));
    this.curve = new RateDistortion(models, store.data.words);
    this.strips = this.stripsOf(models[0], (rank) => new LadderStrip(store, rank));
    this.arrange(
      h("div", { className: "scrubber" }, this.play, h("div", { className: "rail" }, this.slider, marks), this.readout),
      this.own(new LadderMap(store)).root,
      this.curve.root,
      this.strips,
      "The marks are trained models. Between them, codes, bars and the point are interpolated and images cross-fade: no model was trained there.",
    );
    this.onDispose(
      store.on("at", () => this.show()),
      store.on("image", () => this.paint()),
      ...(["z", "codes", "reference"] as const).map((topic) => store.on(topic, this.trace)),
      ...(["rank", "rotation"] as const).map((topic) => store.on(topic, () => this.show())),
    );
    this.show();
    this.trace();
  }

  private mark(title: string, share: number, i: number): HTMLElement {
    const element = button(title.split(",")[0].replace("β = ", ""), () => this.goTo(i), title);
    element.setAttribute("aria-label", title);
    element.style.left = `${100 * share}%`;
    return element;
  }

  private goTo(at: number): void {
    this.playback.stop();
    this.store.set("at", at);
  }

  /** Play to the end and back, once. */
  protected run(): void {
    const last = this.store.liveModels.length - 1;
    if (calm()) return this.store.set("at", this.store.at < last ? Math.floor(this.store.at) + 1 : 0);
    this.swing(this.store.at, [0, last], 1 / SECONDS, (at) => this.store.set("at", at));
  }

  private show(): void {
    const { store } = this;
    const [low, high, share] = store.between;
    if (Math.abs(this.slider.valueAsNumber - store.at) > 1e-9) this.slider.value = String(store.at);
    const [a, b] = [store.data.models[low].title, store.data.models[high].title];
    const position = share < 0.005 ? a : share > 0.995 ? b : `${a} → ${b.replace("β = ", "")}`;
    this.readout.value = position;
    this.slider.setAttribute("aria-valuetext", position);
    this.curve.move(low, high, share);
    const rates = [low, high].map((i) => store.liveModels[i].rate);
    const orders = [low, high].map((i) => store.match(i).order);
    this.bars.show(
      store.dimensions.map((k) => {
        const [from, to] = rates.map((rate, n) => rate?.[orders[n][k]] ?? 0);
        return { dimension: k, nats: from + share * (to - from) };
      }),
      this.most,
      store.rank,
    );
    for (const strip of this.strips) strip.show();
    this.paint();
  }

  private paint(): void {
    const { store, picture } = this;
    const [low, high, share] = store.between;
    const width = store.data.models[0].imageShape[2];
    const [from, to] = [low, high].map((i) => store.liveModels[i].image).map((rgba) => rgba && drawable(rgba, width));
    fade(picture.canvas, from, to, share);
  }
}

/** The traversal of one dimension in every model of the ladder, shown at the current position. */
class LadderStrip extends BetaStrip {
  private readonly pictures: (HTMLCanvasElement | null)[] = this.store.liveModels.map(() => null);
  private readonly requests: (Float32Array | null)[] = this.store.liveModels.map(() => null);

  protected forget(): void {
    this.requests.fill(null);
    this.pictures.fill(null);
  }

  trace(): void {
    const { store, strip } = this;
    const k = store.dimensions[this.rank];
    this.name.textContent = dimensionName(k);
    if (!strip.cell) return;
    store.liveModels.forEach((live, i) => {
      const { z } = store.traversal(i, k, STEPS);
      if (sameCodes(this.requests[i], z)) return;
      this.requests[i] = z;
      const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
        const { width, height } = strip.canvas;
        if (rgba.length !== 4 * width * height) return; // of a previous layout
        this.pictures[i] = drawable(rgba, width);
        if (store.between.slice(0, 2).includes(i)) this.show();
      };
      live.engine.decodeMany([{ channel: `film ${this.rank}`, z, count: STEPS, row: strip.row, done }]);
    });
  }

  show(): void {
    const [low, high, share] = this.store.between;
    fade(this.strip.canvas, this.pictures[low], this.pictures[high], share);
  }
}
