import { fetchBytes } from "../engine/assets";
import { type Decoder, openDecoder, serverDecoder } from "../engine/decoder";
import { orderDimensions } from "../latent/dimensions";
import { Plane } from "../latent/plane";
import { spread, standardNormal } from "../latent/vectors";
import type { SnapshotList } from "../schema";
import type { Positions } from "../page/framed-map";
import { cached } from "../page/library";
import { runtime } from "../page/live-model";

export const [STEPS, SAMPLES] = [11, 36];
const MOST_DIMENSIONS = 6;
/** Half-width of a traversal, in standard deviations of the prior. */
const REACH = 3;

/** The snapshots of a training: positions of its codes, and images of the same codes by each decoder. */
export class Snapshots {
  readonly model = this.history.model;
  readonly snapshots = this.history.snapshots;
  /** The traversed dimensions, the most informative first. */
  readonly dimensions = orderDimensions(this.model).live.slice(0, MOST_DIMENSIONS);
  /** A two-dimensional space is shown as the decoded plane. */
  readonly plane = this.model.latentSize === 2;
  readonly rows = this.plane ? STEPS : this.dimensions.length;
  private readonly z = new Float32Array((this.traversals + SAMPLES) * this.model.latentSize);
  private places: Positions[] = [];
  private readonly images = new Map<number, Promise<Uint8ClampedArray<ArrayBuffer>>>();

  constructor(private readonly history: SnapshotList, private readonly appRoot: string) {
    const d = this.model.latentSize;
    const step = (i: number) => REACH * ((2 * i) / (STEPS - 1) - 1);
    for (let row = 0; row < this.rows; row++)
      for (let i = 0; i < STEPS; i++) {
        const at = (row * STEPS + i) * d;
        if (this.plane) this.z.set([step(i), -step(row)], at);
        else this.z[at + this.dimensions[row]] = step(i);
      }
    this.z.set(standardNormal(SAMPLES * d, 0), this.traversals * d);
  }

  get traversals(): number {
    return this.rows * STEPS;
  }

  /** Fetch the codes of all snapshots, projected to the plane of the last one. */
  async open(): Promise<void> {
    const d = this.model.latentSize;
    const plane = d > 1 ? Plane.of(this.model.projections[0]) : null;
    this.places = await Promise.all(
      this.snapshots.map(async ({ base }): Promise<Positions> => {
        const codes = new Float32Array(await fetchBytes(this.appRoot + base + "codes"));
        const n = codes.length / d;
        return plane ? plane.dropAll(codes, n) : [codes, Float32Array.from({ length: n }, (_, i) => spread(i))];
      }),
    );
  }

  /** Positions of the codes at `t`, linear between snapshots. */
  positions(t: number): Positions {
    const i = Math.min(this.snapshots.length - 1, Math.floor(t));
    const after = this.places[Math.min(this.snapshots.length - 1, i + 1)];
    const share = t - i;
    const between = (axis: 0 | 1) => this.places[i][axis].map((value, k) => value + share * (after[axis][k] - value));
    return [between(0), between(1)];
  }

  /** RGBA images of snapshot `i`: the traversals, row by row, then the samples of fixed codes. */
  decoded(i: number): Promise<Uint8ClampedArray<ArrayBuffer>> {
    return cached(this.images, i, () => this.decode(i));
  }

  /** Of a conditional model: one class for each traversal, and the classes in turn for samples. */
  private labels(count: number): number[] | undefined {
    const { classes } = this.model;
    return classes ? Array.from({ length: count }, (_, i) => (i < this.traversals ? Math.floor(i / STEPS) : i) % classes) : undefined;
  }

  private async decode(i: number): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const base = this.appRoot + this.snapshots[i].base;
    const { latentSize, imageShape: shape, beta } = this.model;
    const count = this.traversals + SAMPLES;
    let decoder: Decoder;
    try {
      const onnx = await fetchBytes(base + "decoder.onnx");
      decoder = await openDecoder(await runtime(), { onnx, latentSize, shape, beta }, "wasm");
    } catch {
      decoder = serverDecoder(base + "decode", shape); // for browsers that cannot run it
    }
    const images = await decoder.decode(this.z, count, undefined, this.labels(count));
    decoder.dispose();
    return images;
  }
}
