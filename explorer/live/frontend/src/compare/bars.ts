import { dimensionName } from "../latent/dimensions";
import { figure, h, svg } from "../ui/dom";

const HEIGHT = 64;

export interface Bar {
  /** Its index in its own model. */
  dimension: number;
  nats: number;
}

/** Rate per dimension as bars, in the order of the matched dimensions. */
export class Bars {
  readonly root = h("div", { className: "bars" });
  private readonly svg = svg("svg", { role: "img", preserveAspectRatio: "none" });
  private rects: SVGRectElement[] = [];

  constructor(private readonly label: string, choose: (rank: number) => void) {
    this.svg.addEventListener("click", (event) => {
      const at = this.rects.indexOf(event.target as SVGRectElement) % Math.max(1, this.rects.length / 2);
      if (at >= 0) choose(at);
    });
    this.root.append(this.svg);
  }

  /** `most`: nats at full height, the same in every model. */
  show(bars: readonly Bar[], most: number, at: number): void {
    const n = bars.length;
    if (this.rects.length !== 2 * n) {
      this.svg.setAttribute("viewBox", `0 0 ${n} ${HEIGHT}`);
      this.rects = ["bar", "whole"].flatMap((name) => bars.map(() => svg("rect", { class: name })));
      this.rects.slice(n).forEach((rect) => rect.append(svg("title")));
      this.svg.replaceChildren(...this.rects);
    }
    bars.forEach((bar, i) => {
      const tall = Math.max(0.8, (HEIGHT * bar.nats) / most);
      place(this.rects[i], i + 0.1, HEIGHT - tall, 0.8, tall);
      this.rects[i].classList.toggle("chosen", i === at);
      place(this.rects[n + i], i, 0, 1, HEIGHT);
      this.rects[n + i].firstElementChild!.textContent = `${dimensionName(bar.dimension)}: ${figure(bar.nats)} nats`;
    });
    this.svg.setAttribute("aria-label", `${this.label}: ${bars.map((b) => `${dimensionName(b.dimension)} ${figure(b.nats)}`).join(", ")} nats`);
  }
}

function place(rect: SVGRectElement, x: number, y: number, width: number, height: number): void {
  for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value.toFixed(2));
}
