import { CLASS_COLOURS } from "../map";
import { keyed } from "../page/present";
import { button, calm, Choice, figure, h, slider, swatch } from "../ui/dom";
import { descend, DIVERGENCES, type Divergence, MU, SIGMA } from "./divergences";
import { Playback } from "../ui/playback";
import { Plot } from "../page/plot";
import { View } from "../page/view";

const COLOURS = [CLASS_COLOURS[0], CLASS_COLOURS[1], CLASS_COLOURS[2], CLASS_COLOURS[4]];
const SPAN = 4.2; // of x, to either side
const TOP = 1.05; // of a density, on the plot
const MOST = 6; // nats, on the curves
const RATE = 0.02;

/** The tug of war: q = N(μ, σ²) against the prior, and the values and gradients of four divergences. */
export class Tug extends View {
  readonly root: HTMLElement;
  private mu = 1.5;
  private sigma = 0.4;
  private divergence: Divergence = DIVERGENCES[0];
  private readonly playback = new Playback();
  private readonly sliders: [HTMLInputElement, HTMLInputElement];
  private readonly readouts = [h("output", { className: "figure" }), h("output", { className: "figure" })];
  private readonly rows: { value: HTMLElement; slopes: HTMLElement[]; root: HTMLElement }[] = DIVERGENCES.map((divergence, i) => this.row(divergence, COLOURS[i]));
  private readonly go = keyed("g", button("Let go", () => this.release(), "μ and σ follow the gradient of the selected divergence (key g)"));
  private readonly about = h("p", { className: "hint", role: "status" });

