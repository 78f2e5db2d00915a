import { DEAD_BELOW, dimensionName } from "../latent/dimensions";
import { button, figure, h, menu } from "../ui/dom";
import type { Board } from "./board";

const REACH = 3;

/** The one set of sliders: the dimensions of the model that leads, the strongest first. */
export class Hand {
  readonly root: HTMLElement;
  private readonly list = h("div", { className: "sliders" });
  private readonly lead: HTMLSelectElement;
  private readonly off: (() => void)[];
  private sliders: HandSlider[] = [];

  constructor(private readonly board: Board) {
    this.lead = menu("the model whose dimensions the sliders are", board.data.models.map((m, i) => [String(i), m.title]), String(board.lead), (i) => board.setLead(Number(i)));
    this.root = h(
      "section",
      { className: "hand", "aria-label": "one hand for all models" },
      h(
        "header",
        {},
        h("b", {}, "One hand moves all"),
        h("label", { className: "by" }, h("span", { className: "hint" }, "dimensions of "), this.lead),
        button("Middle", () => board.setImage(null), "every model at the middle of its prior, z = 0"),
        h("span", { className: "hint" }, "strongest first; in every other model each slider moves the dimension whose codes of the same images correlate most"),
      ),
      this.list,
    );
    this.off = [
      board.on("hand", () => this.show()), board.on("lead", () => this.fill()), board.on("strand", () => this.show()),
      ...(["factors", "codes", "turn"] as const).map((topic) => board.on(topic, () => this.named())),
    ];
    this.fill();
  }

  private fill(): void {
    const { board } = this;
    this.lead.value = String(board.lead);
    const { live, dead } = board.order;
    this.sliders = board.dimensions.map((k, strand) => new HandSlider(board, k, strand));
    const [shown, folded] = [this.sliders.slice(0, live.length), this.sliders.slice(live.length)];
    const rest = dead.length
      ? [h("details", { className: "dead" }, h("summary", {}, `${dead.length} dead: below ${DEAD_BELOW} nats in ${board.data.models[board.lead].title}`), h("div", { className: "sliders" }, ...folded.map((s) => s.root)))]
      : [];
    this.list.replaceChildren(...shown.map((s) => s.root), ...rest);
    this.named();
    this.show();
  }

  /** What each dimension is for, once factors and codes are there. */
  private named(): void {
    for (const slider of this.sliders) slider.named();
    this.root.classList.toggle("named", this.board.factors.length > 1);
  }

  private show(): void {
    for (const slider of this.sliders) slider.show();
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
  }
}

class HandSlider {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly value = h("output", { className: "figure" });
  private readonly name: HTMLButtonElement;

  constructor(
    private readonly board: Board,
    private readonly k: number,
    private readonly strand: number,
  ) {
    const { rate, title } = board.data.models[board.lead];
    const name = dimensionName(k);
    this.name = button("", () => board.setStrand(strand), `traverse ${name}, the dimension of ${title} that is number ${strand + 1} by strength`);
    this.slider = h("input", { type: "range", min: String(-REACH), max: String(REACH), step: "any", "aria-label": `dimension ${k + 1} of ${title}, in every model${rate ? `, ${figure(rate[k])} nats` : ""}` });
    this.slider.addEventListener("input", () => board.setValue(k, this.slider.valueAsNumber));
    this.slider.addEventListener("dblclick", () => board.setValue(k, 0));
    this.slider.addEventListener("keydown", (event) => this.key(event));
    this.root = h("div", { className: "hand-slider" }, this.name, this.slider, this.value);
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const value = this.board.value(this.k) + (event.shiftKey ? step / 10 : step);
    this.board.setValue(this.k, Math.max(-REACH, Math.min(REACH, Number(value.toFixed(4)))));
  }

  named(): void {
    const { board, k } = this;
    const said = board.nameOf(board.lead, k);
    this.name.replaceChildren(dimensionName(k), said ? h("small", {}, ` ${said}`) : "");
  }

  show(): void {
    const value = this.board.value(this.k);
    if (Math.abs(this.slider.valueAsNumber - value) > 1e-6) this.slider.value = String(value);
    const said = figure(value);
    if (this.value.value !== said) this.value.value = said;
    this.slider.setAttribute("aria-valuetext", said);
    this.slider.classList.toggle("outside", Math.abs(value) > REACH + 1e-6);
    this.name.setAttribute("aria-pressed", String(this.board.strand === this.strand));
  }
}
