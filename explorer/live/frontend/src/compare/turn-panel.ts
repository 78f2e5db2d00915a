import { dimensionName } from "../latent/dimensions";
import { button, figure, h, menu } from "../ui/dom";
import type { Board } from "./board";
import { gap, mutualInformation } from "./information";

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
  private trained: { known: string; mig: number } | null = null;

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
      h("div", { className: "controls-line" }, this.choices, this.dial, this.angle, button("to 45°", () => this.set(45)), button("back to 0°", () => this.set(0))),
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
    const before = information && degrees ? `, ${figure(this.before(), 3)} as it was trained` : "";
    const measured = information ? `MIG ${figure(gap(information), 3)}${before}${board.factors.length < 2 ? " (of the class alone)" : ""}; ` : "";
    this.said.textContent = `${title} at ${degrees}°: ${measured}ELBO ${elbo === null ? "unknown" : `${figure(elbo, 1)} nats`} at every angle.`;
  }

  /** The gap of the codes as they were trained. */
  private before(): number {
    const { board } = this;
    const lane = board.lanes[this.lane];
    const known = `${this.lane} ${this.pair} ${board.factors.length}`;
    if (this.trained?.known === known) return this.trained.mig;
    const { table, entropy } = lane.informationOn(board.factors)!;
    const rows = table.map((row) => row.slice());
    for (const k of this.pair) {
      const code = Float32Array.from({ length: lane.means!.length / lane.d }, (_, i) => lane.means![i * lane.d + k]);
      board.factors.forEach((factor, f) => (rows[f][k] = mutualInformation(code, factor)));
    }
    this.trained = { known, mig: gap({ table: rows, entropy }) };
    return this.trained.mig;
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
  }
}
