import { Plot } from "./plot";
import { View } from "./view";
import type { BetaRange, Sibling, WordsRate } from "../schema";
import { figure } from "../ui/dom";
import { atBeta } from "../latent/beta-range";
import { placesOf, rateTitle, type RatePlace } from "../latent/words-rate";
import { betaText } from "./beta-control";

const STEPS = 60;
/** The share of the height that is left free below the curve. */
const UNDER = 0.2;
/** Half the side of a square, and pixels around it in which the pointer finds it. */
const [HALF, NEAR] = [3.5, 9];
const siblingTitle = ({ name, beta, rate, distortion }: Sibling): string => `${name}: β = ${betaText(beta)}, rate ${figure(rate, 1)}, distortion ${figure(distortion, 1)} nats`;
const LABEL = "rate and distortion of this model at every β, and of models that were trained for one β";

/**
 * The rate–distortion curve of a model of a range of β, with the present β on it and models of one β beside it. Models of
 * discrete codes are squares; as they cost many times as much, the rate is then on a logarithmic scale, of 1 + rate.
 */
export class BetaCurve extends View {
  private readonly plot = this.own(new Plot("beta-curve", LABEL, (context) => this.paint(context)));
  readonly root = this.plot.root;
  private readonly betas: number[];
  private readonly curve: RatePlace[];
  private siblings: readonly Sibling[] = [];
  private words: readonly WordsRate[] = [];
  /** The lowest and highest rate, and distortion, of all that is drawn. */
  private ends!: [rate: RatePlace, distortion: RatePlace];
  private beta = this.range.betas[0];

  private get about(): string {
    return `the line: this model, at every β${this.siblings.length ? "; a dot: a model that was trained for one β" : ""}`;
  }

