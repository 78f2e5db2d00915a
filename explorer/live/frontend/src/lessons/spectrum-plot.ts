import { CLASS_COLOURS } from "../map";
import type { Spectrum } from "../latent/spectrum";
import { Plot } from "../page/plot";
import { View } from "../page/view";
import { amount, paintOver } from "./labels";

/** Live directions, and the trained models beside the curve. */
export const LIVE = CLASS_COLOURS[1];

/** The eigenvalues as bars on a log scale, and the water, which follows the pointer. */
export class SpectrumPlot extends View {
  readonly root: HTMLCanvasElement;
  private readonly plot: Plot;
  private level = 1;
  private chosen = 0;

  /** `pull` takes a level, `choose` the number of a bar. */
  constructor(
    private readonly spectrum: Spectrum,
    private readonly pull: (level: number) => void,
    private readonly choose: (bar: number) => void,
  ) {
    super();
    const label = "eigenvalues of the images, strongest first, and the water level: arrow keys up and down move the water, left and right choose a bar";
    this.plot = this.own(new Plot("spectrum", label, (context) => this.paint(context)));
    this.root = this.plot.root;
    this.root.tabIndex = 0;
    this.followPointer();
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  show(level: number, chosen: number): void {
    [this.level, this.chosen] = [level, chosen];
    this.plot.draw();
  }

  private followPointer(): void {
    const barAt = (event: PointerEvent) => {
      const { left, width } = this.room;
      const x = event.clientX - this.root.getBoundingClientRect().left - left;
      return Math.max(0, Math.min(this.spectrum.size - 1, Math.floor((x / width) * this.spectrum.size)));
    };
    const move = (event: PointerEvent) => {
      const { top, height } = this.room;
      const share = 1 - (event.clientY - this.root.getBoundingClientRect().top - top) / height;
      this.pull(this.lowest * (this.highest / this.lowest) ** share);
    };
    this.plot.onDrag(move, (event) => {
      this.choose(barAt(event));
      move(event);
    });
    this.root.addEventListener("pointermove", (event) => this.root.hasPointerCapture(event.pointerId) || this.choose(barAt(event)));
  }

  private key(event: KeyboardEvent): void {
    const levels: Record<string, number> = { ArrowUp: 1.05, ArrowDown: 1 / 1.05 };
    const bars: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    if (levels[event.key]) this.pull(this.level * levels[event.key]);
    else if (bars[event.key]) this.choose(Math.max(0, Math.min(this.spectrum.size - 1, this.chosen + bars[event.key])));
    else return;
    event.preventDefault();
  }

  /** Where the bars stand, in CSS pixels. */
  private get room() {
    const { letter, width, height } = this.plot;
    const [left, top, bottom] = [3.2 * letter, 0.6 * letter, 1.5 * letter];
    return { left, top, width: Math.max(1, width - left), height: Math.max(1, height - top - bottom) };
  }

  private get lowest(): number {
    return this.spectrum.levels[0] / 1.5;
  }

  private get highest(): number {
    return 1.15 * this.spectrum.levels[1];
  }

  private y(lambda: number): number {
    const { top, height } = this.room;
    return top + height * (1 - Math.log(Math.max(lambda, this.lowest) / this.lowest) / Math.log(this.highest / this.lowest));
  }

  private paint(context: CanvasRenderingContext2D): void {
    this.paintScale(context);
    this.paintBars(context);
    this.paintWater(context);
  }

  private paintScale(context: CanvasRenderingContext2D): void {
    const { plot, room: { left, top, width, height } } = this;
    context.textAlign = "right";
    for (const value of logTicks(this.lowest, this.highest)) {
      const y = this.y(value);
      context.fillStyle = plot.colour("--line");
      context.fillRect(left, y, width, 1);
      context.fillStyle = plot.colour("--quiet");
      context.fillText(amount(value), left - 0.5 * plot.letter, y + 0.3 * plot.letter);
    }
    context.fillStyle = plot.colour("--quiet");
    context.fillText("λ", left - 0.5 * plot.letter, top + 0.4 * plot.letter);
    context.textAlign = "left";
    const name = `the ${this.spectrum.size} strongest principal directions`;
    const whole = `${name} of ${this.spectrum.images.toLocaleString("en")} images`;
    context.fillText(context.measureText(whole).width < width ? whole : name, left, top + height + 1.2 * plot.letter);
  }

  private paintBars(context: CanvasRenderingContext2D): void {
    const { plot, spectrum: { eigenvalues, size }, room: { left, top, width, height } } = this;
    const step = width / size;
    const bar = Math.max(1, step * 0.72);
    for (let i = 0; i < size; i++) {
      const y = this.y(eigenvalues[i]);
      const x = left + i * step + (step - bar) / 2;
      context.fillStyle = eigenvalues[i] > this.level ? LIVE : plot.colour("--quiet");
      context.globalAlpha = eigenvalues[i] > this.level ? 1 : 0.55;
      context.fillRect(x, y, bar, top + height - y);
      context.globalAlpha = 1;
      if (i !== this.chosen) continue;
      context.strokeStyle = plot.colour("--text");
      context.lineWidth = Math.max(2, plot.letter / 9);
      context.strokeRect(x, y, bar, top + height - y);
    }
  }

  private paintWater(context: CanvasRenderingContext2D): void {
    const { plot, room: { left, top, width, height } } = this;
    const y = this.y(this.level);
    const [right, grip] = [left + width, 0.55 * plot.letter];
    context.fillStyle = context.strokeStyle = plot.colour("--accent");
    context.globalAlpha = 0.42;
    context.fillRect(left, y, width, top + height - y);
    context.globalAlpha = 1;
    context.fillRect(left, y - 1.5, width, 3);
    context.beginPath();
    context.arc(right - grip, y, grip, 0, 2 * Math.PI);
    context.fill();
    context.textAlign = "right";
    const text = `water level β·σ² = ${amount(this.level)}`;
    if (y > top + 1.6 * plot.letter) return paintOver(context, plot, text, right - 2.6 * grip, y - 0.5 * plot.letter);
    context.fillStyle = plot.colour("--text");
    context.fillText(text, right - 2.6 * grip, y + 1.25 * plot.letter);
  }
}

/** Powers of ten between two values; on a short scale their double and fivefold too. */
function logTicks(low: number, high: number): number[] {
  const times = high / low < 300 ? [1, 2, 5] : [1];
  const decades = Array.from({ length: Math.ceil(Math.log10(high / low)) + 2 }, (_, i) => 10 ** (Math.floor(Math.log10(low)) + i));
  return decades.flatMap((decade) => times.map((factor) => factor * decade)).filter((value) => value > low && value < 0.68 * high);
}
