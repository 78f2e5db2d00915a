import { Choice, h } from "../ui/dom";

/** Standard deviations to each side of the mean that a gauge shows. */
const REACH = 3.5;

/** What is taken from A or from B by a two-way toggle. */
export class PartRow {
  readonly root: HTMLElement;
  private readonly choice = new Choice<"a" | "b">(`${this.spoken}: from`, [["a", "A"], ["b", "B"]], "a", (value) => this.change(value === "b"));
  private readonly marks = { a: h("i", { className: "at a" }), b: h("i", { className: "at b" }), between: h("i", { className: "between" }), now: h("i", { className: "now" }) };
  private readonly gauge = h("div", { className: "gauge", title: "from − 3.5 to + 3.5 standard deviations of all codes: the ring is A, the dot is B, the line is z. A click takes it from the other image." }, this.marks.between, this.marks.a, this.marks.b, this.marks.now);
  private readonly figure = h("span", { className: "figure" });
  private taken = false;

  constructor(name: (Node | null)[], private readonly spoken: string, private readonly change: (taken: boolean) => void, remark = "") {
    this.gauge.addEventListener("click", () => this.change(!this.taken));
    this.root = h("div", { className: "part" }, h("span", { className: "name" }, ...name), remark ? h("span", { className: "hint" }, remark) : this.gauge, this.figure, this.choice.root);
  }

  /** Places of A and B in standard deviations from the mean. */
  place(a: number, b: number, difference: string): void {
    const [x, y] = [a, b].map(percent);
    this.marks.a.style.left = `${x}%`;
    this.marks.b.style.left = `${y}%`;
    this.marks.between.style.left = `${Math.min(x, y)}%`;
    this.marks.between.style.width = `${Math.abs(y - x)}%`;
    this.figure.textContent = difference;
  }

  /** Where z is. */
  mark(now: number): void {
    this.marks.now.style.left = `${percent(now)}%`;
  }

  /** The two values, where they have names. */
  name([a, b]: [string, string]): void {
    const labels = this.choice.root.querySelectorAll("span");
    [labels[0].textContent, labels[1].textContent] = [`A · ${a}`, `B · ${b}`];
  }

  show(taken: boolean): void {
    this.taken = taken;
    this.choice.set(taken ? "b" : "a");
    this.root.classList.toggle("taken", taken);
  }
}

const percent = (sigma: number): number => 50 + (50 * Math.max(-REACH, Math.min(REACH, sigma))) / REACH;
