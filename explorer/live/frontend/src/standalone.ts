// Entry of a page exported as one file: unpacks the files in the page, then mounts its views.
import { type Bundle, Deck } from "./deck/deck";
import { addressOf, type Assets, type Inlined } from "./engine/assets";
import type { DeckData } from "./schema";
import css from "./standalone.css";
import { cached } from "./page/library";
import { h } from "./ui/dom";

/** Placeholder for the server's address; nothing is fetched from it. */
const ROOT = "inlined:/";
const NO_IMAGES = "The test images are not in this page: the data set was not available when it was exported.";

/** The files of this page by address, each a script element of gzip as base64, unpacked on demand. */
class Files implements Inlined {
  private readonly elements = new Map<string, Element>();
  private readonly contents = new Map<string, Promise<ArrayBuffer>>();
  assets!: Assets;

  constructor() {
    for (const element of document.querySelectorAll("script[data-file]")) this.elements.set((element as HTMLElement).dataset["file"]!, element);
  }

  bytes(url: string): Promise<ArrayBuffer> {
    const path = decodeURIComponent(url.slice(ROOT.length));
    return cached(this.contents, path, () => this.unpack(path));
  }

  async script(path: string): Promise<Blob> {
    return new Blob([await this.bytes(ROOT + path)], { type: "text/javascript" });
  }

  async openAssets(): Promise<void> {
    const [worker, ort, glue, wasm] = await Promise.all([
      this.script("live/worker.js"),
      this.script("live/ort.wasm.min.mjs"),
      this.script("live/ort-wasm-simd-threaded.mjs"),
      this.bytes(`${ROOT}live/ort-wasm-simd-threaded.wasm`),
    ]);
    this.assets = { worker: addressOf(worker), cpu: { ort, glue, wasm } };
  }

  private async unpack(path: string): Promise<ArrayBuffer> {
    const element = this.elements.get(path);
    if (!element) throw new Error(path.includes("/originals/") ? NO_IMAGES : "This part was not exported with the page; open it in the Latent Explorer.");
    const text = atob(element.textContent ?? "");
    element.remove(); // free its memory
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }
}

async function start(): Promise<void> {
  const page = document.querySelector("main")!;
  document.head.append(h("style", {}, css));
  if (typeof DecompressionStream === "undefined" || typeof WebAssembly === "undefined")
    throw new Error("This browser is too old for this page; open it in a current Chrome, Edge, Firefox or Safari.");
  const files = new Files();
  globalThis.inlinedFiles = files;
  const data = JSON.parse(document.getElementById("scenes")!.textContent!) as DeckData;
  const entries = [...new Set(data.scenes.map((scene) => scene.entry))];
  const bundles = new Map<string, Promise<Bundle>>();
  await Promise.all([
    files.openAssets(),
    ...entries.map(async (entry) => bundles.set(entry, import(addressOf(await files.script(`live/${entry}.js`))) as Promise<Bundle>)),
  ]);
  const deck = new Deck(page, (entry) => bundles.get(entry)!, ROOT);
  deck.update(data);
  page.removeAttribute("aria-busy");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => deck.refresh());
}

start().catch((error: Error) => {
  document.querySelector("main")!.replaceChildren(h("p", { className: "notice", role: "alert" }, error.message));
});
