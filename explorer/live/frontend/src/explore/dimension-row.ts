import { dimensionName, isActive } from "../latent/dimensions";
import { sweep } from "../latent/vectors";
import { figure, h } from "../ui/dom";
import { AxisRow, STEPS } from "./axis-row";
import type { ExploreStore } from "./store";

export { STEPS } from "./axis-row";

/** One latent dimension: its name and rate, a slider, a number, and the strip of its traversal. */
export class DimensionRow extends AxisRow {
  private readonly share: HTMLElement;
  private readonly amount: HTMLElement;
  private readonly factor: HTMLElement | null;

  constructor(store: ExploreStore, readonly k: number, idPrefix: string) {
    const name = dimensionName(k);
    const [share, amount] = [h("i", { className: "share" }), h("span", {})];
    const named = store.model.names?.[k];
    const factor = named ? h("small", { className: "factor", title: `the factor that ${name} has most information about, and its share of the information about all factors` }, named) : null;
    super(
      store,
      {
        key: String(k),
        labels: [`latent dimension ${k + 1}, ${spokenOf(store, k)}`, `value of dimension ${k + 1}`, `traversal of dimension ${k + 1}, low to high`],
        place: () => store.z[k],
        move: (value) => store.setCoordinate(k, value),
        sweep: (low, high) => sweep(store.z, k, low, high, STEPS),
      },
      idPrefix,
      [h("b", {}, name), share, h("small", {}, amount), factor],
    );
    [this.share, this.amount, this.factor] = [share, amount, factor];
    this.root.dataset["dimension"] = String(k);
    this.showCarried();
  }

  /** What the dimension carries, which depends on β. */
  showCarried(): void {
    const { k, factor, store: { live, carried, model } } = this;
    const { rate, variance } = carried;
    const [all, most] = [rate ?? variance, model.betaRange?.rate.flat() ?? rate ?? variance];
    this.share.style.setProperty("--share", String(all[k] / Math.max(...most, 1e-9)));
    this.share.title = `${dimensionName(k)} carries ${spokenOf(this.store, k)} per image`;
    this.amount.textContent = rate ? spokenOf(this.store, k) : `var ${figure(variance[k])}`;
    if (factor) factor.textContent = live.withShare(model.names![k]);
    this.root.classList.toggle("asleep", !!model.betaRange && !isActive(carried, k));
  }
}

function spokenOf({ carried: { rate, variance } }: ExploreStore, k: number): string {
  return rate ? `${figure(rate[k])} nats` : `variance ${figure(variance[k])}`;
}
