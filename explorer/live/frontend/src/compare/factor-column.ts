import { dimensionName } from "../latent/dimensions";
import { figure, h } from "../ui/dom";
import { Column } from "./column";
import { gap, topTwo } from "./information";
import { Scatter } from "./scatter";
import type { SteeredModel } from "./steered-model";
import type { CompareStore } from "./store";

/** One model's factors: mutual information with each dimension, and the gap between the two largest. */
export class FactorColumn {
  readonly column = new Column(this.store, this.live, this.index);
  readonly score = h("p", { className: "score" });
  readonly heat = h("div", { className: "heat", role: "group" });
  /** Dimension names below the heat map. */
  readonly names = h("div", { className: "heat-names", "aria-hidden": "true" });
  readonly gaps = h("div", { className: "gaps" });
  readonly scatter = new Scatter();
  readonly plot = h("div", { className: "cell" }, this.scatter.root);
  private cells: HTMLButtonElement[][] = [];

  constructor(
    private readonly store: CompareStore,
    private readonly live: SteeredModel,
    private readonly index: number,
  ) {
    this.heat.setAttribute("aria-label", `mutual information of factors and dimensions of ${live.model.title}`);
  }

  /** One button for every factor and dimension, in the order of the sliders. */
  private fill(): void {
    const { store } = this;
    const dimensions = store.dimensions;
    this.heat.style.setProperty("--dimensions", String(dimensions.length));
    this.cells = store.factors.map((_, f) =>
      dimensions.map((_, rank) => {
        const cell = h("button", { type: "button" });
        cell.addEventListener("click", () => (store.set("factor", f), store.setRank(rank)));
        return cell;
      }),
    );
    this.heat.replaceChildren(...this.cells.flat());
    this.names.style.setProperty("--dimensions", String(dimensions.length));
  }

  /** The largest share of a factor's entropy in one dimension. */
  most(): number {
    const information = this.live.informationOn(this.store.factors);
    return information ? Math.max(...information.table.map((row, f) => topTwo(row, information.entropy[f])[0][1])) : 0;
  }

  /** `most`: the share with the strongest colour. */
  show(most: number): void {
    const { store, live } = this;
    const information = live.informationOn(store.factors);
    if (!information) return;
    if (this.cells.length !== store.factors.length) this.fill();
    const { order } = store.match(this.index);
    store.factors.forEach((factor, f) => {
      const whole = information.entropy[f];
      store.dimensions.forEach((k, rank) => {
        const [j, nats] = [order[k], information.table[f][order[k]]];
        const cell = this.cells[f][rank];
        const share = whole > 0 ? nats / whole : 0;
        cell.style.setProperty("--heat", (share / (most || 1)).toFixed(3));
        cell.title = `${dimensionName(j)} and ${factor.name}: ${figure(nats)} nats, ${Math.round(100 * share)} % of its entropy`;
        cell.setAttribute("aria-label", `${factor.name} in dimension ${j + 1} of ${live.model.title}: ${figure(nats)} nats, ${Math.round(100 * share)} %`);
        cell.setAttribute("aria-pressed", String(f === store.factor && rank === store.rank));
      });
    });
    this.names.replaceChildren(...store.dimensions.map((k, rank) => h("span", { className: rank === store.rank ? "chosen" : "" }, dimensionName(order[k]))));
    this.gaps.replaceChildren(...store.factors.map((factor, f) => gapBar(factor.name, topTwo(information.table[f], information.entropy[f]))));
    this.score.replaceChildren("MIG ", h("b", { className: "figure" }, figure(gap(information), 3)));
    this.drawScatter();
  }

  private drawScatter(): void {
    const { store, live } = this;
    const factor = store.factors[store.factor];
    if (!live.latents || !factor) return;
    const j = store.match(this.index).order[store.traversed];
    this.scatter.show({ code: live.along(j).map((value) => value / live.unit[j]), factor }, `${dimensionName(j)} of ${live.model.title} against ${factor.name}`);
  }
}

/** The two dimensions with the most information about a factor, as bars from the left; the gap lies between their ends. */
function gapBar(name: string, [first, second]: [number, number][]): HTMLElement {
  const bar = h("div", { className: "gap-bar", title: `${name}: ${dimensionName(first[0])} explains ${Math.round(100 * first[1])} % of its entropy${second[0] < 0 ? "" : `, ${dimensionName(second[0])} ${Math.round(100 * second[1])} %`}` });
  const part = (className: string, from: number, to: number) => {
    const piece = h("i", { className });
    piece.style.left = `${100 * Math.min(1, from)}%`;
    piece.style.width = `${100 * Math.max(0, Math.min(1, to) - from)}%`;
    return piece;
  };
  bar.append(part("first", 0, first[1]), part("second", 0, second[1]), part("gap", second[1], first[1]), h("span", { className: "figure" }, figure(first[1] - second[1])));
  return bar;
}
