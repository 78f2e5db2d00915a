// Entry of a page exported as one file: unpacks the files in the page, then mounts its views.
import { type Bundle, Deck } from "./deck/deck";
import { addressOf, type Assets, type Inlined } from "./engine/assets";
import { fromBase85, interleaved } from "./page/packing";
import type { DeckData } from "./schema";
import css from "./standalone.css";
import { cached } from "./page/library";
import { h } from "./ui/dom";

/** How long the first view has for its first paint, in ms. */
const PAINTED = 100;
/** Placeholder for the server's address; nothing is fetched from it. */
const ROOT = "inlined:/";
const NO_IMAGES = "The test images are not in this page: the data set was not available when it was exported.";

/** The files of this page by address, each a script element of gzip as base 85, unpacked on demand. */
class Files implements Inlined {
  private readonly contents = new Map<string, Promise<ArrayBuffer>>();
  private opened: Promise<Assets> | undefined;

  bytes(url: string): Promise<ArrayBuffer> {
    const path = decodeURIComponent(url.slice(ROOT.length));
    return cached(this.contents, path, () => this.unpack(path));
  }

  /**
   * A script as an address that holds all of it: from a page on disk, WebKit's workers can import neither the page's
   * blobs nor addresses made of them.
   */
  async script(path: string): Promise<string> {
    const bytes = new Uint8Array(await this.bytes(ROOT + path));
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return `data:text/javascript;base64,${btoa(text)}`;
  }

  /** The runtime, most of the page: unpacked once the first images, which come without it, had time to be painted. */
  get assets(): Promise<Assets> {
    return (this.opened ??= new Promise((later) => setTimeout(later, PAINTED)).then(() => this.openAssets()));
  }

  private async openAssets(): Promise<Assets> {
    const [worker, ort, glue, wasm] = await Promise.all([
      this.bytes(`${ROOT}live/worker.js`),
      this.script("live/ort.wasm.min.mjs"),
      this.script("live/ort-wasm-simd-threaded.mjs"),
      this.bytes(`${ROOT}live/ort-wasm-simd-threaded.wasm`),
    ]);
    return { worker: addressOf(new Blob([worker], { type: "text/javascript" })), cpu: { ort, glue, wasm } };
  }

  /** The element of a file. This script runs while the files below it are still being read. */
  private async find(path: string): Promise<HTMLElement | null> {
    const look = () => document.querySelector<HTMLElement>(`script[data-file="${CSS.escape(path)}"]`);
    const element = look();
    if (document.readyState !== "loading" || element?.nextElementSibling) return element; // else it may be cut short
    await new Promise((read) => document.addEventListener("DOMContentLoaded", read, { once: true }));
    return look();
  }

  private async unpack(path: string): Promise<ArrayBuffer> {
    const element = await this.find(path);
    const same = element?.dataset["same"];
    if (same) return this.bytes(ROOT + encodeURIComponent(same));
    if (!element) throw new Error(path.includes("/originals/") ? NO_IMAGES : "This part was not exported with the page; open it in the Latent Explorer.");
    const packed = fromBase85(element.textContent ?? "");
    const stride = Number(element.dataset["stride"] ?? 1);
    element.textContent = ""; // free its memory
    const bytes = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    return stride > 1 ? interleaved(new Uint8Array(bytes), stride, Number(element.dataset["bytes"])) : bytes;
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
  for (const entry of entries) bundles.set(entry, files.script(`live/${entry}.js`).then((address) => import(address) as Promise<Bundle>));
  const deck = new Deck(page, (entry) => bundles.get(entry)!, ROOT);
  deck.update(data);
  page.removeAttribute("aria-busy");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => deck.refresh());
}

start().catch((error: Error) => {
  document.querySelector("main")!.replaceChildren(h("p", { className: "notice", role: "alert" }, error.message));
});
