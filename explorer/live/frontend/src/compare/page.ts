import { timings } from "../engine/timing";
import common from "../style.css";
import { Choice, h } from "../ui/dom";
import { Board } from "./board";
import { ColumnsView } from "./columns-view";
import own from "./compare.css";
import { FactorsView } from "./factors-view";
import { Hand } from "./hand";
import { LadderView } from "./ladder-view";
import { TurnPanel } from "./turn-panel";
import { TwoWayView } from "./two-way-view";
import type { CompareData, CompareState, Tab } from "./types";

interface View {
  root: HTMLElement;
  dispose(): void;
}

const VIEWS: Record<Tab, new (board: Board) => View> = { columns: ColumnsView, ladder: LadderView, factors: FactorsView, "two-way": TwoWayView };

/** The whole page in one root element: the hand, and the view of the models that is shown. */
export class Compare {
  private readonly frame = h("div", { className: "frame" });
  private readonly above = h("div", {});
  private readonly tabs = h("nav", { className: "tabs" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly element = h("div", { className: "stage compare" }, h("style", {}, common + own), this.message, this.above, this.tabs, this.frame);
  private board: Board | null = null;
  private hand: Hand | null = null;
  private turning: TurnPanel | null = null;
  private view: View | null = null;
  private shown: Tab | null = null;
  private data: CompareData | null = null;

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    private readonly appRoot: string,
    private readonly settled: (state: CompareState) => void,
    private readonly bundle = import.meta.url,
  ) {
    timings();
    root.replaceChildren(this.element);
  }

  update(data: CompareData): void {
    const bases = (of: CompareData | null) => of?.models.map((model) => model.base).join();
    const same = bases(this.data) === bases(data);
    this.data = data;
    if (!same) this.open(data);
    // Streamlit calls again when the theme changes; its colours are in place by the next frame
    requestAnimationFrame(() => this.board?.emit("theme"));
  }

  private open(data: CompareData): void {
    this.close();
    this.message.textContent = "";
    const board = new Board(data, this.appRoot, this.bundle, this.settled, (sentence) => (this.message.textContent = sentence));
    this.board = board;
    this.hand = new Hand(board);
    this.turning = data.models[0].latentSize > 1 ? new TurnPanel(board) : null;
    this.above.replaceChildren(this.hand.root, ...(this.turning ? [this.turning.root] : []));
    const choice = new Choice<Tab>("how the models are compared", board.tabs, board.tab, (tab) => board.setTab(tab));
    this.tabs.replaceChildren(choice.root);
    board.on("tab", () => this.show(board));
    this.show(board);
    board.open();
  }

  private show(board: Board): void {
    if (board.tab === this.shown) return;
    this.shown = board.tab;
    this.view?.dispose();
    this.view = new VIEWS[board.tab](board);
    this.frame.replaceChildren(this.view.root);
    board.emit("theme");
  }

  private close(): void {
    this.view?.dispose();
    this.hand?.dispose();
    this.turning?.dispose();
    this.board?.dispose();
    this.shown = null;
  }

  dispose(): void {
    this.close();
    this.element.remove();
  }
}
