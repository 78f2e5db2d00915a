import type { ActingComponent } from "../page/mount";
import { Presenter } from "../page/present";
import type { DeckData, DeckScene } from "../schema";
import common from "../style.css";
import { button, h } from "../ui/dom";
import own from "./deck.css";

export interface Bundle {
  default(component: ActingComponent<unknown>, appRoot: string): () => void;
}

/** A mounted view, current or preloaded. */
interface Slot {
  element: HTMLElement;
  component: ActingComponent<unknown>;
  bundle: Bundle | null;
  opened: boolean;
  stop: () => void;
}

/** How long a scene may take until the next one is prepared all the same, in ms. */
const PATIENCE = 2000;
/** How long controls stay on the stage after they were touched, in ms. */
const REST = 3000;
const KEYS = "p: full screen · → ←: step · 1–9: take a slider";

/**
 * Scenes one after another, each a live view. The scenes before and after the current one are mounted out of sight, so
 * that a step takes no time. A single scene is a page: it scrolls and has its own full-screen button.
 */
export class Deck {
  private readonly slides = h("div", { className: "slides" });
  private readonly caption = h("p", { className: "caption", "aria-live": "polite" });
  private readonly place = h("output", { className: "figure place" });
  private readonly progress = h("i", { className: "progress" });
  private readonly back = button("←", () => this.go(this.at - 1), "previous scene");
  private readonly next = button("→", () => this.go(this.at + 1), "next scene");
  private readonly dots = h("nav", { className: "dots", "aria-label": "scenes" });
  private readonly element = h("div", { className: "deck stage" }, h("style", {}, common + own));
  private readonly slots = new Map<string, Slot>();
  /** Scenes that wait until the one before them is on show. */
  private waiting: DeckScene[] = [];
  private preparing = 0;
  private presenter: Presenter | null = null;
  private data: DeckData = { title: "", scenes: [] };
  private at = 0;
  private resting = 0;

  constructor(
    root: ParentNode,
    private readonly load: (entry: string) => Promise<Bundle>,
    private readonly appRoot: string,
  ) {
    this.element.addEventListener("pointerup", (event) => this.release(event));
    for (const kind of ["pointermove", "pointerdown", "focusin"]) this.element.addEventListener(kind, () => this.touch());
    root.replaceChildren(this.element);
  }

  get single(): boolean {
    return this.data.scenes.length === 1;
  }

  update(data: DeckData): void {
    this.data = data;
    this.at = Math.max(0, Math.min(this.at, data.scenes.length - 1));
    this.element.classList.toggle("single", this.single);
    this.arrange();
    this.show();
    this.refresh();
  }

  /** The colours of the page have changed. */
  refresh(): void {
    for (const slot of this.slots.values()) this.mount(slot);
  }

  private go(to: number): void {
    if (to < 0 || to >= this.data.scenes.length || to === this.at) return;
    this.at = to;
    this.show();
  }

  private arrange(): void {
    if (this.single) {
      this.presenter?.dispose();
      this.presenter = null;
      return void this.element.replaceChildren(this.element.firstChild!, h("header", {}, h("h1", {}, this.data.title), this.caption), this.slides);
    }
    this.presenter ??= new Presenter(this.element, KEYS, (event) => this.key(event), true);
    this.dots.replaceChildren(
      ...this.data.scenes.map((scene, i) => {
        const dot = button("", () => this.go(i), scene.caption);
        dot.setAttribute("aria-label", `scene ${i + 1}`);
        return dot;
      }),
    );
    const footer = h("footer", {}, this.progress, this.back, this.dots, this.next, this.presenter.help, this.presenter.button, this.place);
    this.element.replaceChildren(this.element.firstChild!, this.caption, this.slides, footer);
  }

