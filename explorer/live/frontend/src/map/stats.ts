/** Where the points lie and how dense they are, from a random sample of packed (interleaved) positions. */
import type { Extent } from "./types";

/** The box of all finite points, or null when there are none. */
export function bounds(packed: Float32Array): Extent | null {
  let x0 = Infinity;
  let x1 = -Infinity;
  let y0 = Infinity;
  let y1 = -Infinity;
  for (let k = 0; k + 1 < packed.length; k += 2) {
    const x = packed[k]!;
    const y = packed[k + 1]!;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return x0 <= x1 ? { x0, x1, y0, y1 } : null;
}

/** The box between the `tail` and `1 - tail` quantiles of the first `sample` packed points. */
export function coreBounds(packed: Float32Array, sample: number, tail: number): Extent | null {
  const n = Math.min(sample, packed.length >> 1);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let k = 0; k < n; k++) {
    const x = packed[2 * k]!;
    const y = packed[2 * k + 1]!;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      xs.push(x);
      ys.push(y);
    }
  }
  if (xs.length === 0) return null;
  const sx = Float64Array.from(xs).sort();
  const sy = Float64Array.from(ys).sort();
  const low = Math.floor(tail * (sx.length - 1));
  const high = sx.length - 1 - low;
  return { x0: sx[low]!, x1: sx[high]!, y0: sy[low]!, y1: sy[high]! };
}

/** What a fit should show: the points, but not so much of their far tails that the rest shrinks. */
export function viewExtent(packed: Float32Array): Extent | null {
  const all = bounds(packed);
  const core = coreBounds(packed, 8192, 0.001);
  if (!all || !core) return null;
  const more = 0.06 * Math.max(core.x1 - core.x0, core.y1 - core.y0);
  return {
    x0: Math.max(all.x0, core.x0 - more),
    x1: Math.min(all.x1, core.x1 + more),
    y0: Math.max(all.y0, core.y0 - more),
    y1: Math.min(all.y1, core.y1 + more),
  };
}

/**
 * Points per square world unit where a typical point lies: the median over a sample of the density of its cell.
 * `keep(k)` says whether packed point k is shown.
 */
export function typicalDensity(packed: Float32Array, keep: (k: number) => boolean): number {
  const total = packed.length >> 1;
  const sample = Math.min(8192, total);
  const box = coreBounds(packed, sample, 0.005);
  if (!box) return 0;
  // About eight sampled points per cell: coarse enough to be stable, fine enough to see blobs.
  const side = Math.max(3, Math.min(32, Math.round(Math.sqrt(sample / 8))));
  const dx = Math.max(box.x1 - box.x0, 1e-9) / side;
  const dy = Math.max(box.y1 - box.y0, 1e-9) / side;
  const counts = new Uint32Array(side * side);
  const cells = new Int32Array(sample);
  let kept = 0;
  for (let k = 0; k < sample; k++) {
    const i = Math.floor((packed[2 * k]! - box.x0) / dx);
    const j = Math.floor((packed[2 * k + 1]! - box.y0) / dy);
    if (!(i >= 0 && i < side && j >= 0 && j < side) || !keep(k)) continue;
    const cell = j * side + i;
    cells[kept++] = cell;
    counts[cell]! += 1;
  }
  if (kept === 0) return 0;
  const perPoint = cells.subarray(0, kept).map((cell) => counts[cell]!);
  perPoint.sort();
  return (perPoint[kept >> 1]! * (total / sample)) / (dx * dy);
}
