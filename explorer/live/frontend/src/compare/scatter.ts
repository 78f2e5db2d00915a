import { Plot } from "../page/plot";
import type { Factor } from "./information";

const REACH = 3.2;
const MOST = 4000;

/** Codes (N) of one dimension in units of their spread, and the factor they are plotted against. */
interface Points {
  code: Float32Array;
  factor: Factor;
}

/** Codes of one dimension against the values of a factor, as dots, with the mean code of every value. */
export class Scatter extends Plot {
  private points: Points | null = null;

  constructor() {
    super("scatter", "", (context) => this.points && this.paintPoints(context, this.points));
  }

  show(points: Points, label: string): void {
    this.points = points;
    this.root.setAttribute("aria-label", label);
    this.draw();
  }

  private paintPoints(context: CanvasRenderingContext2D, { code, factor }: Points): void {
    const { width, height } = this;
    const y = (value: number) => height / 2 - (value / REACH) * (height / 2);
    const column = width / factor.size;
    context.strokeStyle = this.colour("--line");
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();
    context.fillStyle = this.colour("--quiet");
    context.globalAlpha = Math.max(0.3, Math.min(0.8, 900 / code.length));
    const stride = Math.max(1, Math.ceil(code.length / MOST));
    for (let i = 0; i < code.length; i += stride) {
      const spread = ((i * 0.618) % 1) * 0.7 + 0.15; // within the column of its value
      context.fillRect((factor.values[i] + spread) * column - 0.75, y(code[i]) - 0.75, 1.5, 1.5);
    }
    context.globalAlpha = 1;
    context.fillStyle = this.colour("--accent");
    means(code, factor).forEach((mean, value) => Number.isFinite(mean) && context.fillRect(value * column + 0.5, y(mean) - 1.25, Math.max(2, column - 1), 2.5));
  }
}

/** Mean code of every value of the factor. */
function means(code: Float32Array, { values, size }: Factor): number[] {
  const [sums, counts] = [new Float64Array(size), new Float64Array(size)];
  values.forEach((value, i) => ((sums[value] += code[i]), counts[value]++));
  return Array.from(sums, (sum, value) => sum / counts[value]);
}