  private show(): void {
    const { scenes } = this.data;
    if (!scenes.length) return;
    this.caption.textContent = scenes[this.at].caption;
    this.place.value = `${this.at + 1} / ${scenes.length}`;
    this.progress.style.setProperty("--done", String((this.at + 1) / scenes.length));
    this.back.disabled = this.at === 0;
    this.next.disabled = this.at === scenes.length - 1;
    [...this.dots.children].forEach((dot, i) => (i === this.at ? dot.setAttribute("aria-current", "step") : dot.removeAttribute("aria-current")));
    const near = [0, 1, -1, 2].map((step) => this.at + step).filter((i) => scenes[i]);
    const keys = new Set(near.map((i) => keyOf(scenes[i])));
    for (const [key, slot] of this.slots) if (!keys.has(key)) this.drop(key, slot);
    const current = keyOf(scenes[this.at]);
    const [first, ...others] = near.map((i) => scenes[i]);
    this.waiting = others;
    this.slotOf(first);
    this.prepare(this.slots.get(current)!.opened ? 0 : PATIENCE);
    for (const [key, slot] of this.slots) slot.element.inert = key !== current;
  }

  private slotOf(scene: DeckScene): Slot {
    const key = keyOf(scene);
    const existing = this.slots.get(key);
    if (existing) return existing;
    const element = h("section", { className: "slide" });
    const nothing = () => undefined;
    const component: ActingComponent<unknown> = { data: scene.data, parentElement: element, setStateValue: nothing, setTriggerValue: nothing, presenting: !this.single };
    const slot: Slot = { element, component, bundle: null, opened: false, stop: nothing };
    component.opened = () => {
      slot.opened = true;
      this.prepare(0);
    };
    this.slots.set(key, slot);
    this.slides.append(element);
    this.load(scene.entry).then(
      (bundle) => {
        slot.bundle = bundle;
        if (this.slots.get(key) === slot) this.mount(slot);
      },
      () => (element.textContent = "This scene could not be loaded; reload the page."),
    );
    return slot;
  }

  /** Mount the next scene that waits, after some milliseconds at most: two at a time would delay the first. */
  private prepare(patience: number): void {
    clearTimeout(this.preparing);
    if (!this.waiting.length) return;
    this.preparing = window.setTimeout(() => {
      const scene = this.waiting.shift();
      if (!scene) return;
      const { opened, element } = this.slotOf(scene);
      element.inert = keyOf(scene) !== keyOf(this.data.scenes[this.at]);
      this.prepare(opened ? 0 : PATIENCE);
    }, patience);
  }

  private mount(slot: Slot): void {
    if (slot.bundle) slot.stop = slot.bundle.default(slot.component, this.appRoot);
  }

  private drop(key: string, slot: Slot): void {
    this.slots.delete(key);
    slot.stop();
    slot.element.remove();
  }

  /** Show the controls, until nothing has been touched for a while. */
  private touch(): void {
    this.element.classList.add("touched");
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.element.classList.remove("touched"), REST);
  }

  /** Give the arrow keys back to the deck after a slider was dragged. */
  private release(event: Event): void {
    const target = event.composedPath()[0] as HTMLElement;
    if (!this.single && target.matches("input[type=range], button")) target.blur();
  }

  /** Handle a key of the deck; true if it is one. */
  private key(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0] as Element;
    const usesArrows = target.matches("input, select, textarea, canvas, [tabindex]:not(.deck)");
    const steps: Record<string, number> = { PageDown: 1, PageUp: -1, ...(usesArrows ? {} : { ArrowRight: 1, ArrowLeft: -1 }) };
    const step = steps[event.key];
    if (step === undefined) return false;
    this.go(this.at + step);
    this.element.focus({ preventScroll: true });
    return true;
  }

  dispose(): void {
    clearTimeout(this.resting);
    clearTimeout(this.preparing);
    this.presenter?.dispose();
    for (const [key, slot] of this.slots) this.drop(key, slot);
    this.element.remove();
  }
}

const keyOf = (scene: DeckScene): string => JSON.stringify([scene.entry, scene.data]);
