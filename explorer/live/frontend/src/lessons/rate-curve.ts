import type { Spectrum } from "../latent/spectrum";
import { levelAt } from "../latent/water-filling";
import { Plot } from "../page/plot";
import { View } from "../page/view";
import type { RatePoint } from "../schema";
import { figure } from "../ui/dom";
import { amount, paintOver } from "./labels";
import { LIVE } from "./spectrum-plot";

const STEPS = 240;

/** R(D) of a Gaussian with this spectrum, the present point on it, and trained models beside it. */
export class RateCurve extends View {
  private readonly plot = this.own(new Plot("rate-curve", "the rate–distortion curve of a Gaussian with these eigenvalues, and the point at the present water level", (context) => this.paint(context)));
  private readonly curve: [distortion: number, rate: number][];
  private readonly most = 1.08 * Math.max(this.spectrum.rate(this.spectrum.levels[0]), ...this.points.map(({ rate }) => rate));
  private level = 1;
  readonly root = this.plot.root;

  /** `pull` takes a level when the point is dragged. */
  constructor(
    private readonly spectrum: Spectrum,
    private readonly points: readonly RatePoint[],
    private readonly pull: (level: number) => void,
  ) {
    super();
    const { eigenvalues } = spectrum;
    const [low, high] = [eigenvalues[eigenvalues.length - 1], eigenvalues[0]];
    this.curve = Array.from({ length: STEPS + 1 }, (_, i) => {
      const level = high * (low / high) ** (i / STEPS);
      return [spectrum.distortion(level), spectrum.rate(level)];
    });
    this.followPointer();
  }

  show(level: number): void {
    this.level = level;
    this.plot.draw();
  }

  private followPointer(): void {
    const { eigenvalues, rest, levels } = this.spectrum;
    this.plot.onDrag((event) => {
      const { left, width } = this.room;
      const share = (event.clientX - this.root.getBoundingClientRect().left - left) / width;
      this.pull(levelAt(eigenvalues, share * this.span - rest) || levels[0]);
    });
  }

  private get room() {
    const { letter, width, height } = this.plot;
    const [left, top, bottom] = [2.4 * letter, 1.5 * letter, 2.7 * letter];
    return { left, top, width: Math.max(1, width - left - letter), height: Math.max(1, height - top - bottom) };
  }

  /** Squared error at the right end. */
  private get span(): number {
    return 1.02 * this.spectrum.variance;
  }

  private place(distortion: number, rate: number): [number, number] {
    const { left, top, width, height } = this.room;
    return [left + (distortion / this.span) * width, top + height * (1 - rate / this.most)];
  }

  private paint(context: CanvasRenderingContext2D): void {
    this.paintAxes(context);
    this.paintCurve(context);
    for (const { title, distortion, rate } of this.points) {
      const [x, y] = this.place(distortion, rate);
      this.plot.dot(context, [x, y], 0.3 * this.plot.letter, LIVE);
      context.fillStyle = this.plot.colour("--text");
      context.textAlign = "right";
      context.fillText(betaOf(title), x - 0.5 * this.plot.letter, y + 0.3 * this.plot.letter);
    }
    this.paintHere(context);
  }

  /** The present point, with its numbers where the curve leaves room: above it. */
  private paintHere(context: CanvasRenderingContext2D): void {
    const { plot, spectrum, level, room: { left, top, width } } = this;
    const [distortion, rate] = [spectrum.distortion(level), spectrum.rate(level)];
    const [x, y] = this.place(distortion, rate);
    plot.dot(context, [x, y], 0.5 * plot.letter, plot.colour("--accent"));
    const text = `R = ${figure(rate, 1)}, D = ${amount(distortion)}`;
    const from = Math.min(x + 0.7 * plot.letter, left + width + plot.letter - context.measureText(text).width);
    context.textAlign = "left";
    paintOver(context, plot, text, from, Math.max(top + 0.5 * plot.letter, y - 0.7 * plot.letter));
  }

  private paintAxes(context: CanvasRenderingContext2D): void {
    const { plot, room: { left, top, width, height } } = this;
    context.fillStyle = plot.colour("--line");
    context.fillRect(left, top + height, width, 1);
    context.fillRect(left, top, 1, height);
    context.fillStyle = plot.colour("--quiet");
    const down = top + height + 1.15 * plot.letter;
    context.textAlign = "left";
    context.fillText("rate R, nats per image", left, 0.9 * plot.letter);
    context.textAlign = "center";
    context.fillText("squared error D per image", left + width / 2, down + 1.25 * plot.letter);
    for (const value of ticks(this.span)) context.fillText(amount(value), this.place(value, 0)[0], down);
    context.textAlign = "right";
    for (const value of ticks(this.most)) context.fillText(amount(value), left - 0.4 * plot.letter, this.place(0, value)[1] + 0.3 * plot.letter);
  }

  private paintCurve(context: CanvasRenderingContext2D): void {
    const { plot, room: { left, top, width, height } } = this;
    context.save();
    context.beginPath();
    context.rect(left, top, width + plot.letter, height + 2);
    context.clip();
    context.beginPath();
    for (const [distortion, rate] of this.curve) context.lineTo(...this.place(distortion, rate));
    context.strokeStyle = plot.colour("--accent");
    context.lineWidth = Math.max(2, plot.letter / 8);
    context.stroke();
    context.restore();
  }
}

/** Two to five round numbers from 0 to below the end of an axis. */
function ticks(end: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(end));
  const step = [0.2, 0.5, 1, 2].map((times) => times * unit).find((size) => end / size < 5)!;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}

/** β as it stands in the title of a model of a ladder. */
export const betaOf = (title: string): string => title.split(",")[0].replace("β = ", "");
