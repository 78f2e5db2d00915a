import type { Assets } from "./assets";
import { fromRgba, type Shape } from "./pixels";
import { openSession, type Session } from "./session";

/** Images that are compared at once. */
const BLOCK = 64;

/** How far images lie from every real one, by the network that `explorer.metrics.real_images` makes. */
export class RealImages {
  private constructor(private readonly network: Session, private readonly shape: Shape) {}

  static async open(assets: Assets, onnx: ArrayBuffer, shape: Shape): Promise<RealImages> {
    return new RealImages(await openSession(assets, onnx, "wasm"), shape);
  }

  /** Of `count` RGBA images: 1 is the distance within which 95 % of real test images have a training image. */
  async distances(rgba: Uint8ClampedArray, count: number): Promise<Float32Array> {
    const { ort, session } = this.network;
    const out = new Float32Array(count);
    const size = 4 * this.shape[1] * this.shape[2];
    for (let start = 0; start < count; start += BLOCK) {
      const n = Math.min(BLOCK, count - start);
      const values = fromRgba(rgba.subarray(start * size, (start + n) * size), n, this.shape);
      const output = await session.run({ image: new ort.Tensor("float32", values, [n, ...this.shape]) });
      out.set(output["distance"].data as Float32Array, start);
    }
    return out;
  }
}
