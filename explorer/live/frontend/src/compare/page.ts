import input from "../input/input.css";
import type { Component } from "../page/mount";
import { Page } from "../page/page";
import { Presenter } from "../page/present";
import large from "../page/present.css";
import type { View } from "../page/view";
import { Choice, h } from "../ui/dom";
import { ColumnsView } from "./columns-view";
import own from "./compare.css";
import { FactorsView } from "./factors-view";
import { LadderView } from "./ladder-view";
import { RangeView } from "./range-view";
import { RotationPanel } from "./rotation-panel";
import { SharedSliders } from "./shared-sliders";
import { CompareStore } from "./store";
import { TwoWayView } from "./two-way-view";
import type { CompareData, CompareState, CompareTab } from "../schema";

const KEYS = "p or Esc: exit";

const VIEWS: Record<CompareTab, (store: CompareStore) => View> = {
  columns: (store) => new ColumnsView(store),
  ladder: throughBeta,
  factors: (store) => new FactorsView(store),
  "two-way": (store) => new TwoWayView(store),
};

/** With a model of a range, that one; else from model to model. */
function throughBeta(store: CompareStore): View {
  const ranged = store.data.models.findIndex((model) => model.betaRange);
  return ranged < 0 ? new LadderView(store) : new RangeView(store, ranged);
}

/** The compare page: the shared sliders and the current view of the models. */
export class ComparePage extends Page<CompareData> {
  private readonly above = h("div", {});
  private readonly tabs = h("nav", { className: "tabs" });

  constructor(root: ParentNode, appRoot: string, private readonly component: () => Component<CompareData>) {
    super(root, appRoot, "compare", own + large + input, (element) => Presenter.of(element, KEYS, component().presenting));
    this.frame.before(this.above, this.tabs);
  }

  protected subject({ models }: CompareData): string {
    return models.map((model) => model.base).join();
  }

  protected open(data: CompareData): void {
    const store = this.own(new CompareStore(data, this.appRoot, (state: CompareState) => this.component().setStateValue("state", state), this.notice));
    const panels: View[] = [new SharedSliders(store), ...(data.models[0].latentSize > 1 ? [new RotationPanel(store)] : [])];
    this.above.replaceChildren(...panels.map((panel) => this.own(panel).root));
    const choice = new Choice<CompareTab>("how the models are compared", store.tabs, store.tab, (tab) => store.set("tab", tab));
    this.tabs.replaceChildren(choice.root);
    const showTab = () => this.show(VIEWS[store.tab](store));
    store.on("tab", showTab);
    showTab();
    store.open();
  }

}
