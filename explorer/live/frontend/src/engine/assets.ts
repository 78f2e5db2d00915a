/** One build of ONNX Runtime: addresses, or the bytes themselves of what a page exported as one file carries. */
export interface Runtime {
  ort: string | Blob;
  glue: string | Blob;
  wasm: string | ArrayBuffer;
}

/** Where the engine's files are: addresses of the app's own routes, or blob: addresses in a standalone page. */
export interface Assets {
  worker: string;
  cpu: Runtime;
  gpu?: Runtime;
}

/** What a page exported as one file has instead of a server. */
export interface Inlined {
  readonly assets: Promise<Assets>;
  /** The bytes at an address; rejects with a sentence where the page does not have them. */
  bytes(url: string): Promise<ArrayBuffer>;
}

declare global {
  // every bundle of a page has its own copy of this module, but there is one set of files
  var inlinedFiles: Inlined | undefined;
  var addressesOf: WeakMap<Blob, string> | undefined;
}

/**
 * The address of a file that came as such. Made on the thread that uses it: a worker of a page opened from disk has
 * an origin of its own, from which the page's addresses cannot be read.
 */
export function addressOf(file: string | Blob): string {
  if (typeof file === "string") return file;
  const known = (globalThis.addressesOf ??= new WeakMap());
  let address = known.get(file);
  if (!address) known.set(file, (address = URL.createObjectURL(file)));
  return address;
}

/** Assets that lie beside the bundle, or in the page. */
export async function assetsBeside(bundle: string): Promise<Assets> {
  if (globalThis.inlinedFiles) return globalThis.inlinedFiles.assets;
  const at = (file: string) => new URL(file, bundle).href;
  return {
    worker: at("worker.js"),
    cpu: { ort: at("ort.wasm.min.mjs"), glue: at("ort-wasm-simd-threaded.mjs"), wasm: at("ort-wasm-simd-threaded.wasm") },
    gpu: { ort: at("ort.jspi.min.mjs"), glue: at("ort-wasm-simd-threaded.jspi.mjs"), wasm: at("ort-wasm-simd-threaded.jspi.wasm") },
  };
}

const AGAIN = 400;

/** What the server answers, asked once more where it does not answer at all; throws its own sentence where it gives one. */
async function answer(url: string, again = true): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    if (!again) throw new Error("The server does not answer; check the connection and reload the page.");
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    return answer(url, false);
  }
  if (!response.ok) throw new Error(await sentenceOf(response));
  return response;
}

/** The bytes at an address, from the page itself or from the server; throws a sentence where there are none. */
export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  if (globalThis.inlinedFiles) return globalThis.inlinedFiles.bytes(url);
  return (await answer(url)).arrayBuffer();
}

async function sentenceOf(response: Response): Promise<string> {
  const text = (await response.text().catch(() => "")).trim();
  const plain = response.headers.get("content-type")?.startsWith("text/plain");
  return plain && text && text.length < 400 ? text : `The server answered ${response.status}; reload the page.`;
}
