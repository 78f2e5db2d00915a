/** Nearest visible point, from a grid that is built while the browser is idle. */
import { Grid } from "./grid";
import { coreBounds } from "./stats";
import type { PointStore } from "./store";

/** Until the grid stands, the answer comes from the sample that the moving view shows too. */
const SAMPLE = 40_000;
const SLICE_MS = 4;

export class Seeker {
  private grid: Grid | null = null;
  private building: Generator<void, Grid, void> | null = null;
  private timer = 0;

  constructor(private readonly store: PointStore) {}

  /** Points or their visibility changed: start over. */
  invalidate(): void {
    const { store } = this;
    this.grid = null;
    this.building = null;
    const core = coreBounds(store.to, 8192, 0.002);
    if (!core) return;
    this.building = Grid.build(store.x, store.y, core, store.isVisible);
    if (this.timer === 0) this.later();
  }

  get ready(): boolean {
    return this.building === null;
  }

  /** Index of the point nearest to (x, y) in world units, or -1 when none is visible. */
  nearest(x: number, y: number): number {
    return this.grid ? this.grid.nearest(x, y) : this.nearestInSample(x, y);
  }

  destroy(): void {
    this.building = null;
    window.clearTimeout(this.timer);
  }

  private later(): void {
    this.timer = window.setTimeout(() => this.work(), 8);
  }

  private work(): void {
    this.timer = 0;
    const end = performance.now() + SLICE_MS;
    while (this.building) {
      const step = this.building.next();
      if (step.done) {
        this.grid = step.value;
        this.building = null;
      } else if (performance.now() >= end) {
        this.later();
        return;
      }
    }
  }

  private nearestInSample(x: number, y: number): number {
    const { to, packedSlots, order, count } = this.store;
    let best = -1;
    let square = Infinity;
    for (let k = 0; k < count && k < SAMPLE; k++) {
      const dx = to[2 * k]! - x;
      const dy = to[2 * k + 1]! - y;
      const d = dx * dx + dy * dy;
      if (d >= square || !this.store.isSlotVisible(packedSlots[k]!)) continue;
      square = d;
      best = k;
    }
    return best < 0 || Number.isNaN(square) ? -1 : order[best]!;
  }
}
