import { tickStep } from "../map/ticks";

/** Round numbers that divide [low, high] into about `count` steps. */
export function ticks(low: number, high: number, count = 4): number[] {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0) || !Number.isFinite(raw)) return [low];
  const step = tickStep(1, 0.999 * raw);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * The range of values to draw. The first few steps of a training are far off the scale of the others, so the top is
 * near the 90 % quantile if that is much lower than the maximum.
 */
export function drawRange(values: number[]): [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return [0, 1];
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const most = sorted[Math.floor(0.9 * (sorted.length - 1))];
  const top = most + 0.6 * (most - low);
  const end = sorted.length > 8 && top < high && top > low ? top : high;
  const room = 0.06 * (end - low || Math.abs(low) || 1);
  return [low - room, end + room];
}
