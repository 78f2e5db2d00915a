import type { Assets } from "./assets";
import type { Shape } from "./pixels";
import { feeds, openSession, type Session } from "./session";

/** q(z|x) of one image. */
export interface Posterior {
  /** The mean (d); of a plain autoencoder, the code. */
  mean: Float32Array;
  /** Standard deviations (d): zeros for a plain autoencoder. */
  scale: Float32Array;
  /** The Cholesky factor (d·d) of a full covariance, row by row. */
  tril: Float32Array | null;
  /** KL(q‖p) in nats, of discrete codes, whose prior is uniform. */
  rate?: number;
}

/** Turns an image (C, H, W) in [0, 1] into its posterior. */
export interface Encoder {
  /** `beta` is for a network of a range of β, `label` for one of a conditional model. */
  encode(image: Float32Array, beta: number, label?: number): Promise<Posterior>;
  dispose(): void;
}

/** An encoder on ONNX Runtime Web, on whichever thread this is called. */
export async function openEncoder(assets: Assets, onnx: ArrayBuffer, shape: Shape, latentSize: number): Promise<Encoder> {
  const encoder = new OrtEncoder(await openSession(assets, onnx, "wasm"), shape, latentSize);
  await encoder.encode(new Float32Array(shape[0] * shape[1] * shape[2]), 1); // proves that it runs, and warms it up
  return encoder;
}

/** q(z|x) in d dimensions from an encoder's outputs for one image. Throws a sentence if they are of another size. */
export function posteriorOf(outputs: Record<string, Float32Array | undefined>, d: number): Posterior {
  const { mean, scale_tril: tril = null, log_variance: logVariance, rate } = outputs;
  if (mean?.length !== d) throw new Error("The encoder gives codes of another size than the checkpoint says.");
  const scale = tril
    ? Float32Array.from(mean, (_, i) => Math.hypot(...tril.subarray(i * d, (i + 1) * d)))
    : (logVariance?.map((v) => Math.exp(v / 2)) ?? new Float32Array(d));
  return { mean, scale, tril, ...(rate ? { rate: rate[0] } : {}) };
}

class OrtEncoder implements Encoder {
  constructor(private readonly by: Session, private readonly shape: Shape, private readonly latentSize: number) {}

  async encode(image: Float32Array, beta: number, label = 0): Promise<Posterior> {
    const { by, latentSize: d } = this;
    const output = await by.session.run(feeds(by, "image", image, [1, ...this.shape], beta, [label]));
    return posteriorOf(Object.fromEntries(Object.entries(output).map(([name, tensor]) => [name, tensor.data as Float32Array])), d);
  }

  dispose(): void {
    void this.by.session.release();
  }
}
