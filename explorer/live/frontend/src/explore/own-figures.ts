import type { Posterior } from "../engine/encoder";
import { nearestRows } from "../latent/nearest";
import { costOf, distortion, draw, shareBelow } from "../latent/score";
import { judge } from "../latent/verdict";
import { standardNormal } from "../latent/vectors";
import { View } from "../page/view";
import { figure, h } from "../ui/dom";
import { classes } from "./selection";
import type { Own } from "../page/live-model";
import type { ExploreStore } from "./store";

const DRAWS = 16;
/** Pause of the hand before the bound is computed, in ms: it needs many decodes. */
const REST = 160;
const NEIGHBOURS = 10;

/** One number with the place that it takes among those of the test images. */
class Gauge {
  private readonly value = h("output", { className: "figure" });
  private readonly mark = h("i", {});
  private readonly bar = h("span", { className: "among" }, this.mark);
  private readonly among = h("small", {});
  readonly cells: HTMLElement[];

  constructor(name: string, formula: string, about: string) {
    this.cells = [h("dt", { title: about }, name, h("small", {}, formula)), h("dd", { title: about }, this.value, h("span", { className: "unit" }, " nats"), this.bar, this.among)];
  }

  show(value: number | null, share = NaN): void {
    this.value.value = value === null ? "–" : Math.abs(value) < 1000 ? figure(value, 1) : Math.round(value).toLocaleString("en").replace("-", "−");
    this.bar.hidden = !Number.isFinite(share) || value === null;
    this.mark.style.left = `${100 * share}%`;
    this.bar.classList.toggle("far", share >= 0.95);
    this.among.textContent = this.bar.hidden ? "" : share >= 0.9995 ? "more than any test image" : `more than ${Math.floor(1000 * share) / 10} % of the test images`;
  }

  /** The number is that of an earlier image until the next `show`. */
  fade(): void {
    this.value.classList.add("old");
  }

  fresh(): void {
    this.value.classList.remove("old");
  }
}

/** What an image of the visitor's costs the model, how unusual that is, and which codes are around it. */
export class OwnFigures extends View {
  readonly root: HTMLElement;
  private readonly distortion = new Gauge("distortion", "−log p(x|μ)", "how badly the mean code restores the image");
  private readonly rate = new Gauge("rate", "KL(q‖p)", "what the code costs: how far its posterior is from the prior");
  private readonly bound = new Gauge("ELBO", "≤ log p(x)", `a lower bound on the log-likelihood of the image: −rate − distortion, the mean of ${DRAWS} draws from the posterior`);
  private readonly verdict = h("p", { className: "verdict", role: "status" });
  private readonly around = h("p", { className: "hint around" });
  private readonly known = new Map<string, Float32Array>();
  private labels: Uint8Array | Uint16Array | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: ExploreStore) {
    super();
    const gauges = store.model.rate ? [this.distortion, this.rate, this.bound] : [this.distortion];
    this.root = h("div", { className: "own-figures" }, this.verdict, h("dl", {}, ...gauges.flatMap(({ cells }) => cells)), this.around);
    for (const key of ["error", "rate"]) void this.learn(key);
    void store.library.labels().then((labels) => (this.labels = labels));
    this.onDispose(store.on("own", () => this.show()), () => clearTimeout(this.timer));
    this.show();
  }

  /** The test images' values of a column, ascending. */
  private async learn(key: string): Promise<void> {
    if (!this.store.model.columns.some((column) => column.key === key)) return;
    const { values } = await this.store.library.column(key).catch(() => ({ values: undefined }));
    if (values) this.known.set(key, values.slice().sort());
    if (this.store.own) this.show();
  }

  private show(): void {
    clearTimeout(this.timer);
    const { own, model } = this.store;
    this.root.classList.toggle("blank", !own);
    if (!own) {
      for (const gauge of [this.distortion, this.rate, this.bound]) gauge.show(null);
      this.verdict.textContent = this.around.textContent = "";
      return;
    }
    const { mean } = own.posterior;
    const lost = distortion(own.image, own.values, model.vision!);
    const cost = model.rate ? costOf(own.posterior) : NaN;
    const share = (key: string, value: number) => shareBelow(this.known.get(key) ?? new Float32Array(0), value);
    const [far, dear] = [share("error", lost), share("rate", cost)];
    this.distortion.show(lost, far);
    this.rate.show(cost, dear);
    this.say(far, dear);
    this.neighbours(mean);
    this.bound.fade();
    this.timer = setTimeout(() => void this.estimate(own, cost), REST);
  }

  private say(far: number, dear: number): void {
    if (!Number.isFinite(far)) return void (this.verdict.textContent = "");
    const verdict = judge(far, dear);
    this.verdict.className = `verdict ${verdict}`;
    const by = far >= (dear || 0) ? "it cannot restore it" : "its code is far from the prior";
    this.verdict.textContent = {
      familiar: "The model knows images like this one.",
      unusual: `Unusual for this model: ${by} as well as the others.`.replace("prior as well as the others", "prior"),
      unknown: `The model has seen nothing like this: ${by}.`,
    }[verdict];
  }

  private neighbours(mean: Float32Array): void {
    const { codes, model } = this.store;
    if (!codes || !this.labels) return void (this.around.textContent = "");
    this.around.textContent = `nearest ${NEIGHBOURS} codes · ${classes(nearestRows(codes, mean, NEIGHBOURS), this.labels, model.labelNames)}`;
  }

  /** The bound from draws of the posterior, one decode at a time, given up when the image changes. */
  private async estimate(own: Own, cost: number): Promise<void> {
    const { store } = this;
    if (!store.model.rate) return;
    let sum = 0;
    for (let i = 0; i < DRAWS; i++) {
      const values = await store.engine.values(drawn(own.posterior, i)).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve));
      if (!values || store.own !== own) return;
      sum += distortion(own.image, values, store.model.vision!);
    }
    this.bound.show(-(sum / DRAWS + cost));
    this.bound.fresh();
  }
}

const drawn = ({ mean, scale, tril }: Posterior, seed: number) => draw(mean, scale, tril, standardNormal(mean.length, seed));
