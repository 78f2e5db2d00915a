import input from "../input/input.css";
import { Page } from "../page/page";
import type { View } from "../page/view";
import { Choice, h } from "../ui/dom";
import { ColumnsView } from "./columns-view";
import own from "./compare.css";
import { FactorsView } from "./factors-view";
import { LadderView } from "./ladder-view";
import { RotationPanel } from "./rotation-panel";
import { SharedSliders } from "./shared-sliders";
import { CompareStore } from "./store";
import { TwoWayView } from "./two-way-view";
import type { CompareData, CompareState, CompareTab } from "../schema";

const VIEWS: Record<CompareTab, new (store: CompareStore) => View> = { columns: ColumnsView, ladder: LadderView, factors: FactorsView, "two-way": TwoWayView };

/** The compare page: the shared sliders and the current view of the models. */
export class ComparePage extends Page<CompareData> {
  private readonly above = h("div", {});
  private readonly tabs = h("nav", { className: "tabs" });

  constructor(root: ParentNode, appRoot: string, private readonly report: (state: CompareState) => void) {
    super(root, appRoot, "compare", own + input);
    this.frame.before(this.above, this.tabs);
  }

  protected subject({ models }: CompareData): string {
    return models.map((model) => model.base).join();
  }

  protected open(data: CompareData): void {
    const store = this.own(new CompareStore(data, this.appRoot, this.report, this.notice));
    const panels: View[] = [new SharedSliders(store), ...(data.models[0].latentSize > 1 ? [new RotationPanel(store)] : [])];
    this.above.replaceChildren(...panels.map((panel) => this.own(panel).root));
    const choice = new Choice<CompareTab>("how the models are compared", store.tabs, store.tab, (tab) => store.set("tab", tab));
    this.tabs.replaceChildren(choice.root);
    const showTab = () => this.show(new VIEWS[store.tab](store));
    store.on("tab", showTab);
    showTab();
    store.open();
  }

}
