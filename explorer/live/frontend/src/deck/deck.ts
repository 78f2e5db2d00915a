import type { ActingComponent } from "../page/mount";
import { keyed, Presenter } from "../page/present";
import type { DeckData, DeckScene, SceneSource } from "../schema";
import common from "../style.css";
import { button, h } from "../ui/dom";
import own from "./deck.css";
import { keepScenes, keptScenes } from "./kept";
import { keysOf } from "./keys";
import { NotesWindow } from "./notes-window";
import { SlideList } from "./slide-list";
import { isBlank, thumbnail } from "./thumbnail";
import { Words } from "./words";

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

/** From a scene's first image to its picture in the list, in ms. */
const REST_OF_SCENE = 700;
/** How long a scene may take until the next one is prepared all the same, in ms. */
const PATIENCE = 2000;
/** How long no scene may be prepared until one that is further away is, for its picture, in ms. */
const QUIET = 4000;
/** How often a picture with nothing on it yet is taken again. */
const TRIES = 5;
/** How long controls stay on the stage after they were touched, in ms. */
const REST = 3000;

/**
 * Scenes one after another, each a live view. The scenes before and after the current one are mounted out of sight, so
 * that a step takes no time. A single scene is a page: it scrolls and has its own full-screen button.
 */
export class Deck {
  private readonly slides = h("div", { className: "slides" });
  private readonly words = new Words((words) => this.edit(this.data.scenes.map((scene, i) => (i === this.at ? { ...scene, ...words } : scene))));
  private readonly list = new SlideList(
    {
      go: (to) => this.go(to),
      move: (from, to) => this.move(from, to),
      remove: (at) => this.edit(this.data.scenes.filter((_, i) => i !== at)),
    },
    (scene) => this.pictures.get(keyOf(scene)),
  );
  private readonly pictures = new Map<string, HTMLCanvasElement>();
  private readonly notes = new NotesWindow((event) => void this.key(event));
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
  private restored = false;

  constructor(
    root: ParentNode,
    private readonly load: (entry: string) => Promise<Bundle>,
    private readonly appRoot: string,
    /** Takes edited scenes, and once those that this browser keeps; without it the deck cannot be edited. */
    private readonly tell: ((name: "edit" | "restore", scenes: SceneSource[]) => void) | null = null,
  ) {
    this.element.addEventListener("pointerup", (event) => this.release(event));
    // the deck itself takes the focus at every step by key
    for (const kind of ["pointermove", "pointerdown", "focusin"]) this.element.addEventListener(kind, (event) => event.target !== this.element && this.touch());
    root.replaceChildren(this.element);
  }

  get single(): boolean {
    return this.data.scenes.length === 1 && !this.data.own;
  }

