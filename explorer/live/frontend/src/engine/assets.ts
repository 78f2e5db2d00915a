/** Where the engine's files are: addresses of the app's own routes, or blob: addresses in a standalone page. */
export interface Assets {
  worker: string;
  ort: string;
  glue: string;
  wasm: string;
  gpuOrt: string;
  gpuGlue: string;
  gpuWasm: string;
}

/** Assets that lie beside the bundle. */
export function assetsBeside(bundle: string): Assets {
  const at = (file: string) => new URL(file, bundle).href;
  return {
    worker: at("worker.js"),
    ort: at("ort.wasm.min.mjs"),
    glue: at("ort-wasm-simd-threaded.mjs"),
    wasm: at("ort-wasm-simd-threaded.wasm"),
    gpuOrt: at("ort.jspi.min.mjs"),
    gpuGlue: at("ort-wasm-simd-threaded.jspi.mjs"),
    gpuWasm: at("ort-wasm-simd-threaded.jspi.wasm"),
  };
}

/** The bytes at an address; throws the server's own sentence where it gives one. */
export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error("The server does not answer; check the connection and reload the page.");
  }
  if (!response.ok) throw new Error(await sentenceOf(response));
  return response.arrayBuffer();
}

export async function sentenceOf(response: Response): Promise<string> {
  const text = (await response.text().catch(() => "")).trim();
  const plain = response.headers.get("content-type")?.startsWith("text/plain");
  return plain && text && text.length < 400 ? text : `The server answered ${response.status}; reload the page.`;
}
