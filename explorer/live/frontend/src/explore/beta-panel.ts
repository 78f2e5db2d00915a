import type { ExploreStore } from "./store";
import { View } from "../page/view";
import { h } from "../ui/dom";
import { BetaControl } from "../page/beta-control";
import { BetaCurve } from "../page/beta-curve";

/** β of the model on Explore, and where that lies on its own rate–distortion curve. */
export class BetaPanel extends View {
  readonly root: HTMLElement;

  constructor(store: ExploreStore) {
    super();
    const { model, library } = store;
    const control = this.own(new BetaControl(model, store.beta!, (beta) => store.setBeta(beta)));
    const curve = this.own(new BetaCurve(model.betaRange!, (beta) => store.setBeta(beta)));
    this.root = h("section", { className: "beta-panel", "aria-label": "β and the rate–distortion curve" }, control.root, curve.root);
    const show = () => {
      control.show(store.beta!);
      curve.show(store.beta!);
    };
    this.onDispose(store.on("beta", show));
    show();
    // without them the curve stands alone
    void library.siblings().then((siblings) => curve.setSiblings(siblings), () => undefined);
  }
}
