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
  const traversal = item("", () => {
    const k = store.touched;
    animate(store, sweep(store.z, k, ...rangeOf(store.range, k, store.ranges), FRAMES), `${model.name}-z${k + 1}.gif`);
  });
  const code = () => JSON.stringify({ model: model.name, z: Array.from(store.z), testImage: store.source }, null, 2) + "\n";
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
      item("Walk from A to B · GIF", () => animate(store, path(store.a, store.b, FRAMES, store.pathKind), `${model.name}-walk.gif`)),
      item("Code · JSON", () => download(code(), `${model.name}-code.json`, "application/json")),
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
