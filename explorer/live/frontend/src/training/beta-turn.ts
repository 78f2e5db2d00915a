import { betaText } from "../page/beta-control";
import { h, slider, stepByKeys } from "../ui/dom";
import { term } from "../ui/term";

/** β from 1/16 to 64, in octaves. */
const [LOW, HIGH] = [-4, 6];
/** Time between two requests while the slider is dragged, in ms. */
const PACE = 300;
/** How long the training has to take a β over, in ms. */
const ANSWER = 4000;

/** β of a running training, to be turned by hand. */
export class BetaTurn {
  private readonly slider = slider("β of the running training", { min: LOW, max: HIGH, step: "any" }, (log) => this.move(log));
  private readonly value = h("output", { className: "figure" });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private moved = -Infinity;
  private sent = -Infinity;
  readonly root = h("div", { className: "beta-turn" }, h("b", {}, "β", term("beta")), this.value, this.slider, h("span", { className: "hint" }, "Turn it while the model trains: the curve and the settings record it."));

  constructor(private readonly turn: (beta: number) => void) {
    stepByKeys(this.slider, 0.25, 1, (by) => this.move(Math.max(LOW, Math.min(HIGH, this.slider.valueAsNumber + by))));
  }

  /** Show the β that the training has, unless a hand has just set another. */
  show(beta: number | undefined): void {
    if (beta === undefined || performance.now() - this.moved < ANSWER) return;
    this.slider.value = String(Math.log2(Math.max(beta, 2 ** LOW)));
    this.write(beta);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private write(beta: number): void {
    this.value.value = betaText(beta);
    this.slider.setAttribute("aria-valuetext", betaText(beta));
  }

  private move(log: number): void {
    this.moved = performance.now();
    this.slider.value = String(log);
    const beta = Number((2 ** log).toPrecision(3));
    this.write(beta);
    clearTimeout(this.timer);
    const send = () => {
      this.sent = performance.now();
      this.turn(beta);
    };
    this.timer = setTimeout(send, Math.max(0, this.sent + PACE - performance.now()));
  }
}
