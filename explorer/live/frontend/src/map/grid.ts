/**
 * Nearest point in constant time: a uniform grid of small cells, grouped 8 x 8 into blocks that lie together in
 * memory, so that empty regions are skipped a block at a time. Built in steps, so that 700,000 points never stall
 * a frame.
 */
import type { Extent } from "./types";

const BLOCK = 8;
const CELLS = BLOCK * BLOCK;
const STEP = 65536;
const POINTS_PER_CELL = 2;

export class Grid {
  /** Points that are in the grid. */
  size = 0;
  private readonly blocks: number = Math.max(1, Math.min(128, Math.round(Math.sqrt(this.count / POINTS_PER_CELL) / BLOCK)));
  private readonly x0: number = this.core.x0;
  private readonly y0: number = this.core.y0;
  private readonly dx: number;
  private readonly dy: number;
  private readonly start: Uint32Array;
  private readonly items = new Uint32Array(this.count);
  private readonly xs = new Float32Array(this.count);
  private readonly ys = new Float32Array(this.count);
  private best = -1;
  private bestSquare = Infinity;

  /** `core` is where most points lie; points outside it are kept in the border cells. */
  private constructor(private readonly count: number, private readonly core: Extent) {
    const side = this.blocks * BLOCK;
    this.dx = Math.max(core.x1 - core.x0, 1e-12) / side;
    this.dy = Math.max(core.y1 - core.y0, 1e-12) / side;
    this.start = new Uint32Array(side * side + 1);
  }

  /** A generator that returns the finished grid; each step handles a slice of the points for which `keep(i)`. */
  static *build(
    x: Float32Array,
    y: Float32Array,
    core: Extent,
    keep: (i: number) => boolean,
  ): Generator<void, Grid, void> {
    const n = x.length;
    const grid = new Grid(n, core);
    const cells = new Int32Array(n);
    const { start } = grid;
    for (let from = 0; from < n; from += STEP) {
      const to = Math.min(n, from + STEP);
      for (let i = from; i < to; i++) {
        const usable = Number.isFinite(x[i]!) && Number.isFinite(y[i]!) && keep(i);
        const cell = usable ? grid.cellOf(grid.column(x[i]!), grid.row(y[i]!)) : -1;
        cells[i] = cell;
        if (cell >= 0) start[cell + 1]! += 1;
      }
      yield;
    }
    for (let c = 1; c < start.length; c++) start[c]! += start[c - 1]!;
    grid.size = start[start.length - 1]!;
    const next = start.slice(0, -1);
    yield;
    for (let from = 0; from < n; from += STEP) {
      const to = Math.min(n, from + STEP);
      for (let i = from; i < to; i++) {
        const cell = cells[i]!;
        if (cell < 0) continue;
        const at = next[cell]!++;
        grid.items[at] = i;
        grid.xs[at] = x[i]!;
        grid.ys[at] = y[i]!;
      }
      yield;
    }
    return grid;
  }

  /** Index of the point nearest to (px, py), or -1 when the grid is empty. */
  nearest(px: number, py: number): number {
    this.best = -1;
    this.bestSquare = Infinity;
    if (this.size === 0) return -1;
    const bi = this.column(px) >> 3;
    const bj = this.row(py) >> 3;
    const wide = BLOCK * this.dx;
    const high = BLOCK * this.dy;
    for (let ring = 0; ring < this.blocks; ring++) {
      this.searchRing(bi, bj, ring, px, py);
      // Whatever has not been searched lies beyond the sides of the searched square; border cells have no beyond.
      const left = bi - ring > 0 ? px - (this.x0 + (bi - ring) * wide) : Infinity;
      const right = bi + ring < this.blocks - 1 ? this.x0 + (bi + ring + 1) * wide - px : Infinity;
      const below = bj - ring > 0 ? py - (this.y0 + (bj - ring) * high) : Infinity;
      const above = bj + ring < this.blocks - 1 ? this.y0 + (bj + ring + 1) * high - py : Infinity;
      const reach = Math.min(left, right, below, above);
      if (reach === Infinity || (reach > 0 && reach * reach >= this.bestSquare)) break;
    }
    return this.best < 0 ? -1 : this.items[this.best]!;
  }

  private searchRing(bi: number, bj: number, ring: number, px: number, py: number): void {
    const last = this.blocks - 1;
    const top = Math.min(last, bj + ring);
    for (let j = Math.max(0, bj - ring); j <= top; j++) {
      const edge = j === bj - ring || j === bj + ring;
      const step = edge || ring === 0 ? 1 : 2 * ring;
      for (let i = bi - ring; i <= bi + ring; i += step) {
        if (i >= 0 && i <= last) this.searchBlock(i, j, px, py);
      }
    }
  }

  private searchBlock(bi: number, bj: number, px: number, py: number): void {
    const block = (bj * this.blocks + bi) * CELLS;
    const { start, xs, ys } = this;
    if (start[block] === start[block + CELLS]) return;
    if (this.squareTo(bi * BLOCK, bj * BLOCK, BLOCK, px, py) >= this.bestSquare) return;
    for (let c = 0; c < CELLS; c++) {
      const end = start[block + c + 1]!;
      let at = start[block + c]!;
      if (at === end) continue;
      if (this.squareTo(bi * BLOCK + (c & 7), bj * BLOCK + (c >> 3), 1, px, py) >= this.bestSquare) continue;
      for (; at < end; at++) {
        const ex = xs[at]! - px;
        const ey = ys[at]! - py;
        const square = ex * ex + ey * ey;
        if (square < this.bestSquare) {
          this.bestSquare = square;
          this.best = at;
        }
      }
    }
  }

  /** Squared distance from (px, py) to a square of cells; border cells reach to infinity. */
  private squareTo(i: number, j: number, cells: number, px: number, py: number): number {
    const side = this.blocks * BLOCK;
    const x0 = this.x0 + i * this.dx;
    const y0 = this.y0 + j * this.dy;
    const ex = i > 0 && px < x0 ? x0 - px : i + cells < side ? Math.max(0, px - x0 - cells * this.dx) : 0;
    const ey = j > 0 && py < y0 ? y0 - py : j + cells < side ? Math.max(0, py - y0 - cells * this.dy) : 0;
    return ex * ex + ey * ey;
  }

  private column(x: number): number {
    return Math.max(0, Math.min(this.blocks * BLOCK - 1, Math.floor((x - this.x0) / this.dx)));
  }

  private row(y: number): number {
    return Math.max(0, Math.min(this.blocks * BLOCK - 1, Math.floor((y - this.y0) / this.dy)));
  }

  private cellOf(i: number, j: number): number {
    const block = (j >> 3) * this.blocks + (i >> 3);
    return block * CELLS + (j & 7) * BLOCK + (i & 7);
  }
}
