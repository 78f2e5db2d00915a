import input from "../input/input.css";
import type { ActingComponent } from "../page/mount";
import { Page } from "../page/page";
import { Presenter } from "../page/present";
import large from "../page/present.css";
import { Choice, h } from "../ui/dom";
import { CodesView, type SamplesView } from "./codes-view";
import { LineView } from "./line-view";
import { RebuiltView } from "./rebuilt-view";
import own from "./samples.css";
import { SamplesStore } from "./store";
import type { SamplesData, SamplesTab } from "../schema";

const KEYS = "p or Esc: exit · n: new codes · 1–9: select a slider, ← →: move it";

/** The samples page: the current view of the models. */
export class SamplesPage extends Page<SamplesData> {
  private readonly tabs = h("nav", { className: "tabs" });
  private store: SamplesStore | null = null;
  private current: { tab: SamplesTab; view: SamplesView } | null = null;

  constructor(
    root: ParentNode,
    appRoot: string,
    private readonly component: () => ActingComponent<SamplesData>,
  ) {
    super(root, appRoot, "samples", own + large + input, (element) => Presenter.of(element, KEYS, component().presenting));
    this.frame.before(this.tabs);
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  protected subject({ models }: SamplesData): string {
    return models.map((model) => model.base).join();
  }

  protected open({ models, state }: SamplesData): void {
    const store = this.own(new SamplesStore(models, state ?? {}, this.appRoot, (settled) => this.component().setStateValue("state", settled), this.notice));
    this.store = store;
    this.current = null;
    const tabs: [SamplesTab, string][] = [["codes", "Random codes"], ["rebuilt", "Reconstructions"]];
    if (models[0].latentSize === 1) tabs.unshift(["line", "The line"]);
    const choice = new Choice<SamplesTab>("view", tabs, store.tab, (tab) => store.setTab(tab));
    this.tabs.replaceChildren(choice.root);
    store.on("choice", () => {
      choice.set(store.tab);
      this.showTab(store);
    });
    store.open();
  }

  protected override refresh(data: SamplesData): void {
    if (!this.store) return;
    this.store.refresh(data);
    this.showTab(this.store, data);
  }

  private showTab(store: SamplesStore, data = this.data!): void {
    if (store.tab !== this.current?.tab) this.current = { tab: store.tab, view: this.show(this.viewOf(store)) };
    this.current.view.update(data);
  }

  private viewOf(store: SamplesStore): SamplesView {
    if (store.tab === "line") return new LineView(store);
    if (store.tab === "rebuilt") return new RebuiltView(store);
    return new CodesView(store, () => this.component().setTriggerValue("judge", [...store.sources]));
  }

  /** The key n draws new codes, except while typing. */
  private key(event: KeyboardEvent): void {
    const typing = (event.composedPath()[0] as HTMLElement).matches("input[type=number], select");
    if (event.key !== "n" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    this.store?.setSeed(this.store.seed + 1);
  }
}
