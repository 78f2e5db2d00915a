import { h } from "../ui/dom";
import type { Factor } from "./information";

const HEIGHT = 120;
const REACH = 3.2;
const MOST = 4000;

/** Codes of one dimension against the values of a factor, as dots, with the mean code of every value. */
export class Scatter {
  readonly canvas = h("canvas", { className: "scatter", role: "img" });
  private width = 0;

  fit(width: number): void {
    this.width = width;
  }

  /** `unit`: what 1 on the vertical axis is. */
  show(code: Float32Array, factor: Factor, unit: number, label: string): void {
    const { canvas, width } = this;
    if (width <= 0) return;
    const ratio = globalThis.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    canvas.setAttribute("aria-label", label);
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(canvas);
    const y = (value: number) => HEIGHT / 2 - (value / unit / REACH) * (HEIGHT / 2);
    const column = width / factor.size;
    context.strokeStyle = style.getPropertyValue("--line");
    context.strokeRect(0.5, 0.5, width - 1, HEIGHT - 1);
    context.beginPath();
    context.moveTo(0, HEIGHT / 2);
    context.lineTo(width, HEIGHT / 2);
    context.stroke();
    context.fillStyle = style.getPropertyValue("--quiet");
    context.globalAlpha = Math.max(0.3, Math.min(0.8, 900 / code.length));
    const stride = Math.max(1, Math.ceil(code.length / MOST));
    for (let i = 0; i < code.length; i += stride) {
      const spread = ((i * 0.618) % 1) * 0.7 + 0.15; // within the column of its value
      context.fillRect((factor.values[i] + spread) * column - 0.75, y(code[i]) - 0.75, 1.5, 1.5);
    }
    context.globalAlpha = 1;
    context.fillStyle = style.getPropertyValue("--accent");
    means(code, factor).forEach((mean, value) => Number.isFinite(mean) && context.fillRect(value * column + 0.5, y(mean) - 1.25, Math.max(2, column - 1), 2.5));
  }
}

/** Mean code of every value of the factor. */
function means(code: Float32Array, { values, size }: Factor): number[] {
  const [sums, counts] = [new Float64Array(size), new Float64Array(size)];
  values.forEach((value, i) => ((sums[value] += code[i]), counts[value]++));
  return Array.from(sums, (sum, value) => sum / counts[value]);
}
