import type * as Ort from "onnxruntime-web/wasm";
import { addressOf, type Assets } from "./assets";

export type Backend = "wasm" | "webgpu";

/** A network that is ready to run, and the runtime that runs it. */
export interface Session {
  ort: typeof Ort;
  session: Ort.InferenceSession;
}

/** A network on ONNX Runtime Web, on whichever thread this is called. */
export async function openSession(assets: Assets, onnx: ArrayBuffer, backend: Backend): Promise<Session> {
  const runtime = backend === "webgpu" ? assets.gpu : assets.cpu;
  if (!runtime) throw new Error("This page has no runtime for a GPU.");
  const ort: typeof Ort = await import(addressOf(runtime.ort));
  ort.env.logLevel = "error";
  const [mjs, { wasm }] = [addressOf(runtime.glue), runtime];
  if (typeof wasm === "string") ort.env.wasm.wasmPaths = { mjs, wasm };
  else [ort.env.wasm.wasmPaths, ort.env.wasm.wasmBinary] = [{ mjs }, wasm];
  ort.env.wasm.numThreads = 1; // several workers of one thread each are faster than one with several
  const session = await ort.InferenceSession.create(new Uint8Array(onnx), { executionProviders: [backend], logSeverityLevel: 3 });
  return { ort, session };
}

/**
 * What a network gets: one tensor by name, and β, one for each of its rows, where it is a network of a range of β
 * (docs/training.md).
 */
export function feeds({ ort, session }: Session, name: string, values: Float32Array, dims: readonly number[], beta: number): Record<string, Ort.Tensor> {
  const tensor = new ort.Tensor("float32", values, dims);
  if (!session.inputNames.includes("beta")) return { [name]: tensor };
  return { [name]: tensor, beta: new ort.Tensor("float32", new Float32Array(dims[0]).fill(beta), [dims[0], 1]) };
}
