import { fetchBytes } from "../engine/assets";
import { type Decoder, openDecoder, serverDecoder } from "../engine/decoder";
import { cached } from "../page/library";
import { runtime } from "../page/live-model";
import type { SnapshotList } from "../schema";

/** The snapshots of a training, and the pictures that each one's decoder draws. */
export abstract class Snapshots<Pictures> {
  readonly model = this.history.model;
  readonly snapshots = this.history.snapshots;
  private readonly pictures = new Map<number, Promise<Pictures>>();

  constructor(private readonly history: SnapshotList, protected readonly appRoot: string) {}

  /** Fetch the codes of all snapshots. */
  abstract open(): Promise<void>;

  /** Draw the pictures of snapshot `i`. */
  protected abstract draw(i: number, decoder: Decoder): Promise<Pictures>;

  get last(): number {
    return this.snapshots.length - 1;
  }

  /** The pictures of snapshot `i`. */
  decoded(i: number): Promise<Pictures> {
    return cached(this.pictures, i, () => this.decode(i));
  }

  /** A file of every snapshot. */
  protected files(name: string): Promise<ArrayBuffer[]> {
    return Promise.all(this.snapshots.map(({ base }) => fetchBytes(this.appRoot + base + name)));
  }

  private async decode(i: number): Promise<Pictures> {
    const base = this.appRoot + this.snapshots[i].base;
    const { latentSize, imageShape: shape, beta } = this.model;
    let decoder: Decoder;
    try {
      const onnx = await fetchBytes(base + "decoder.onnx");
      decoder = await openDecoder(await runtime(), { onnx, latentSize, shape, beta }, "wasm");
    } catch {
      decoder = serverDecoder(base + "decode", shape); // for browsers that cannot run it
    }
    const pictures = await this.draw(i, decoder);
    decoder.dispose();
    return pictures;
  }
}
