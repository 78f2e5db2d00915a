import { timings } from "../engine/timing";
import { Presenter } from "../present";
import large from "../present.css";
import common from "../style.css";
import { Choice, h } from "../ui/dom";
import { Bench } from "./bench";
import { CodesView, type Part } from "./codes-view";
import { LineView } from "./line-view";
import { RebuiltView } from "./rebuilt-view";
import own from "./samples.css";
import type { SamplesData, SamplesState, Tab } from "./types";

const KEYS = "p or Esc leaves · n new codes · 1 to 9 take a slider, then ← → move it";

interface Outside {
  settled(state: SamplesState): void;
  judge(kinds: string[]): void;
}

/** The whole page in one root element: the bench of models, and the part of it that is shown. */
export class Samples {
  private readonly frame = h("div", { className: "frame" });
  private readonly tabs = h("nav", { className: "tabs" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly element = h("div", { className: "stage samples" }, h("style", {}, common + own + large), this.message, this.tabs, this.frame);
  private readonly presenter: Presenter | null;
  private bench: Bench | null = null;
  private part: Part | null = null;
  private shown: Tab | null = null;
  private data: SamplesData | null = null;
  private readonly keys = (event: KeyboardEvent) => this.key(event);

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    private readonly appRoot: string,
    private readonly outside: Outside,
    /** In a deck, which has the screen and the keys. */
    presenting = false,
    private readonly bundle = import.meta.url,
  ) {
    timings();
    this.presenter = Presenter.of(this.element, KEYS, presenting);
    root.replaceChildren(this.element);
    this.element.addEventListener("keydown", this.keys);
  }

  update(data: SamplesData): void {
    const bases = (of: SamplesData | null) => of?.models.map((model) => model.base).join();
    const same = bases(this.data) === bases(data);
    this.data = data;
    if (!same) this.open(data);
    this.part?.update(data);
    // Streamlit calls again when the theme changes; its colours are in place by the next frame
    requestAnimationFrame(() => this.bench?.emit("theme"));
  }

  private open({ models, state }: SamplesData): void {
    this.part?.dispose();
    this.bench?.dispose();
    this.part = this.shown = null;
    this.message.textContent = "";
    const bench = new Bench(models, state ?? {}, this.appRoot, this.bundle, this.outside.settled, (sentence) => (this.message.textContent = sentence));
    this.bench = bench;
    const offered: [Tab, string][] = [["codes", "Random codes"], ["rebuilt", "Reconstructions"]];
    if (models[0].latentSize === 1) offered.unshift(["line", "The line"]);
    const choice = new Choice<Tab>("what is compared", offered, bench.tab, (tab) => bench.setTab(tab));
    this.tabs.replaceChildren(choice.root);
    bench.on("choice", () => {
      choice.set(bench.tab);
      this.show(bench);
      this.part?.update(this.data!);
    });
    this.show(bench);
    bench.open();
  }

  private show(bench: Bench): void {
    if (bench.tab === this.shown) return;
    this.shown = bench.tab;
    this.part?.dispose();
    this.part = this.make(bench);
    this.frame.replaceChildren(this.part.root);
    bench.emit("theme");
  }

  private make(bench: Bench): Part {
    if (bench.tab === "line") return new LineView(bench);
    if (bench.tab === "rebuilt") return new RebuiltView(bench);
    return new CodesView(bench, () => this.outside.judge([...bench.sources]));
  }

  /** One key for new codes, wherever the focus is on this page, except where letters are typed. */
  private key(event: KeyboardEvent): void {
    const typing = (event.composedPath()[0] as HTMLElement).matches("input[type=number], select");
    if (event.key !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey || !this.bench) return;
    this.bench.setSeed(this.bench.seed + 1);
  }

  dispose(): void {
    this.presenter?.dispose();
    this.part?.dispose();
    this.bench?.dispose();
    this.element.remove();
  }
}
