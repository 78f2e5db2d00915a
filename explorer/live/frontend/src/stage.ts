import { toRgba } from "./engine/pixels";
import { timings } from "./engine/timing";
import { WithInside } from "./explore/inside-panel";
import { ExploreStore } from "./explore/store";
import { ExploreView, sliders, ToolView } from "./explore/views";
import { WalkPanel } from "./explore/walk-panel";
import type { DirectionAct, StageData, StageState, ViewName } from "./schema";
import { LiveModel } from "./page/live-model";
import { numberKeys } from "./page/number-keys";
import { Page } from "./page/page";
import { Presenter } from "./page/present";
import directions from "./directions/directions.css";
import exchange from "./exchange/exchange.css";
import input from "./input/input.css";
import inside from "./inside/inside.css";
import large from "./page/present.css";
import type { View } from "./page/view";

const VIEWS: Record<ViewName, (store: ExploreStore) => View> = {
  explore: (store) => new ExploreView(store),
  traverse: (store) => new ToolView(store, sliders(store)),
  walk: (store) => new ToolView(store, new WalkPanel(store)),
};

/** Longest wait of the decoder for an idle page, in ms. */
const PATIENCE = 500;

const keysOf = ({ model: { code }, view }: StageData): string =>
  `p or Esc: exit · ${code ? "n: random words · t: test image" : "n: random code · t: test image · 0: reset"} · ${numberKeys(code, view === "explore")}`;

/** One model in one root element: its state and the current view. */
export class Stage extends Page<StageData> {
  private store: ExploreStore | null = null;
  private viewName: ViewName | null = null;
  /** Asks Python to act; there once Streamlit's component is. */
  act: ((act: DirectionAct) => void) | null = null;

  constructor(
    root: ParentNode,
    appRoot: string,
    private readonly report: (state: StageState) => void,
    inDeck = false,
  ) {
    super(root, appRoot, "", large + input + inside + directions + exchange, (element) => Presenter.of(element, "", inDeck));
  }

  /** Move into another element, keeping its state. */
  moveTo(root: ParentNode): void {
    root.replaceChildren(this.element);
    this.presenter?.moved();
  }

  protected subject(data: StageData): string {
    return data.model.base;
  }

  protected open({ model, state, first }: StageData): void {
    const live = new LiveModel(model, this.appRoot, this.notice);
    const store = this.own(new ExploreStore(live, state ?? {}, this.report));
    this.store = store;
    this.viewName = null;
    this.element.setAttribute("aria-busy", "true");
    this.start(store, live, first ? idle() : Promise.resolve()).catch(store.fail);
  }

  private async start(store: ExploreStore, live: LiveModel, drawn: Promise<void>): Promise<void> {
    await drawn;
    await live.engine.open().finally(() => store === this.store && this.element.removeAttribute("aria-busy"));
    if (store !== this.store) return;
    store.refresh();
    const codes = await live.library.codes();
    if (store !== this.store) return;
    live.engine.setCodes(codes); // views measure distances once the store has the codes
    store.setCodes(codes);
  }

  protected override refresh(data: StageData, before: StageData | null): void {
    const { model, view, state, first, saved, writes } = data;
    const { store } = this;
    this.explain(keysOf(data));
    if (!store) return;
    store.shelf.tell = writes ? (act) => this.act?.(act) : null;
    store.shelf.offer(saved ?? []);
    if (before) store.offer(model.projections);
    if (before && state && JSON.stringify(before.state) !== JSON.stringify(state)) store.adopt(state);
    if (view !== this.viewName) this.show(new WithInside(store, VIEWS[view](store)));
    this.viewName = view;
    if (before || !first) return;
    const values = Uint8Array.from(atob(first), (letter) => letter.charCodeAt(0));
    store.showFirst(toRgba(values, 1, model.imageShape, 1));
    timings().first ||= performance.now();
  }
}

/** Resolves once the page is drawn: with the first image visible, the decoder can wait. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    const whenIdle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, PATIENCE / 2));
    whenIdle(() => resolve(), { timeout: PATIENCE });
  });
}