  update(data: DeckData): void {
    if (data.restores && !this.restored) {
      this.restored = true;
      this.tell?.("restore", keptScenes());
    }
    if (data.own) keepScenes(sourcesOf(data.scenes));
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
      return void this.element.replaceChildren(this.element.firstChild!, h("header", {}, h("h1", {}, this.data.title), this.words.caption), this.slides);
    }
    this.presenter ??= new Presenter(this.element, "", (event) => this.key(event), true);
    this.dots.replaceChildren(
      ...this.data.scenes.map((scene, i) => {
        const dot = button("", () => this.go(i), scene.caption);
        dot.setAttribute("aria-label", `scene ${i + 1}`);
        return dot;
      }),
    );
    const footer = h("footer", {}, this.progress, this.back, this.dots, this.next, this.presenter.help, this.presenter.button, this.place);
    const notes = button("Notes", () => this.notes.open(), "a second window with your notes and the next scene (key o)");
    keyed("o", notes);
    footer.insertBefore(notes, this.presenter.button);
    this.element.classList.toggle("own", Boolean(this.data.own));
    if (this.element.contains(this.list.root)) return this.element.lastElementChild!.replaceWith(footer);
    this.element.replaceChildren(this.element.firstChild!, this.list.root, this.words.caption, this.slides, this.words.fields, footer);
  }

  private show(): void {
    const { scenes } = this.data;
    if (!scenes.length) return;
    this.words.show(scenes[this.at]);
    if (this.presenter) this.presenter.help.textContent = keysOf(scenes[this.at]);
    this.outline();
    this.place.value = `${this.at + 1} / ${scenes.length}`;
    this.progress.style.setProperty("--done", String((this.at + 1) / scenes.length));
    this.back.disabled = this.at === 0;
    this.next.disabled = this.at === scenes.length - 1;
    [...this.dots.children].forEach((dot, i) => (i === this.at ? dot.setAttribute("aria-current", "step") : dot.removeAttribute("aria-current")));
    const near = this.near();
    const keys = new Set(near.map((i) => keyOf(scenes[i])));
    for (const [key, slot] of this.slots) if (!keys.has(key)) this.drop(key, slot);
    const current = keyOf(scenes[this.at]);
    const [first, ...others] = near.map((i) => scenes[i]);
    this.waiting = others;
    this.slotOf(first);
    this.prepare(this.slots.get(current)!.opened ? 0 : PATIENCE);
    for (const [key, slot] of this.slots) slot.element.inert = key !== current;
  }

  /** The scene on show, and those that a key or two lead to. */
  private near(): number[] {
    return [0, 1, -1, 2].map((step) => this.at + step).filter((i) => this.data.scenes[i]);
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
      this.picture(key, slot);
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

  /** The list of scenes and the speaker's window, as things stand. */
  private outline(): void {
    const { scenes, own } = this.data;
    if (this.single) return;
    this.list.show(scenes, this.at, Boolean(own));
    const next = scenes[this.at + 1];
    this.notes.show({ place: `${this.at + 1} / ${scenes.length}`, notes: scenes[this.at].notes ?? "", next: next?.caption ?? "", picture: next && this.pictures.get(keyOf(next)) });
  }

  private move(from: number, to: number): void {
    const scenes = [...this.data.scenes];
    scenes.splice(to, 0, ...scenes.splice(from, 1));
    this.at = to;
    this.edit(scenes);
  }

  /** Show edited scenes at once, keep them in this browser, and tell the server. */
  private edit(scenes: DeckScene[]): void {
    if (!this.data.own || !this.tell) return;
    keepScenes(sourcesOf(scenes));
    this.tell("edit", sourcesOf(scenes));
    this.data = { ...this.data, scenes };
    this.at = Math.max(0, Math.min(this.at, scenes.length - 1));
    if (!scenes.length) return;
    if (!this.single) this.arrange();
    this.show();
  }

  /** Take a scene's picture once it has come to rest. */
  private picture(key: string, slot: Slot, tries = TRIES): void {
    setTimeout(() => {
      if (this.slots.get(key) !== slot || this.single) return;
      const picture = thumbnail(slot.element, getComputedStyle(this.element).getPropertyValue("--ground"));
      if (isBlank(picture) && tries) return this.picture(key, slot, tries - 1);
      this.pictures.set(key, picture);
      this.outline();
      if (!this.near().some((i) => keyOf(this.data.scenes[i]) === key)) this.drop(key, slot);
      this.prepare(0);
    }, REST_OF_SCENE);
  }

  /** Mount the next scene that waits, after some milliseconds at most: two at a time would delay the first. */
  private prepare(patience: number): void {
    clearTimeout(this.preparing);
    if (!this.waiting.length) return void (this.preparing = window.setTimeout(() => this.illustrate(), QUIET));
    this.preparing = window.setTimeout(() => {
      const scene = this.waiting.shift();
      if (!scene) return;
      const { opened, element } = this.slotOf(scene);
      element.inert = keyOf(scene) !== keyOf(this.data.scenes[this.at]);
      this.prepare(opened ? 0 : PATIENCE);
    }, patience);
  }

  /** Mount a scene that the list has no picture of, out of sight, until its picture is taken; then the next one. */
  private illustrate(): void {
    if (this.single || !this.list.root.offsetWidth || this.slots.size > this.near().length) return;
    const scene = this.data.scenes.find((other) => !this.pictures.has(keyOf(other)) && !this.slots.has(keyOf(other)));
    if (scene) this.slotOf(scene).element.inert = true;
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

  /** Give the arrow keys back to the deck after a slider or a plot was dragged. */
  private release(event: Event): void {
    const target = event.composedPath()[0] as HTMLElement;
    if (!this.single && target.matches("input[type=range], button, canvas.plot")) target.blur();
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
    this.notes.dispose();
    this.presenter?.dispose();
    for (const [key, slot] of this.slots) this.drop(key, slot);
    this.element.remove();
  }
}

const sourcesOf = (scenes: readonly DeckScene[]): SceneSource[] => scenes.flatMap(({ source, caption, notes }) => (source ? [{ ...source, caption, notes: notes ?? "" }] : []));
const keyOf = (scene: DeckScene): string => JSON.stringify([scene.entry, scene.data]);
