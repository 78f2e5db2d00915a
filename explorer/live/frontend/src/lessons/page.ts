import { assetsBeside } from "../engine/assets";
import { Engine } from "../engine/engine";
import { timings } from "../engine/timing";
import { Library } from "../library";
import type { Model } from "../model";
import { Presenter } from "../present";
import large from "../present.css";
import common from "../style.css";
import { h } from "../ui/dom";
import { Draws } from "./draws";
import own from "./lessons.css";
import { Rotate } from "./rotate";
import { Tug, type TugState } from "./tug";

/** A small figure that explains one thing. */
export interface Lesson {
  readonly root: HTMLElement;
  theme(): void;
  dispose(): void;
}

export interface LessonData {
  kind: "tug" | "draws" | "rotate";
  /** Of what is shown with a model's images. */
  model?: Model;
  state?: TugState;
}

const KEYS = "p or Esc leaves · 1 to 9 take a slider, then ← → move it · n draws again · g lets go";

/** One lesson in one root element. */
export class Lessons {
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly frame = h("div", { className: "frame" });
  private readonly element = h("div", { className: "stage lessons" }, h("style", {}, common + own + large), this.message, this.frame);
  private readonly presenter: Presenter | null;
  private lesson: Lesson | null = null;
  private engine: Engine | null = null;
  private library: Library | null = null;
  private shown = "";

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    private readonly appRoot: string,
    presenting = false,
    private readonly bundle = import.meta.url,
  ) {
    timings();
    this.presenter = Presenter.of(this.element, KEYS, presenting);
    root.replaceChildren(this.element);
  }

  update(data: LessonData): void {
    const now = JSON.stringify(data);
    if (now !== this.shown) this.open(data);
    this.shown = now;
    requestAnimationFrame(() => this.lesson?.theme());
  }

  private open(data: LessonData): void {
    this.close();
    this.lesson = data.kind === "tug" ? new Tug(data.state ?? {}) : this.withModel(data);
    if (this.lesson) this.frame.replaceChildren(this.lesson.root);
  }

  private withModel({ kind, model }: LessonData): Lesson | null {
    if (!model) return null;
    const notice = (sentence: string) => (this.message.textContent = sentence);
    const base = new URL(model.base, this.appRoot).href;
    const engine = new Engine(model, base, assetsBeside(this.bundle), notice);
    this.engine = engine;
    const library = (this.library = new Library(model, base));
    const lesson = kind === "draws" ? new Draws(model, engine, library) : new Rotate(model, engine);
    engine.open().then(() => lesson.open(), (error: Error) => notice(error.message)).catch((error: Error) => notice(error.message));
    return lesson;
  }

  private close(): void {
    this.lesson?.dispose();
    this.engine?.dispose();
    this.library?.dispose();
    this.lesson = this.engine = this.library = null;
  }

  dispose(): void {
    this.presenter?.dispose();
    this.close();
    this.element.remove();
  }
}
