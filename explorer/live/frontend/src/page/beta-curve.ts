import { Plot } from "./plot";
import { View } from "./view";
import type { BetaRange, Sibling } from "../schema";
import { figure } from "../ui/dom";
import { atBeta } from "../latent/beta-range";
import { betaText } from "./beta-control";

const STEPS = 60;

type Point = [rate: number, distortion: number];

/** The rate–distortion curve of a model of a range of β, with the present β on it and models of one β beside it. */
export class BetaCurve extends View {
  private readonly plot = this.own(new Plot("beta-curve", "rate and distortion of this model at every β, and of models that were trained for one β", (context) => this.paint(context)));
  readonly root = this.plot.root;
  private readonly betas: number[];
  private readonly curve: Point[];
  private siblings: readonly Sibling[] = [];
  /** The lowest and highest rate, and distortion, of all that is drawn. */
  private ends!: [rate: Point, distortion: Point];
  private beta = this.range.betas[0];

  /** `pull` takes a β when the point is dragged. */
  constructor(private readonly range: BetaRange, pull: (beta: number) => void) {
    super();
    const [low, high] = [range.betas[0], range.betas[range.betas.length - 1]];
    this.betas = Array.from({ length: STEPS + 1 }, (_, i) => low * (high / low) ** (i / STEPS));
    this.curve = this.betas.map((beta) => this.point(beta));
    this.measure();
    this.followPointer(pull);
  }

  show(beta: number): void {
    this.beta = beta;
    this.plot.draw();
  }

  setSiblings(siblings: readonly Sibling[]): void {
    this.siblings = siblings;
    this.measure();
    this.plot.draw();
  }

  private point(beta: number): Point {
    const { totalRate, distortion } = atBeta(this.range, beta);
    return [totalRate, distortion];
  }

  private followPointer(pull: (beta: number) => void): void {
    this.plot.onDrag((event) => {
      const [box, place] = [this.root.getBoundingClientRect(), this.placement()];
      const distances = this.curve.map((point) => {
        const [x, y] = place(point);
        return Math.hypot(x - event.clientX + box.left, y - event.clientY + box.top);
      });
      pull(this.betas[distances.indexOf(Math.min(...distances))]);
    });
  }

  private get room() {
    const { letter, width, height } = this.plot;
    return { left: 3.1 * letter, top: 0.6 * letter, right: width - 1.2 * letter, bottom: height - 2.2 * letter };
  }

  private measure(): void {
    const all = [...this.curve, ...this.siblings.map(({ rate, distortion }): Point => [rate, distortion])];
    this.ends = [0, 1].map((k) => all.reduce<Point>(([low, high], point) => [Math.min(low, point[k]), Math.max(high, point[k])], [Infinity, -Infinity])) as [Point, Point];
  }

  /** Where a point is drawn, in CSS pixels. */
  private placement(): (point: Point) => [number, number] {
    const { left, top, right, bottom } = this.room;
    const [rates, distortions] = this.ends;
    const share = (value: number, [low, high]: Point) => 0.04 + (0.92 * (value - low)) / (high - low || 1);
    return ([rate, distortion]) => [left + share(rate, rates) * (right - left), bottom - share(distortion, distortions) * (bottom - top)];
  }

  private paint(context: CanvasRenderingContext2D): void {
    const [{ plot, room }, place] = [this, this.placement()];
    this.paintAxes(context, place);
    context.strokeStyle = plot.colour("--accent");
    context.lineWidth = 2;
    context.beginPath();
    for (const point of this.curve) context.lineTo(...place(point));
    context.stroke();
    for (const { beta, rate, distortion } of this.siblings) {
      const [x, y] = place([rate, distortion]);
      plot.dot(context, [x, y], 3.5, plot.colour("--quiet"));
      context.fillStyle = plot.colour("--quiet");
      context.textAlign = x > room.right - 2 * plot.letter ? "right" : "left";
      context.fillText(betaText(beta), x + (context.textAlign === "left" ? 7 : -7), y - 5);
    }
    plot.dot(context, place(this.point(this.beta)), 7, plot.colour("--accent"));
  }

  private paintAxes(context: CanvasRenderingContext2D, place: (point: Point) => [number, number]): void {
    const { plot, ends } = this;
    const { left, top, right, bottom } = this.room;
    context.strokeStyle = plot.colour("--line");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left, bottom);
    context.lineTo(right, bottom);
    context.stroke();
    context.fillStyle = plot.colour("--quiet");
    for (const value of ends[0]) {
      context.textAlign = "center";
      context.fillText(figure(value, 0), place([value, ends[1][0]])[0], bottom + 1.1 * plot.letter);
    }
    for (const value of ends[1]) {
      context.textAlign = "right";
      context.fillText(figure(value, 0), left - 5, place([ends[0][0], value])[1] + 4);
    }
    context.textAlign = "center";
    context.fillText("rate, nats", (left + right) / 2, bottom + 1.1 * plot.letter);
    context.save();
    context.translate(left - 2.1 * plot.letter, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("distortion, nats", 0, 0);
    context.restore();
  }
}