  constructor() {
    super();
    const density = new Plot("density", "the prior N(0, 1), and q, whose peak can be dragged", (context, plot) => this.paintDensity(context, plot));
    const byMu = new Plot("curves", "the four divergences over μ", (context, plot) => this.paintCurves(context, plot, MU, (mu) => [mu, this.sigma], this.mu, "μ"));
    const bySigma = new Plot("curves", "the four divergences over σ", (context, plot) => this.paintCurves(context, plot, SIGMA, (s) => [this.mu, s], this.sigma, "σ"));
    for (const plot of [density, byMu, bySigma]) this.own(plot);
    this.onDispose(() => this.playback.stop());
    const control = (label: string, [min, max]: readonly [number, number], changed: (value: number) => void) =>
      slider(label, { min, max, step: 0.01 }, (value) => {
        this.playback.stop();
        changed(value);
      });
    this.sliders = [control("μ, mean of q", MU, (mu) => this.set(mu, this.sigma)), control("σ, standard deviation of q", SIGMA, (sigma) => this.set(this.mu, sigma))];
    const choice = new Choice("divergence to minimise", DIVERGENCES.map((d) => [d.key, d.label] as const), this.divergence.key, (key) => {
      this.divergence = DIVERGENCES.find((d) => d.key === key)!;
      this.about.textContent = this.divergence.about;
    });
    this.about.textContent = this.divergence.about;
    this.followPointer(density);
    this.root = h(
      "div",
      { className: "tug" },
      h(
        "div",
        { className: "tug-left" },
        density.root,
        ...["μ", "σ"].map((name, i) => h("label", { className: "labelled-slider" }, h("b", {}, name), this.sliders[i], this.readouts[i])),
        h("div", { className: "actions" }, choice.root, this.go),
        this.about,
      ),
      h(
        "div",
        { className: "tug-right" },
        h(
          "table",
          {},
          h("caption", { className: "hint" }, "nats, and the derivatives by μ and σ; gradient descent steps against them"),
          h("thead", {}, h("tr", {}, ...["", "nats", "∂ μ", "∂ σ"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, ...this.rows.map((row) => row.root)),
        ),
        h("div", { className: "pair-of-curves" }, byMu.root, bySigma.root),
      ),
    );
    this.set(this.mu, this.sigma);
  }

  private row(divergence: Divergence, colour: string): { value: HTMLElement; slopes: HTMLElement[]; root: HTMLElement } {
    const value = h("td", { className: "figure" });
    const slopes = [h("td", { className: "figure slope" }), h("td", { className: "figure slope" })];
    return { value, slopes, root: h("tr", { title: divergence.about }, h("th", { scope: "row" }, swatch(colour), divergence.label), value, ...slopes) };
  }

  private set(mu: number, sigma: number): void {
    [this.mu, this.sigma] = [mu, sigma];
    const [first, second] = this.sliders;
    if (first.valueAsNumber !== mu) first.value = String(mu);
    if (second.valueAsNumber !== sigma) second.value = String(sigma);
    [this.readouts[0].value, this.readouts[1].value] = [figure(mu), figure(sigma)];
    DIVERGENCES.forEach((divergence, i) => {
      const { value, slopes } = this.rows[i];
      value.textContent = figure(divergence.value(mu, sigma));
      divergence.gradient(mu, sigma).forEach((slope, k) => {
        slopes[k].textContent = figure(slope);
        // the bar shows the direction of descent
        slopes[k].style.setProperty("--pull", String(-Math.tanh(slope / 2)));
      });
    });
    this.theme();
  }

  /** Descend until the gradient vanishes or the user intervenes; with reduced motion, at once. */
  private release(): void {
    if (calm()) {
      let [mu, sigma] = [this.mu, this.sigma];
      for (let i = 0; i < 5000; i++) [mu, sigma] = descend(this.divergence, mu, sigma, RATE);
      return this.set(mu, sigma);
    }
    let steps = 900;
    this.playback.play(() => {
      const [mu, sigma] = descend(this.divergence, this.mu, this.sigma, RATE);
      const moved = Math.abs(mu - this.mu) + Math.abs(sigma - this.sigma);
      this.set(mu, sigma);
      return moved > 2e-5 && steps-- > 0;
    });
  }

  /** The peak of q follows the pointer: its position is μ, its height gives σ. */
  private followPointer(plot: Plot): void {
    const move = (event: PointerEvent) => {
      const box = plot.root.getBoundingClientRect();
      const mu = ((event.clientX - box.left) / box.width - 0.5) * 2 * SPAN;
      const height = (1 - (event.clientY - box.top) / (box.height - 24)) * TOP;
      const sigma = 1 / (Math.sqrt(2 * Math.PI) * Math.max(height, 0.01));
      this.set(clamp(mu, MU), clamp(sigma, SIGMA));
    };
    plot.onDrag(move, (event) => {
      this.playback.stop();
      move(event);
    });
  }

  private paintDensity(context: CanvasRenderingContext2D, plot: Plot): void {
    const { width } = plot;
    const floor = plot.height - 24;
    const x = (value: number) => (value / SPAN / 2 + 0.5) * width;
    const y = (value: number) => floor - (Math.min(value, 1.02 * TOP) / TOP) * floor;
    const curve = (mu: number, sigma: number) => {
      context.beginPath();
      for (let i = 0; i <= width; i++) {
        const at = (i / width - 0.5) * 2 * SPAN;
        context.lineTo(i, y(Math.exp(-0.5 * ((at - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI))));
      }
    };
    context.fillStyle = plot.colour("--line");
    context.fillRect(0, floor, width, 1);
    context.fillStyle = context.strokeStyle = plot.colour("--quiet");
    context.textAlign = "center";
    for (let k = -4; k <= 4; k++) context.fillText(k < 0 ? `−${-k}` : String(k), x(k), plot.height - 5);
    context.lineWidth = 2;
    context.setLineDash([6, 5]);
    curve(0, 1);
    context.stroke();
    context.setLineDash([]);
    context.textAlign = "left";
    context.fillText("p = N(0, 1)", x(-SPAN) + 8, 1.2 * plot.letter);
    const accent = plot.colour("--accent");
    curve(this.mu, this.sigma);
    context.strokeStyle = accent;
    context.lineWidth = 2.5;
    context.stroke();
    context.lineTo(width, floor);
    context.lineTo(0, floor);
    context.globalAlpha = 0.18;
    context.fillStyle = accent;
    context.fill();
    context.globalAlpha = 1;
    const peak = y(1 / (this.sigma * Math.sqrt(2 * Math.PI)));
    context.beginPath();
    context.arc(x(this.mu), Math.max(peak, 8), 8, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = plot.colour("--text");
    context.fillText("q = N(μ, σ²): drag its peak", x(-SPAN) + 8, 2.5 * plot.letter);
  }

  private paintCurves(context: CanvasRenderingContext2D, plot: Plot, [low, high]: readonly [number, number], place: (at: number) => [number, number], now: number, name: string): void {
    const floor = plot.height - 22;
    const x = (value: number) => ((value - low) / (high - low)) * plot.width;
    const y = (value: number) => floor - (Math.max(-0.05, Math.min(value, MOST * 1.05)) / MOST) * floor;
    context.fillStyle = plot.colour("--line");
    context.fillRect(0, floor, plot.width, 1);
    context.fillStyle = plot.colour("--quiet");
    context.textAlign = "left";
    context.fillText(`${figure(low)}`, 2, plot.height - 4);
    context.fillText(`${MOST} nats`, 2, plot.letter);
    context.textAlign = "right";
    context.fillText(`${name} = ${figure(high)}`, plot.width - 2, plot.height - 4);
    context.fillRect(x(now), 0, 1, floor);
    DIVERGENCES.forEach((divergence, i) => {
      context.strokeStyle = context.fillStyle = COLOURS[i];
      context.lineWidth = divergence === this.divergence ? 3 : 1.75;
      context.beginPath();
      for (let k = 0; k <= plot.width; k += 2) context.lineTo(k, y(divergence.value(...place(low + (k / plot.width) * (high - low)))));
      context.stroke();
      context.beginPath();
      context.arc(x(now), y(divergence.value(...place(now))), 4.5, 0, 2 * Math.PI);
      context.fill();
    });
  }
}

const clamp = (value: number, [low, high]: readonly [number, number]): number => Math.max(low, Math.min(high, value));
