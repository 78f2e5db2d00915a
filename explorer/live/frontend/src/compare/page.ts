import { timings } from "../engine/timing";
import common from "../style.css";
import { h } from "../ui/dom";
import { Board } from "./board";
import { ColumnsView } from "./columns-view";
import own from "./compare.css";
import { Hand } from "./hand";
import type { CompareData, CompareState, Tab } from "./types";

interface View {
  root: HTMLElement;
  dispose(): void;
}

/** The whole page in one root element: the hand, and the view of the models that is shown. */
export class Compare {
  private readonly frame = h("div", { className: "frame" });
  private readonly above = h("div", {});
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly element = h("div", { className: "stage compare" }, h("style", {}, common + own), this.message, this.above, this.frame);
  private board: Board | null = null;
  private hand: Hand | null = null;
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
    this.above.replaceChildren(this.hand.root);
    board.on("tab", () => this.show(board));
    this.show(board);
    board.open();
  }

  private show(board: Board): void {
    if (board.tab === this.shown) return;
    this.shown = board.tab;
    this.view?.dispose();
    this.view = new ColumnsView(board);
    this.frame.replaceChildren(this.view.root);
    board.emit("theme");
  }

  private close(): void {
    this.view?.dispose();
    this.hand?.dispose();
    this.board?.dispose();
    this.shown = null;
  }

  dispose(): void {
    this.close();
    this.element.remove();
  }
}
