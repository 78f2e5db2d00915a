import type { Plane } from "../latent/plane";
import type { MapView } from "../map";
import type { ExploreStore } from "./store";

const CELLS = 20;
let instances = 0;

/** The decoded plane behind the points: a grid of images, decoded row by row in the workers. */
export class Backdrop {
  private readonly prefix = `backdrop${++instances}/`;
  private plane: Plane | null = null;
  private extent = { x0: -3, x1: 3, y0: -3, y1: 3 };
  private on = false;

  constructor(private readonly store: ExploreStore, private readonly map: MapView) {}

  setPlane(plane: Plane | null, x: Float32Array, y: Float32Array): void {
    this.plane = plane;
    const reach = Math.max(3, ...[x, y].map((column) => column.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    this.extent = { x0: -reach, x1: reach, y0: -reach, y1: reach };
    this.draw();
  }

  toggle(on: boolean): void {
    this.on = on;
    this.draw();
  }

  /** Another β or another class decodes it otherwise. */
  refresh(): void {
    if (this.on) this.draw();
  }

  private draw(): void {
    const { plane, store, extent } = this;
    store.engine.drop(this.prefix);
    if (!this.on || !plane) return this.map.setBackdrop(null, extent);
    const [, height, width] = store.model.imageShape;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [CELLS * width, CELLS * height];
    const context = canvas.getContext("2d")!;
    const step = (extent.x1 - extent.x0) / CELLS; // a square
    const rows = Array.from({ length: CELLS }, (_, row) => {
      const d = store.model.latentSize;
      const z = new Float32Array(CELLS * d);
      for (let i = 0; i < CELLS; i++) z.set(plane.lift(extent.x0 + (i + 0.5) * step, extent.y1 - (row + 0.5) * step), i * d);
      const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
        context.putImageData(new ImageData(rgba, canvas.width, height), 0, row * height);
        if (this.on && this.plane === plane) this.map.setBackdrop(canvas, extent);
      };
      return { channel: this.prefix + row, z, count: CELLS, row: { factor: 1, gap: 0 }, done };
    });
    store.engine.decodeMany(rows);
  }

  dispose(): void {
    this.store.engine.drop(this.prefix);
  }
}
