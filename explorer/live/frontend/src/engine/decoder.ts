import type * as Ort from "onnxruntime-web/wasm";
import { addressOf, type Assets } from "./assets";
import { type Shape, toRgba } from "./pixels";

/** Turns codes (count, d) into RGBA pixels (count, H, W, 4). */
export interface Decoder {
  decode(z: Float32Array, count: number): Promise<Uint8ClampedArray<ArrayBuffer>>;
  dispose(): void;
}

export interface DecoderSource {
  /** The bytes of decoder.onnx. */
  onnx: ArrayBuffer;
  latentSize: number;
  shape: Shape;
}

export type Backend = "wasm" | "webgpu";

/** A decoder on ONNX Runtime Web, on whichever thread this is called. */
export async function openDecoder(assets: Assets, source: DecoderSource, backend: Backend): Promise<Decoder> {
  const [ort, session] = await openSession(assets, source.onnx, backend);
  const decoder = new OrtDecoder(ort, session, source);
  await decoder.decode(new Float32Array(source.latentSize), 1); // proves that it runs, and warms it up
  return decoder;
}

/** A network on ONNX Runtime Web, on whichever thread this is called. */
export async function openSession(assets: Assets, onnx: ArrayBuffer, backend: Backend): Promise<[typeof Ort, Ort.InferenceSession]> {
  const gpu = backend === "webgpu";
  const runtime = gpu ? assets.gpu : assets.cpu;
  if (!runtime) throw new Error("This page has no runtime for a GPU.");
  const ort: typeof Ort = await import(addressOf(runtime.ort));
  ort.env.logLevel = "error";
  const [mjs, { wasm }] = [addressOf(runtime.glue), runtime];
  if (typeof wasm === "string") ort.env.wasm.wasmPaths = { mjs, wasm };
  else [ort.env.wasm.wasmPaths, ort.env.wasm.wasmBinary] = [{ mjs }, wasm];
  ort.env.wasm.numThreads = 1; // several workers of one thread each are faster than one with several
  return [ort, await ort.InferenceSession.create(new Uint8Array(onnx), { executionProviders: [backend], logSeverityLevel: 3 })];
}

class OrtDecoder implements Decoder {
  constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    private readonly source: DecoderSource,
  ) {}

  async decode(z: Float32Array, count: number): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { latentSize, shape } = this.source;
    const output = await this.session.run({ z: new this.ort.Tensor("float32", z, [count, latentSize]) });
    const values = output["image"].data as Float32Array;
    if (values.length !== count * shape[0] * shape[1] * shape[2])
      throw new Error("The decoder gives images of another size than the checkpoint says.");
    return toRgba(values, count, shape);
  }

  dispose(): void {
    void this.session.release();
  }
}

/** Decodes on the server: for browsers that cannot. */
export function serverDecoder(url: string, shape: Shape): Decoder {
  return {
    async decode(z, count) {
      if (globalThis.inlinedFiles) throw new Error("There is no server.");
      const response = await fetch(url, { method: "POST", body: new Float32Array(z) });
      if (!response.ok) throw new Error(`The server could not decode (${response.status}).`);
      return toRgba(new Uint8Array(await response.arrayBuffer()), count, shape, 1);
    },
    dispose: () => undefined,
  };
}
