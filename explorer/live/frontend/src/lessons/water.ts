import type { Spectrum } from "../latent/spectrum";
import { toRgba } from "../engine/pixels";
import { keptOf, rateOf } from "../latent/water-filling";
import type { Library } from "../page/library";
import { keyed } from "../page/present";
import { oncePerFrame, View } from "../page/view";
import type { RatePoint } from "../schema";
import { button, figure, h, slider } from "../ui/dom";
import { Picture } from "../ui/picture";
import { amount } from "./labels";
import { betaOf, RateCurve } from "./rate-curve";
import { RestoredRow } from "./restored-row";
import { LIVE, SpectrumPlot } from "./spectrum-plot";

const STEPS = 400;
const SIDE = 64;
const WHY = "A dimension lives only while it saves more distortion than β times its rate costs. Once the water reaches its λ, it has nothing left to save, and dies.";
const NETWORKS = "No linear model lies below the curve; a curved decoder can.";
/** How far the pictures of a direction are from the mean, in standard deviations. */
const REACH = 2;

/** The water level: which principal directions a linear β-VAE keeps, what that costs, and what it restores. */
export class Water extends View {
  readonly root: HTMLElement;
  private level: number;
  private chosen = 0;
  private readonly spectra = this.own(new SpectrumPlot(this.spectrum, (to) => this.pull(to), (bar) => this.choose(bar)));
  private readonly curve = this.own(new RateCurve(this.spectrum, this.points, (to) => this.pull(to)));
  private readonly images = this.own(new RestoredRow(this.spectrum, this.library, this.rows, this.notice));
  private readonly slider: HTMLInputElement;
  private readonly readout = h("output", { className: "figure" });
  private readonly count = h("output", { className: "water-count" });
  private readonly sight = h("p", {});
  private readonly bar = h("p", { className: "hint" });
  private readonly ends = [-1, 1].map((sign) => new Picture(this.library.model.imageShape, SIDE, `the mean image, ${sign < 0 ? "minus" : "plus"} the chosen direction`));
  private readonly direction = h("div", { className: "water-bar" }, ...this.ends.map(({ canvas }) => canvas), this.bar);
  private readonly redraw = oncePerFrame(() => this.show());

  /** It begins at `level`, or where a quarter of the directions live; `points` are trained models. */
  constructor(
    private readonly spectrum: Spectrum,
    private readonly library: Library,
    private readonly points: readonly RatePoint[],
    private readonly rows: readonly number[],
    level: number | null,
    private readonly notice: (sentence: string) => void,
  ) {
    super();
    this.level = level ?? spectrum.begin;
    const [min, max] = spectrum.levels.map(Math.log);
    this.slider = slider("water level β·σ²", { min, max, step: (max - min) / STEPS }, (at) => this.pull(Math.exp(at)));
    const other = keyed("n", button("Other images", () => void this.images.others(), "other test images (key n)"));
    this.root = h(
      "div",
      { className: "water" },
      h(
        "div",
        { className: "water-spectrum" },
        this.count,
        this.spectra.root,
        h("label", { className: "labelled-slider" }, h("b", {}, "water level β·σ²"), this.slider, this.readout),
      ),
      h("div", { className: "water-curve" }, this.curve.root, points.length > 0 && h("p", { className: "hint" }, named(points))),
      h("figure", { className: "water-images" }, h("figcaption", {}, "test images, and what the live dimensions restore"), this.images.root, h("div", { className: "actions" }, other)),
      h("div", { className: "water-words" }, this.sight, h("p", {}, WHY), this.direction),
    );
    this.root.style.setProperty("--live", LIVE);
    this.pull(this.level);
  }

  async open(): Promise<void> {
    await this.images.open();
    this.show();
  }

  private pull(level: number): void {
    const [lowest, highest] = this.spectrum.levels;
    this.level = Math.max(lowest, Math.min(highest, level));
    this.redraw();
  }

  private choose(bar: number): void {
    if (bar === this.chosen) return;
    this.chosen = bar;
    this.redraw();
  }

  private show(): void {
    const { spectrum, level } = this;
    const live = spectrum.live(level);
    const [rate, error] = [spectrum.rate(level), spectrum.distortion(level)];
    const kept = Math.round(100 * (1 - error / spectrum.variance));
    this.slider.valueAsNumber = Math.log(level);
    this.slider.setAttribute("aria-valuetext", `${amount(level)}, ${live} dimensions live`);
    this.readout.value = amount(level);
    this.count.replaceChildren(h("b", {}, String(live)), ` of ${spectrum.pixels.toLocaleString("en")} dimensions live`);
    this.sight.textContent = live
      ? `What stands above the water costs ${figure(rate, 1)} nats per image and keeps ${kept}\u00a0% of the variance. The scale is logarithmic: a bar's height above the water is twice its rate.`
      : "Everything is under water: the code says nothing, and every image becomes the mean image.";
    this.showDirection(this.chosen);
    this.spectra.show(level, this.chosen);
    this.curve.show(level);
    this.images.show(level);
  }

  /** The chosen direction: the mean image at both of its ends, and its numbers. */
  private showDirection(bar: number): void {
    const { spectrum: { eigenvalues, mean, components, pixels }, level } = this;
    const lambda = eigenvalues[bar];
    const direction = components.subarray(bar * pixels, (bar + 1) * pixels);
    this.ends.forEach((picture, i) => {
      const reach = (i ? REACH : -REACH) * Math.sqrt(lambda);
      picture.paint(toRgba(mean.map((value, p) => value + reach * direction[p]), 1, picture.shape));
    });
    const drowned = lambda <= level;
    this.direction.classList.toggle("drowned", drowned);
    const kept = drowned ? "under water: rate 0, none of its variance kept" : `rate ${figure(rateOf(lambda, level))} nats, ${Math.round(100 * keptOf(lambda, level))}\u00a0% of its variance kept`;
    this.bar.textContent = `Dimension ${bar + 1}, from −${REACH} to ${REACH} σ: λ = ${amount(lambda)}, ${kept}.`;
  }
}

/** The dots on the curve, in a sentence. */
function named(points: readonly RatePoint[]): string {
  const listed = (values: (string | number)[]) => values.join(", ");
  const betas = points.map(({ title }) => betaOf(title));
  return `Dots: trained networks of β = ${listed(betas)}, with ${listed(points.map(({ active }) => active))} dimensions alive. ${NETWORKS}`;
}
