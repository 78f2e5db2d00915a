import type { Plot } from "../page/plot";

/** A positive number with three digits that count, without an exponent. */
export function amount(value: number): string {
  if (!(value > 0)) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value) + 1e-9));
  const text = value.toFixed(Math.min(20, digits));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Text that stays legible over bars and lines. */
export function paintOver(context: CanvasRenderingContext2D, plot: Plot, text: string, x: number, y: number): void {
  context.lineJoin = "round";
  context.lineWidth = 0.3 * plot.letter;
  context.strokeStyle = plot.colour("--ground");
  context.strokeText(text, x, y);
  context.fillStyle = plot.colour("--text");
  context.fillText(text, x, y);
}
