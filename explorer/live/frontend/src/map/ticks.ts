/** Round numbers along an axis. */

/** The step 1, 2 or 5 times a power of ten that puts ticks at least `spacing` pixels apart. */
export function tickStep(scale: number, spacing: number): number {
  const raw = spacing / scale;
  const power = Math.pow(10, Math.floor(Math.log10(raw)));
  const lead = raw / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/** Tick texts, kept until the step changes, so that panning formats nothing twice. */
export class TickLabels {
  private step = 0;
  private decimals = 0;
  private readonly texts = new Map<number, string>();

  /** Text of the tick at `k * step`. */
  text(k: number, step: number): string {
    if (step !== this.step || this.texts.size > 500) {
      this.step = step;
      this.decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)));
      this.texts.clear();
    }
    let text = this.texts.get(k);
    if (text === undefined) {
      text = tidy(k * step, this.decimals);
      this.texts.set(k, text);
    }
    return text;
  }
}

function tidy(value: number, decimals: number): string {
  const size = Math.abs(value);
  const text = size >= 1e6 ? value.toExponential(1) : value.toFixed(decimals);
  return text.replace("-", "−");
}

/** A number with about three significant digits, for the ends of a colour bar. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const extreme = size !== 0 && (size >= 1e5 || size < 1e-3);
  const text = extreme ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}
