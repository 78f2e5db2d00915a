import { classColours } from "../map";
import { Plot } from "../page/plot";
import type { Model } from "../schema";

/** Codes of test images over their first two dimensions, in the colours of their classes. */
export class CodePlot {
  readonly plot = new Plot("codes", this.label, (context, plot) => this.paint(context, plot));
  codes: Float32Array | null = null;
  labels: Uint8Array | Uint16Array | null = null;
  /** The value at the edge of the shorter side. */
  private reach = 3.6;

  constructor(
    private readonly model: Model,
    private readonly label: string,
    private readonly over: (context: CanvasRenderingContext2D, plot: Plot) => void,
  ) {}

  /** Codes (n, d) with their classes. `share` of them fit; the rest may lie outside. */
  set(codes: Float32Array, labels: Uint8Array | Uint16Array | null, share = 0): void {
    [this.codes, this.labels] = [codes, labels];
    if (!share) return;
    const d = this.model.latentSize;
    const sizes = Array.from({ length: this.model.count }, (_, i) => Math.max(Math.abs(codes[i * d]), Math.abs(codes[i * d + this.second]))).sort((a, b) => a - b);
    this.reach = 1.05 * sizes[Math.floor(share * (sizes.length - 1))];
  }

  get second(): number {
    return Math.min(1, this.model.latentSize - 1);
  }

  /** Pixels per latent unit. */
  get unit(): number {
    return Math.min(this.plot.width, this.plot.height) / (2 * this.reach);
  }

  place(x: number, y: number): [number, number] {
    return [this.plot.width / 2 + this.unit * x, this.plot.height / 2 - this.unit * y];
  }

  /** Values under a pointer. */
  at(event: MouseEvent): [number, number] {
    const box = this.plot.root.getBoundingClientRect();
    return [(event.clientX - box.left - box.width / 2) / this.unit, (box.height / 2 - event.clientY + box.top) / this.unit];
  }

  /** The row of the code nearest to these values. */
  nearest(x: number, y: number): number {
    const { codes, model: { count, latentSize: d } } = this;
    let [best, nearest] = [Infinity, 0];
    for (let row = 0; codes && row < count; row++) {
      const distance = (codes[row * d] - x) ** 2 + (codes[row * d + this.second] - y) ** 2;
      if (distance < best) [best, nearest] = [distance, row];
    }
    return nearest;
  }

  colourOf(row: number): string {
    return this.labels ? classColours(Math.max(this.model.labelNames.length, 1))[this.labels[row]] : this.plot.colour("--quiet");
  }

  private paint(context: CanvasRenderingContext2D, plot: Plot): void {
    const { codes, labels, model } = this;
    if (!codes) return;
    context.fillStyle = plot.colour("--line");
    context.fillRect(0, plot.height / 2, plot.width, 1);
    context.fillRect(plot.width / 2, 0, 1, plot.height);
    const colours = classColours(Math.max(model.labelNames.length, 1));
    const plain = plot.colour("--quiet");
    const size = Math.max(2, plot.height / 300);
    context.globalAlpha = 0.55;
    for (let row = 0; row < model.count; row++) {
      context.fillStyle = labels ? colours[labels[row]] : plain;
      const [x, y] = this.place(codes[row * model.latentSize], codes[row * model.latentSize + this.second]);
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
    context.globalAlpha = 1;
    this.over(context, plot);
  }
}
