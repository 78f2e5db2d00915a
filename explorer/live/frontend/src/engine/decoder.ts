import type { Assets } from "./assets";
import { type Shape, toRgba } from "./pixels";
import { type Backend, feeds, type Labels, openSession, type Session } from "./session";

/**
 * Turns codes (count, d) into RGBA pixels (count, H, W, 4), a network of a range of β those of this `beta`, one of a
 * conditional model those of these classes.
 */
export interface Decoder {
  decode(z: Float32Array, count: number, beta?: number, labels?: Labels): Promise<Uint8ClampedArray<ArrayBuffer>>;
  dispose(): void;
}

export interface DecoderSource {
  /** The bytes of decoder.onnx. */
  onnx: ArrayBuffer;
  latentSize: number;
  shape: Shape;
  /** The default β of a network of a range. */
  beta?: number | null;
}

/** A decoder in the browser, which also gives pixels as numbers. */
export interface LocalDecoder extends Decoder {
  /** Images (count, C, H, W) in [0, 1]. */
  values(z: Float32Array, count: number, beta?: number, labels?: Labels): Promise<Float32Array>;
}

/** A decoder on ONNX Runtime Web, on whichever thread this is called. */
export async function openDecoder(assets: Assets, source: DecoderSource, backend: Backend): Promise<LocalDecoder> {
  const decoder = new OrtDecoder(await openSession(assets, source.onnx, backend), source);
  await decoder.decode(new Float32Array(source.latentSize), 1); // proves that it runs, and warms it up
  return decoder;
}

class OrtDecoder implements LocalDecoder {
  constructor(private readonly by: Session, private readonly source: DecoderSource) {}

  async decode(z: Float32Array, count: number, beta?: number, labels?: Labels): Promise<Uint8ClampedArray<ArrayBuffer>> {
    return toRgba(await this.values(z, count, beta, labels), count, this.source.shape);
  }

  async values(z: Float32Array, count: number, beta = this.source.beta ?? 1, labels?: Labels): Promise<Float32Array> {
    const { by, source: { latentSize, shape } } = this;
    const output = await by.session.run(feeds(by, "z", z, [count, latentSize], beta, labels));
    const values = output["image"].data as Float32Array;
    if (values.length !== count * shape[0] * shape[1] * shape[2])
      throw new Error("The decoder gives images of another size than the checkpoint says.");
    return values;
  }

  dispose(): void {
    void this.by.session.release();
  }
}

/** Decodes on the server: for browsers that cannot. */
export function serverDecoder(url: string, shape: Shape): Decoder {
  return {
    async decode(z, count, beta, labels) {
      if (globalThis.inlinedFiles) throw new Error("There is no server.");
      const query = [...(beta === undefined ? [] : [`beta=${beta}`]), ...(labels ? [`labels=${labels.join()}`] : [])].join("&");
      const response = await fetch(query ? `${url}?${query}` : url, { method: "POST", body: new Float32Array(z) });
      if (!response.ok) throw new Error(`The server could not decode (${response.status}).`);
      return toRgba(new Uint8Array(await response.arrayBuffer()), count, shape, 1);
    },
    dispose: () => undefined,
  };
}
