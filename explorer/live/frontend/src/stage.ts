import { assetsBeside } from "./engine/assets";
import { Engine } from "./engine/engine";
import { toRgba } from "./engine/pixels";
import { timings } from "./engine/timing";
import { Library } from "./library";
import type { StageData, StageState, ViewName } from "./model";
import { Presenter } from "./present";
import large from "./present.css";
import { Session } from "./session";
import css from "./style.css";
import { h } from "./ui/dom";
import { ExploreView } from "./views/explore";
import { TraverseView } from "./views/traverse";
import type { View } from "./views/view";
import { WalkView } from "./views/walk";

const VIEWS = { explore: ExploreView, traverse: TraverseView, walk: WalkView };

/** How long at most the decoder waits for the page, in ms. */
const PATIENCE = 500;

const KEYS = "p or Esc leaves · n random code · t test image · 0 reset · 1 to 9 take a slider, then ← → move it";

/** One stage in one root element: a model, its session, and the view that is shown. */
export class Stage {
  private readonly frame = h("div", { className: "frame" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly element = h("div", { className: "stage" }, h("style", {}, css + large), this.message, this.frame);
  private readonly presenter: Presenter | null;
  private session: Session | null = null;
  private view: View | null = null;
  private showing = "";
  private data: StageData | null = null;

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    private readonly appRoot: string,
    private readonly report: (state: StageState) => void,
    /** In a deck, which has the screen and the keys. */
    presenting = false,
    private readonly bundle = import.meta.url,
  ) {
    timings();
    this.presenter = Presenter.of(this.element, KEYS, presenting);
    this.moveTo(root);
  }

  /** Be shown in another element, as it is. */
  moveTo(root: ParentNode): void {
    root.replaceChildren(this.element);
  }

  update(data: StageData): void {
    const same = this.data?.model.base === data.model.base;
    const echoed = same && JSON.stringify(this.data?.state) === JSON.stringify(data.state);
    this.data = data;
    if (!same) this.open(data);
    else this.session?.offer(data.model.projections);
    if (same && !echoed && data.state) this.session?.adopt(data.state);
    this.show(data.view);
    if (!same && data.first) this.begin(data.first);
    // Streamlit calls again when the theme changes; its colours are in place by the next frame
    requestAnimationFrame(() => this.session?.emit("theme"));
  }

  dispose(): void {
    this.presenter?.dispose();
    this.view?.dispose();
    this.session?.dispose();
    this.element.remove();
  }

  private notice(sentence: string): void {
    this.message.textContent = sentence;
  }

  private open({ model, state, first }: StageData): void {
    this.view?.dispose();
    this.session?.dispose();
    this.view = null;
    this.showing = "";
    this.notice("");
    const base = new URL(model.base, this.appRoot).href;
    const notice = (sentence: string) => this.notice(sentence);
    const engine = new Engine(model, base, assetsBeside(this.bundle), notice);
    const session = new Session(model, engine, new Library(model, base), state ?? {}, this.report, notice);
    this.session = session;
    this.element.setAttribute("aria-busy", "true");
    const free = first ? this.free() : Promise.resolve();
    free.then(() => engine.open()).then(
      () => {
        if (session !== this.session) return;
        this.element.removeAttribute("aria-busy");
        session.refresh();
        session.library.codes().then(
          (codes) => {
            if (session !== this.session) return;
            engine.setCodes(codes); // before anybody asks how far away they are
            session.setCodes(codes);
          },
          (error: Error) => notice(error.message),
        );
      },
      (error: Error) => {
        this.element.removeAttribute("aria-busy");
        notice(error.message);
      },
    );
  }

  /** With a first image on show the decoder can wait until the page is drawn, unless somebody moves it. */
  private free(): Promise<void> {
    return new Promise((resolve) => {
      const idle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, PATIENCE / 2));
      idle(() => resolve(), { timeout: PATIENCE });
    });
  }

  private begin(first: string): void {
    const values = Uint8Array.from(atob(first), (letter) => letter.charCodeAt(0));
    this.session?.begin(toRgba(values, 1, this.data!.model.imageShape, 1));
    timings().first ||= performance.now();
  }

  private show(view: ViewName): void {
    if (view === this.showing || !this.session) return;
    this.view?.dispose();
    this.view = new VIEWS[view](this.session);
    this.showing = view;
    this.frame.replaceChildren(this.view.root);
  }
}
