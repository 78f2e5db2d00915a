import type { Moment } from "../latent/word-times";
import { Plot } from "../page/plot";
import { View } from "../page/view";

/** Colours of words that come into use and of those that leave it. */
export const [BORN, DIED] = ["#2a9d5c", "#d1495b"];
export const PERPLEXITY = "#fb811c";

/** Share of the height that words coming and going have below the curves. */
const BELOW = 0.34;

/** Along the slider: the words in use and their perplexity at every snapshot and, below, how many came and went. */
export class WordCurve extends View {
  private readonly plot = this.own(new Plot("word-curve", "words in use, their perplexity, and words that are born and die, at every snapshot", (context) => this.paint(context)));
  readonly root = this.plot.root;
  private moments: readonly Moment[] = [];
  private t = 0;

  /** `go` takes the snapshot that is pressed. */
  constructor(go: (i: number) => void) {
    super();
    this.plot.onDrag((event) => {
      const { left, right } = this.room;
      const share = (event.clientX - this.root.getBoundingClientRect().left - left) / (right - left);
      const last = this.moments.length - 1;
      if (last > 0) go(Math.max(0, Math.min(last, Math.round(share * last))));
    });
  }

  set(moments: readonly Moment[]): void {
    this.moments = moments;
    this.plot.draw();
  }

  show(t: number): void {
    this.t = t;
    this.plot.draw();
  }

  /** From the middle of the slider's thumb at one end to that at the other. */
  private get room(): { left: number; right: number } {
    const thumb = parseFloat(getComputedStyle(this.root).getPropertyValue("--thumb")) || 16;
    return { left: thumb / 2, right: this.plot.width - thumb / 2 };
  }

  private paint(context: CanvasRenderingContext2D): void {
    const { plot, moments, room: { left, right } } = this;
    const last = moments.length - 1;
    if (last < 1) return;
    const x = (t: number) => left + (t / last) * (right - left);
    const ground = Math.round((1 - BELOW) * plot.height);
    const most = Math.max(1, ...moments.map(({ used }) => used));
    const y = (value: number) => ground - (value / most) * (ground - 6);
    this.bars(context, x, ground, plot.height);
    context.strokeStyle = plot.colour("--line");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, ground + 0.5);
    context.lineTo(right, ground + 0.5);
    const now = Math.round(x(this.t)) + 0.5;
    context.moveTo(now, 0);
    context.lineTo(now, plot.height);
    context.stroke();
    const lines: [string, (moment: Moment) => number][] = [[plot.colour("--accent"), ({ used }) => used], [PERPLEXITY, (moment) => moment.perplexity]];
    for (const [colour, of] of lines) {
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.beginPath();
      moments.forEach((moment, i) => context.lineTo(x(i), y(of(moment))));
      context.stroke();
      const here = Math.round(this.t);
      plot.dot(context, [x(here), y(of(moments[here]))], 4, colour, 1.5);
    }
  }

  /** Words that came are above the middle of the lower part, those that left below it. */
  private bars(context: CanvasRenderingContext2D, x: (t: number) => number, top: number, bottom: number): void {
    const { moments } = this;
    const middle = (top + bottom) / 2 + 1;
    const most = Math.max(1, ...moments.map(({ born, back, died }) => Math.max(born.size + back.size, died.size)));
    const wide = Math.max(2, Math.min(10, 0.5 * (x(1) - x(0))));
    // a few are seen beside many
    const tall = (count: number) => Math.sqrt(count / most) * (bottom - middle - 2);
    moments.forEach(({ born, back, died }, i) => {
      context.fillStyle = BORN;
      context.fillRect(x(i) - wide / 2, middle - tall(born.size + back.size), wide, tall(born.size + back.size));
      context.fillStyle = DIED;
      context.fillRect(x(i) - wide / 2, middle, wide, tall(died.size));
    });
  }
}
