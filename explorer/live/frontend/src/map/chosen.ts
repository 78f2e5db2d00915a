/** Which points are selected. */
import type { Renderer } from "./renderer";
import { applyRegion, indicesOf, insideBox, insidePolygon } from "./select";
import type { PointStore } from "./store";
import type { SelectionOp } from "./types";

export class Chosen {
  private mask: Uint8Array | null = null;

  constructor(
    private readonly store: PointStore,
    private readonly renderer: Renderer,
  ) {}

  get any(): boolean {
    return this.mask !== null;
  }

  /** Select these points; null clears. */
  set(indices: ArrayLike<number> | null): void {
    this.mask = indices && indices.length > 0 ? new Uint8Array(this.store.count) : null;
    if (this.mask && indices) for (let k = 0; k < indices.length; k++) this.mask[indices[k]!] = 1;
    this.show();
  }

  /** Select by a region in world units: two interleaved corners of a box, or more of a polygon. Returns what is selected then. */
  region(world: readonly number[], op: SelectionOp): Uint32Array {
    const { store } = this;
    const box = world.length === 4;
    const inside = box ? insideBox(world[0]!, world[1]!, world[2]!, world[3]!) : insidePolygon(world);
    this.mask ??= new Uint8Array(store.count);
    applyRegion(this.mask, store.x, store.y, inside, store.isVisible, op);
    const found = indicesOf(this.mask);
    if (found.length === 0) this.mask = null;
    this.show();
    return found;
  }

  private show(): void {
    this.renderer.layer.loadSelection(this.mask ? this.store.ranksOf(this.mask) : null);
    this.renderer.touchPoints();
  }
}