  /** `pull` takes a β when the point is dragged. */
  constructor(private readonly range: BetaRange, pull: (beta: number) => void) {
    super();
    const [low, high] = [range.betas[0], range.betas[range.betas.length - 1]];
    this.betas = Array.from({ length: STEPS + 1 }, (_, i) => low * (high / low) ** (i / STEPS));
    this.curve = this.betas.map((beta) => this.point(beta));
    this.measure();
    this.followPointer(pull);
    this.root.addEventListener("pointermove", (event) => this.name(event));
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

  /** Models of discrete codes of the same images. */
  setWords(words: readonly WordsRate[]): void {
    this.words = words;
    const said = words.flatMap((model) => placesOf(model).map((place, i) => rateTitle(model, place, i > 0)));
    this.root.setAttribute("aria-label", [LABEL, ...said].join("; "));
    this.measure();
    this.plot.draw();
  }

  /** The dot or square under the pointer says which model it is. */
  private name(event: PointerEvent): void {
    const [box, place] = [this.root.getBoundingClientRect(), this.placement()];
    const isNear = (at: RatePlace): boolean => {
      const [x, y] = place(at);
      return Math.hypot(x - event.clientX + box.left, y - event.clientY + box.top) < NEAR;
    };
    const dots = this.siblings.filter(({ rate, distortion }) => isNear([rate, distortion])).map(siblingTitle);
    const squares = this.words.flatMap((model) => placesOf(model).flatMap((at, i) => (isNear(at) ? [rateTitle(model, at, i > 0)] : [])));
    this.root.title = [...dots, ...squares].join("\n") || this.about;
  }

  private point(beta: number): RatePlace {
    const { totalRate, distortion } = atBeta(this.range, beta);
    return [totalRate, distortion];
  }

  /** The distortion of the curve at a rate. */
  private distortionAt(rate: number): number {
    const next = this.curve.findIndex(([r]) => r <= rate); // the rate falls as β rises
    if (next < 1) return this.curve[next ? this.curve.length - 1 : 0][1];
    const [[r0, d0], [r1, d1]] = [this.curve[next - 1], this.curve[next]];
    return d0 + ((d1 - d0) * (rate - r0)) / (r1 - r0 || 1);
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
    const digits = Math.max(...this.ends[1].map((value) => figure(value, 0).length));
    return { left: (1.36 + 0.58 * digits) * letter, top: 1.1 * letter, right: width - 1.2 * letter, bottom: height - 2.2 * letter };
  }

  private measure(): void {
    const all = [...this.curve, ...this.siblings.map(({ rate, distortion }): RatePlace => [rate, distortion]), ...this.words.flatMap(placesOf)];
    this.ends = [0, 1].map((k) => all.reduce<RatePlace>(([low, high], point) => [Math.min(low, point[k]), Math.max(high, point[k])], [Infinity, -Infinity])) as [RatePlace, RatePlace];
  }

  /** Where a point is drawn, in CSS pixels. */
  private placement(): (point: RatePlace) => [number, number] {
    const { left, top, right, bottom } = this.room;
    const [rates, distortions] = this.ends;
    const scale: (rate: number) => number = this.words.length ? Math.log1p : Number;
    const share = (value: number, low: number, high: number, margin: number) => margin + ((0.96 - margin) * (value - low)) / (high - low || 1);
    return ([rate, distortion]) => [
      left + share(scale(rate), scale(rates[0]), scale(rates[1]), 0.04) * (right - left),
      bottom - share(distortion, ...distortions, UNDER) * (bottom - top), // a label of a dot fits under the lowest
    ];
  }

  private paint(context: CanvasRenderingContext2D): void {
    const [{ plot, room }, place] = [this, this.placement()];
    this.paintAxes(context, place);
    for (const model of this.words) this.paintWords(context, placesOf(model).map(place));
    context.strokeStyle = plot.colour("--accent");
    context.lineWidth = 2;
    context.beginPath();
    for (const point of this.curve) context.lineTo(...place(point));
    context.stroke();
    const named: [beta: number, x: number, y: number][] = [];
    for (const { beta, rate, distortion } of this.siblings) {
      const [x, y] = place([rate, distortion]);
      plot.dot(context, [x, y], 3.5, plot.colour("--quiet"));
      if (named.some(([same, u, v]) => same === beta && Math.hypot(u - x, v - y) < 2 * plot.letter)) continue; // one number names both
      named.push([beta, x, y]);
      context.fillStyle = plot.colour("--quiet");
      const right = x > room.right - 2 * plot.letter;
      if (distortion < this.distortionAt(rate)) {
        context.textAlign = "center"; // the curve is above it
        context.fillText(betaText(beta), x, y + 4 + plot.letter);
      } else {
        context.textAlign = right ? "right" : "left";
        context.fillText(betaText(beta), x + (right ? -7 : 7), y - 5);
      }
    }
    plot.dot(context, place(this.point(this.beta)), 7, plot.colour("--accent"));
  }

  /** Squares of one model: hollow under uniform words, filled under its learned prior. */
  private paintWords(context: CanvasRenderingContext2D, places: [number, number][]): void {
    const { plot } = this;
    context.strokeStyle = plot.colour("--accent");
    context.lineWidth = 1.5;
    context.setLineDash([2, 3]);
    context.beginPath();
    for (const place of places) context.lineTo(...place);
    context.stroke();
    context.setLineDash([]);
    places.forEach(([x, y], i) => {
      context.fillStyle = plot.colour(i ? "--accent" : "--ground");
      context.beginPath();
      context.rect(x - HALF, y - HALF, 2 * HALF, 2 * HALF);
      context.fill();
      context.stroke();
    });
  }

  private paintAxes(context: CanvasRenderingContext2D, place: (point: RatePlace) => [number, number]): void {
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
    context.fillText(this.words.length ? "rate, nats (log scale)" : "rate, nats", (left + right) / 2, bottom + 1.1 * plot.letter);
    context.save();
    context.translate(plot.letter, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("distortion, nats", 0, 0);
    context.restore();
  }
}
