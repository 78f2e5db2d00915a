import type { DeckScene } from "../schema";
import { h } from "../ui/dom";
import { copyOf } from "./thumbnail";

export interface Changes {
  go(to: number): void;
  move(from: number, to: number): void;
  remove(at: number): void;
}

/** All scenes with their pictures: a click or the arrow keys go to one; with Alt, or by dragging, a scene moves. */
export class SlideList {
  readonly root = h("ol", { className: "slide-list", "aria-label": "scenes" });
  private dragged = -1;
  private count = 0;

  constructor(private readonly changes: Changes, private readonly pictureOf: (scene: DeckScene) => HTMLCanvasElement | undefined) {
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  show(scenes: readonly DeckScene[], at: number, own: boolean): void {
    const focused = this.root.contains((this.root.getRootNode() as Document | ShadowRoot).activeElement);
    this.count = scenes.length;
    this.root.replaceChildren(...scenes.map((scene, i) => this.item(scene, i, at, own)));
    if (focused) this.focus(at);
  }

  private item(scene: DeckScene, i: number, at: number, own: boolean): HTMLElement {
    const picture = this.pictureOf(scene);
    const about = own ? "arrow keys go, Alt + arrow keys move it, Delete removes it; or drag it" : "arrow keys go to a scene";
    const item = h(
      "li",
      { tabIndex: i === at ? 0 : -1, draggable: own, title: about, dataset: { at: String(i) } },
      h("span", { className: "figure" }, String(i + 1)),
      picture ? copyOf(picture) : h("i", { className: "blank" }),
      h("span", { className: "words" }, scene.caption || "no caption"),
    );
    if (i === at) item.setAttribute("aria-current", "step");
    item.addEventListener("click", () => this.changes.go(i));
    item.addEventListener("dragstart", (event) => {
      this.dragged = i;
      event.dataTransfer?.setData("text/plain", String(i + 1));
    });
    item.addEventListener("dragover", (event) => {
      if (this.dragged < 0) return;
      event.preventDefault();
      item.classList.toggle("before", i < this.dragged);
      item.classList.toggle("after", i > this.dragged);
    });
    item.addEventListener("dragleave", () => item.classList.remove("before", "after"));
    item.addEventListener("dragend", () => (this.dragged = -1));
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      item.classList.remove("before", "after");
      if (this.dragged >= 0 && this.dragged !== i) this.changes.move(this.dragged, i);
      this.dragged = -1;
    });
    return item;
  }

  private focus(at: number): void {
    (this.root.children[at] as HTMLElement | undefined)?.focus();
  }

  private key(event: KeyboardEvent): void {
    const at = Number((event.target as HTMLElement).dataset["at"] ?? NaN);
    const own = (event.target as HTMLElement).draggable;
    if (Number.isNaN(at)) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -at, End: this.count - 1 - at }[event.key];
    const to = at + (step ?? 0);
    if (step !== undefined && to >= 0 && to < this.count && event.altKey && own) this.changes.move(at, to);
    else if (step !== undefined && !event.altKey) this.changes.go(to);
    else if (event.key === "Delete" && own) this.changes.remove(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
