import { timings } from "../engine/timing";
import common from "../style.css";
import { h } from "../ui/dom";
import { applySmoothness } from "../ui/smooth";
import type { Presenter } from "./present";
import type { Disposable, View } from "./view";

/** A page in one root element: its style, a line for notices, the current view and its presenter. */
export abstract class Page<D> {
  protected readonly frame = h("div", { className: "frame" });
  protected readonly element: HTMLElement;
  private readonly message = h("p", { className: "notice", role: "status" });
  protected readonly presenter: Presenter | null;
  private readonly parts: Disposable[] = [];
  private view: View | null = null;
  protected data: D | null = null;

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    protected readonly appRoot: string,
    /** Class of the page's element, and its style in addition to the common one. */
    name: string,
    css: string,
    /** Creates the presenter of the element, if it has one. */
    presenterOf: (element: HTMLElement) => Presenter | null = () => null,
  ) {
    timings();
    this.element = h("div", { className: `stage ${name}`.trim() }, h("style", {}, common + css), this.message, this.frame);
    applySmoothness(this.element);
    this.presenter = presenterOf(this.element);
    root.replaceChildren(this.element);
  }

  /** Key of the page's subject; a different one opens the page anew. */
  protected abstract subject(data: D): string;
  protected abstract open(data: D): void;
  /** Show new data; `before` is the previous data, null if the page has just been opened. */
  protected refresh(_data: D, _before: D | null): void {}
  protected theme(): void {
    this.view?.theme();
  }

  /** Say what the keys of a presentation do. */
  protected explain(keys: string): void {
    if (this.presenter) this.presenter.help.textContent = keys;
  }

  readonly notice = (sentence: string): void => void (this.message.textContent = sentence);

  update(data: D): void {
    const before = this.data && this.subject(this.data) === this.subject(data) ? this.data : null;
    this.data = data;
    if (!before) {
      this.close();
      this.notice("");
      this.open(data);
    }
    this.refresh(data, before);
    // Streamlit also calls this when the theme changes; its colours are in place by the next frame
    requestAnimationFrame(() => this.theme());
  }

  dispose(): void {
    this.presenter?.dispose();
    this.close();
    this.element.remove();
  }

  /** Replace the current view. */
  protected show<V extends View>(view: V): V {
    this.view?.dispose();
    this.view = view;
    this.frame.replaceChildren(view.root);
    view.theme();
    return view;
  }

  /** Dispose of a part when another subject is opened. */
  protected own<T extends Disposable>(part: T): T {
    this.parts.push(part);
    return part;
  }

  private close(): void {
    this.view?.dispose();
    this.view = null;
    for (const part of this.parts.splice(0).reverse()) part.dispose();
  }
}
