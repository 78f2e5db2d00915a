import { View } from "../page/view";
import { svg } from "../ui/dom";

type Side = "top" | "bottom" | "left" | "right";

/** A line between two parts, in the colour of its class. */
export interface Wire {
  kind: string;
  from: [HTMLElement, Side];
  to: [HTMLElement, Side];
  /** Goes over everything between them, at this share of an em above the higher one. */
  over?: number;
}

const CORNER = 10;

/** Lines between parts of a picture, drawn behind them and anew at every size. */
export class Wires extends View {
  readonly root = svg("svg", { class: "wires", "aria-hidden": "true" }) as unknown as HTMLElement & SVGSVGElement;

  constructor(private readonly place: HTMLElement, private readonly wires: readonly Wire[]) {
    super();
    place.prepend(this.root);
    this.onResize(place, () => this.draw());
  }

  draw(): void {
    const { place } = this;
    if (!place.clientWidth) return;
    const ground = place.getBoundingClientRect();
    const letter = parseFloat(getComputedStyle(place).fontSize);
    this.root.setAttribute("viewBox", `0 0 ${ground.width} ${ground.height}`);
    const at = ([element, side]: [HTMLElement, Side]): [number, number] => {
      const box = element.getBoundingClientRect();
      const [x, y] = [box.left - ground.left, box.top - ground.top];
      if (side === "left" || side === "right") return [side === "left" ? x : x + box.width, y + box.height / 2];
      return [x + box.width / 2, side === "top" ? y : y + box.height];
    };
    const paths = this.wires.flatMap(({ kind, from, to, over }) => {
      const [a, b] = [at(from), at(to)];
      const bent = over === undefined ? between(a, b, from[1]) : arch(a, b, over * letter);
      return [svg("path", { class: kind, d: bent }), svg("path", { class: `${kind} head`, d: head(b, to[1], letter) })];
    });
    this.root.replaceChildren(...paths);
  }
}

/** From a to b with one bend half-way. */
function between([x0, y0]: [number, number], [x1, y1]: [number, number], leaves: Side): string {
  if (leaves === "left" || leaves === "right") {
    if (Math.abs(y1 - y0) < 1) return `M${x0} ${y0}H${x1}`;
    return `M${x0} ${y0}H${(x0 + x1) / 2}V${y1}H${x1}`;
  }
  return Math.abs(x1 - x0) < 1 ? `M${x0} ${y0}V${y1}` : `M${x0} ${y0}V${(y0 + y1) / 2}H${x1}V${y1}`;
}

/** Up from a, across, and down to b. */
function arch([x0, y0]: [number, number], [x1, y1]: [number, number], rise: number): string {
  const y = Math.min(y0, y1) - rise;
  const corner = Math.min(CORNER, rise);
  return `M${x0} ${y0}V${y + corner}Q${x0} ${y} ${x0 + corner} ${y}H${x1 - corner}Q${x1} ${y} ${x1} ${y + corner}V${y1}`;
}

/** The arrowhead of a line that ends at this side of a part. */
function head([x, y]: [number, number], side: Side, letter: number): string {
  const size = 0.34 * letter;
  const [dx, dy] = { top: [0, -1], bottom: [0, 1], left: [-1, 0], right: [1, 0] }[side];
  const [bx, by] = [x + 1.6 * size * dx, y + 1.6 * size * dy];
  return `M${x} ${y}L${bx + size * dy} ${by + size * dx}L${bx - size * dy} ${by - size * dx}Z`;
}
