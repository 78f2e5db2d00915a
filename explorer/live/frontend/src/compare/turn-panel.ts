import { dimensionName } from "../latent/dimensions";
import { button, figure, h, menu } from "../ui/dom";
import type { Board } from "./board";
import { gap } from "./information";

/** The dial: an orthogonal rotation of two latent dimensions of one model. */
export class TurnPanel {
  readonly root: HTMLDetailsElement;
  private readonly choices = h("span", { className: "controls-line" });
  private readonly dial: HTMLInputElement;
  private readonly angle = h("output", { className: "figure" });
  private readonly said = h("p", { className: "hint", role: "status" });
  private readonly off: (() => void)[];
  private lane: number;
  private pair: [number, number];

  constructor(private readonly board: Board) {
    const { turn } = board;
    this.lane = turn?.lane ?? board.lead;
    this.pair = turn ? [turn.i, turn.j] : this.strongest();
    this.dial = h("input", { type: "range", min: "0", max: "90", step: "1", value: String(turn?.degrees ?? 0), "aria-label": "degrees by which two latent dimensions are turned" });
    this.dial.addEventListener("input", () => this.turn());
    this.dial.addEventListener("dblclick", () => this.set(0));
    this.root = h(
      "details",
      { className: "turn", open: !!turn },
      h("summary", {}, "Rotate the latents of one model"),
      h("div", { className: "controls-line" }, this.choices, this.dial, this.angle, button("45°", () => this.set(45)), button("0°", () => this.set(0))),
      h("p", { className: "hint" }, "R goes after the encoder and Rᵀ before the decoder. Reconstructions, samples and ELBO cannot tell, so the likelihood cannot choose between these codes; traversals and MIG can."),
      this.said,
    );
    this.off = [board.on("turn", () => this.show()), board.on("factors", () => this.show()), board.on("codes", () => this.show()), board.on("lead", () => this.fill())];
    this.fill();
    this.show();
  }

  private strongest(): [number, number] {
    const { order } = this.board.match(this.lane);
    const [a, b] = this.board.dimensions;
    return [order[a], order[b ?? a]];
  }

  private fill(): void {
    const { board } = this;
    const { models } = board.data;
    const model = menu("the model whose latents are turned", models.map((m, i) => [String(i), m.title]), String(this.lane), (i) => {
      this.lane = Number(i);
      this.pair = this.strongest();
      this.fill();
      this.turn();
    });
    const { order } = board.match(this.lane);
    const options = board.dimensions.map((k) => [String(order[k]), dimensionName(order[k])] as const);
    const dimension = (which: 0 | 1) =>
      menu(`${which ? "second" : "first"} dimension that is turned`, options, String(this.pair[which]), (j) => {
        if (Number(j) === this.pair[1 - which]) this.pair.reverse(); // two different ones
        else this.pair[which] = Number(j);
        this.fill();
        this.turn();
      });
    this.choices.replaceChildren(model, dimension(0), h("span", { className: "hint" }, "and"), dimension(1));
  }

  private set(degrees: number): void {
    this.dial.value = String(degrees);
    this.turn();
  }

  private turn(): void {
    const [i, j] = this.pair;
    if (i !== j) this.board.setTurn({ lane: this.lane, i, j, degrees: this.dial.valueAsNumber });
  }

  private show(): void {
    const { board } = this;
    const degrees = this.dial.valueAsNumber;
    this.angle.value = `${degrees}°`;
    const { title, elbo } = board.data.models[this.lane];
    const information = board.lanes[this.lane].informationOn(board.factors);
    const measured = information ? `MIG ${figure(gap(information), 3)}${board.factors.length < 2 ? " for the class alone" : ""}; ` : "";
    this.said.textContent = `${title} at ${degrees}°: ${measured}ELBO ${elbo === null ? "unknown" : `${figure(elbo, 1)} nats`} at every angle.`;
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
  }
}
