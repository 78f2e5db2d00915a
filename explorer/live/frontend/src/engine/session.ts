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

/** Classes of a batch, by number: one for all of it, or one for each. */
export type Labels = readonly number[];

/**
 * What a network gets: one tensor by name; for each of its rows β, where it is a network of a range of β, and the class,
 * where it is one of a conditional model, the classes in turn where none are given (docs/training.md).
 */
export function feeds({ ort, session }: Session, name: string, values: Float32Array, dims: readonly number[], beta: number, labels?: Labels): Record<string, Ort.Tensor> {
  const inputs: Record<string, Ort.Tensor> = { [name]: new ort.Tensor("float32", values, dims) };
  const [count] = dims;
  if (session.inputNames.includes("beta")) inputs["beta"] = new ort.Tensor("float32", new Float32Array(count).fill(beta), [count, 1]);
  const at = session.inputNames.indexOf("label");
  if (at >= 0) {
    const about = session.inputMetadata[at];
    const classes = about.isTensor ? Number(about.shape[1]) : 0;
    inputs["label"] = new ort.Tensor("float32", oneHot(count, classes, labels), [count, classes]);
  }
  return inputs;
}

/** Rows of weights (count, classes), 1 for the class of each row. */
export function oneHot(count: number, classes: number, labels?: Labels): Float32Array {
  const weights = new Float32Array(count * classes);
  for (let i = 0; i < count; i++) weights[i * classes + (labels ? labels[labels.length > 1 ? i : 0] : i % classes)] = 1;
  return weights;
}
