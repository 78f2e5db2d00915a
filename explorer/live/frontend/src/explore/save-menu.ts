import { dimensionName, rangeOf } from "../latent/dimensions";
import { path, sweep } from "../latent/vectors";
import { h } from "../ui/dom";
import { download, downloadCanvas } from "../save/download";
import { backAndForth, gif } from "../save/gif";
import { snapshot, vectorSnapshot } from "../save/snapshot";
import type { ExploreStore } from "./store";

const FRAMES = 33;
const DELAY = 60; // ms per frame

/** Saves pictures, animations and the code itself, all made in the browser. */
export function saveMenu(store: ExploreStore, picture: () => HTMLCanvasElement): HTMLElement {
  const { model } = store;
  const item = (label: string, action: () => void) => {
    const element = h("button", { type: "button", role: "menuitem" }, label);
    element.addEventListener("click", () => {
      root.open = false;
      action();
    });
    return element;
  };
  const traversal = item("", () => saveTraversal(store));
  const root = h(
    "details",
    { className: "menu" },
    h("summary", { role: "button" }, "Save"),
    h(
      "div",
      { role: "menu" },
      item("Image · PNG", () => downloadCanvas(enlarged(picture()), `${model.name}-image.png`)),
      item("This view · PNG", () => downloadCanvas(snapshot(root.closest<HTMLElement>(".frame")!), `${model.name}-view.png`)),
      item("This view · SVG", () => download(vectorSnapshot(root.closest<HTMLElement>(".frame")!), `${model.name}-view.svg`, "image/svg+xml")),
      traversal,
      item("Walk from A to B · GIF", () => saveWalk(store)),
      item("Code · JSON", () => download(codeJson(store), `${model.name}-code.json`, "application/json")),
    ),
  );
  root.addEventListener("toggle", () => (traversal.textContent = `Traversal of ${dimensionName(store.touched)} · GIF`));
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) root.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    root.open = false;
    root.querySelector("summary")?.focus();
  });
  return root;
}

/** z, its model and its test image, for use elsewhere. */
export function codeJson(store: ExploreStore): string {
  const { model, z, source } = store;
  return JSON.stringify({ model: model.name, z: Array.from(z), testImage: source }, null, 2) + "\n";
}

function saveTraversal(store: ExploreStore): void {
  const k = store.touched;
  const [low, high] = rangeOf(store.range, k, store.ranges);
  animate(store, sweep(store.z, k, low, high, FRAMES), `${store.model.name}-z${k + 1}.gif`);
}

function saveWalk(store: ExploreStore): void {
  animate(store, path(store.a, store.b, FRAMES, store.pathKind), `${store.model.name}-walk.gif`);
}

function animate({ engine, model }: ExploreStore, z: Float32Array, name: string): void {
  const [, height, width] = model.imageShape;
  const size = height * width * 4;
  const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
    const order = backAndForth(FRAMES);
    const looped = new Uint8ClampedArray(order.length * size);
    order.forEach((frame, i) => looped.set(rgba.subarray(frame * size, (frame + 1) * size), i * size));
    download(gif(looped, order.length, model.imageShape, DELAY), name, "image/gif");
  };
  engine.decodeMany([{ channel: `save/${name}`, z, count: FRAMES, done }]);
}

function enlarged(source: HTMLCanvasElement, side = 512): HTMLCanvasElement {
  const scale = Math.max(1, Math.round(side / Math.max(source.width, source.height)));
  const out = document.createElement("canvas");
  [out.width, out.height] = [source.width * scale, source.height * scale];
  const context = out.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.drawImage(source, 0, 0, out.width, out.height);
  return out;
}
