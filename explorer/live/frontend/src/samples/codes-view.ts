import { View } from "../page/view";
import { h } from "../ui/dom";
import { Controls } from "./controls";
import { ModelColumn } from "./model-column";
import type { SamplesStore } from "./store";
import { summarize } from "./summary";
import type { SamplesData } from "../schema";

/** One tab of the page. */
export abstract class SamplesView extends View {
  /** Show new data of the server, such as finished metrics. */
  update(_data: SamplesData): void {}
}

/** The same random codes through every model. */
export class CodesView extends SamplesView {
  private readonly controls = this.own(new Controls(this.store));
  private readonly columns = this.store.liveModels.map((live, i) => this.own(new ModelColumn(live, this.store, i, this.evaluate)));
  private readonly summary = h("p", { className: "summary" });
  readonly root = h("div", { className: "codes" }, this.controls.root, h("div", { className: `model-columns of-${this.columns.length}` }, ...this.columns.map((column) => column.root)), this.summary);

  constructor(private readonly store: SamplesStore, private readonly evaluate: () => void) {
    super();
  }

  override update(data: SamplesData): void {
    this.columns.forEach((column) => column.update(data));
    this.summary.textContent = summarize(data.models, data.numbers);
  }
}
