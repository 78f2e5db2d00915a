import { dimensionName } from "../latent/dimensions";
import { figure, h } from "../ui/dom";
import type { Board } from "./board";
import { Column } from "./column";
import { gap, topTwo } from "./information";
import type { Lane } from "./lane";
import { Scatter } from "./scatter";

/** One model's factors: how much each of its dimensions knows of each, and the gap between the two that know most. */
export class FactorColumn {
  readonly column: Column;
  readonly score = h("p", { className: "score" });
  readonly heat = h("div", { className: "heat", role: "group" });
  /** Under the heat map: whose column is whose. */
  readonly names = h("div", { className: "heat-names", "aria-hidden": "true" });
  readonly gaps = h("div", { className: "gaps" });
  readonly scatter = new Scatter();
  readonly plot = h("div", { className: "cell" }, this.scatter.canvas);
  private cells: HTMLButtonElement[][] = [];

  constructor(
    private readonly board: Board,
    private readonly lane: Lane,
    private readonly index: number,
  ) {
    this.column = new Column(board, lane, index);
    this.heat.setAttribute("aria-label", `mutual information of factors and dimensions of ${lane.model.title}`);
  }

  /** One button for every factor and dimension, in the order of the sliders. */
  private fill(): void {
    const { board } = this;
    const dimensions = board.dimensions;
    this.heat.style.setProperty("--dimensions", String(dimensions.length));
    this.cells = board.factors.map((_, f) =>
      dimensions.map((_, strand) => {
        const cell = h("button", { type: "button" });
        cell.addEventListener("click", () => (board.setFactor(f), board.setStrand(strand)));
        return cell;
      }),
    );
    this.heat.replaceChildren(...this.cells.flat());
    this.names.style.setProperty("--dimensions", String(dimensions.length));
  }

  /** The largest share of a factor's entropy that one dimension knows. */
  most(): number {
    const information = this.lane.informationOn(this.board.factors);
    return information ? Math.max(...information.table.map((row, f) => topTwo(row, information.entropy[f])[0][1])) : 0;
  }

  /** `most`: the share that is drawn darkest. */
  show(most: number): void {
    const { board, lane } = this;
    const information = lane.informationOn(board.factors);
    if (!information) return;
    if (this.cells.length !== board.factors.length) this.fill();
    const { order } = board.match(this.index);
    board.factors.forEach((factor, f) => {
      const whole = information.entropy[f];
      board.dimensions.forEach((k, strand) => {
        const [j, nats] = [order[k], information.table[f][order[k]]];
        const cell = this.cells[f][strand];
        const share = whole > 0 ? nats / whole : 0;
        cell.style.setProperty("--heat", (share / (most || 1)).toFixed(3));
        cell.title = `${dimensionName(j)} and ${factor.name}: ${figure(nats)} nats, ${Math.round(100 * share)} % of its entropy`;
        cell.setAttribute("aria-label", `${factor.name} in dimension ${j + 1} of ${lane.model.title}: ${figure(nats)} nats, ${Math.round(100 * share)} %`);
        cell.setAttribute("aria-pressed", String(f === board.factor && strand === board.strand));
      });
    });
    this.names.replaceChildren(...board.dimensions.map((k, strand) => h("span", { className: strand === board.strand ? "chosen" : "" }, dimensionName(order[k]))));
    this.gaps.replaceChildren(...board.factors.map((factor, f) => gapBar(factor.name, topTwo(information.table[f], information.entropy[f]))));
    this.score.replaceChildren("MIG ", h("b", { className: "figure" }, figure(gap(information), 3)));
    this.drawScatter();
  }

  drawScatter(): void {
    const { board, lane } = this;
    const factor = board.factors[board.factor];
    if (!lane.latents || !factor) return;
    const j = board.match(this.index).order[board.traversed];
    this.scatter.show(lane.along(j), factor, lane.unit[j], `${dimensionName(j)} of ${lane.model.title} against ${factor.name}`);
  }
}

/** The two dimensions that know most of a factor as bars from the left; what lies between their ends is the gap. */
function gapBar(name: string, [first, second]: [number, number][]): HTMLElement {
  const bar = h("div", { className: "gap-bar", title: `${name}: ${dimensionName(first[0])} knows ${Math.round(100 * first[1])} % of its entropy${second[0] < 0 ? "" : `, ${dimensionName(second[0])} ${Math.round(100 * second[1])} %`}` });
  const part = (className: string, from: number, to: number) => {
    const piece = h("i", { className });
    piece.style.left = `${100 * Math.min(1, from)}%`;
    piece.style.width = `${100 * Math.max(0, Math.min(1, to) - from)}%`;
    return piece;
  };
  bar.append(part("first", 0, first[1]), part("second", 0, second[1]), part("gap", second[1], first[1]), h("span", { className: "figure" }, figure(first[1] - second[1])));
  return bar;
}
