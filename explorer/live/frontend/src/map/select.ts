/** Which points lie inside a box or a lasso, in world units. */
import type { SelectionOp } from "./types";

type Inside = (x: number, y: number) => boolean;

const SLABS = 256;

export function insideBox(xa: number, ya: number, xb: number, yb: number): Inside {
  const x0 = Math.min(xa, xb);
  const x1 = Math.max(xa, xb);
  const y0 = Math.min(ya, yb);
  const y1 = Math.max(ya, yb);
  return (x, y) => x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/**
 * Even-odd test against the closed polygon with interleaved corners. The edges are sorted into horizontal slabs
 * once, so that a test looks at a handful of edges however long the lasso is.
 */
export function insidePolygon(corners: ArrayLike<number>): Inside {
  const n = corners.length >> 1;
  if (n < 3) return () => false;
  let y0 = Infinity;
  let y1 = -Infinity;
  for (let k = 0; k < n; k++) {
    y0 = Math.min(y0, corners[2 * k + 1]!);
    y1 = Math.max(y1, corners[2 * k + 1]!);
  }
  const height = Math.max((y1 - y0) / SLABS, Number.MIN_VALUE);
  const slab = (y: number): number => Math.max(0, Math.min(SLABS - 1, Math.floor((y - y0) / height)));
  const slabs: number[][] = Array.from({ length: SLABS }, () => []);
  for (let k = 0; k < n; k++) {
    const ax = corners[2 * k]!;
    const ay = corners[2 * k + 1]!;
    const bx = corners[2 * ((k + 1) % n)]!;
    const by = corners[2 * ((k + 1) % n) + 1]!;
    if (ay === by) continue;
    for (let s = slab(Math.min(ay, by)); s <= slab(Math.max(ay, by)); s++) slabs[s]!.push(ax, ay, bx, by);
  }
  return (x, y) => {
    if (!(y >= y0 && y <= y1)) return false;
    const edges = slabs[slab(y)]!;
    let inside = false;
    for (let e = 0; e < edges.length; e += 4) {
      const ay = edges[e + 1]!;
      const by = edges[e + 3]!;
      if (ay > y === by > y) continue;
      const ax = edges[e]!;
      if (x < ax + ((y - ay) / (by - ay)) * (edges[e + 2]! - ax)) inside = !inside;
    }
    return inside;
  };
}

/** The selection mask after a region has been replaced, added or removed. Hidden points never join. */
export function applyRegion(
  mask: Uint8Array,
  x: Float32Array,
  y: Float32Array,
  inside: Inside,
  keep: (i: number) => boolean,
  op: SelectionOp,
): void {
  for (let i = 0; i < mask.length; i++) {
    const hit = inside(x[i]!, y[i]!) && keep(i);
    if (op === "replace") mask[i] = hit ? 1 : 0;
    else if (hit) mask[i] = op === "add" ? 1 : 0;
  }
}

/** The indices that a mask holds, ascending. */
export function indicesOf(mask: Uint8Array): Uint32Array {
  let n = 0;
  for (let i = 0; i < mask.length; i++) n += mask[i]!;
  const out = new Uint32Array(n);
  for (let i = 0, k = 0; i < mask.length; i++) if (mask[i]) out[k++] = i;
  return out;
}
