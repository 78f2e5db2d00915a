import { oncePerFrame, View } from "../page/view";
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

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Where the line meets it. */
  side: Side;
}

/** Lines between parts of a picture, drawn behind them and anew at every size. */
export class Wires extends View {
  readonly root = svg("svg", { class: "wires", "aria-hidden": "true" }) as unknown as HTMLElement & SVGSVGElement;

  constructor(private readonly place: HTMLElement, private readonly wires: readonly Wire[]) {
    super();
    place.prepend(this.root);
    const redraw = oncePerFrame(() => this.draw());
    for (const element of new Set([place, ...wires.flatMap(({ from, to }) => [from[0], to[0]])])) this.onResize(element, redraw);
  }

  private draw(): void {
    const { place } = this;
    if (!place.clientWidth) return;
    const ground = place.getBoundingClientRect();
    const letter = parseFloat(getComputedStyle(place).fontSize);
    this.root.setAttribute("viewBox", `0 0 ${ground.width} ${ground.height}`);
    const boxOf = ([element, side]: [HTMLElement, Side]): Box => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left: left - ground.left, top: top - ground.top, width, height, side };
    };
    const paths = this.wires.flatMap(({ kind, from, to, over }) => {
      const [a, b] = ends(boxOf(from), boxOf(to));
      const bent = over === undefined ? between(a, b, from[1]) : arch(a, b, over * letter);
      return [svg("path", { class: kind, d: bent }), svg("path", { class: `${kind} head`, d: head(b, to[1], letter) })];
    });
    this.root.replaceChildren(...paths);
  }
}

/** Where a line between two boxes begins and ends: straight across, where the middle of the smaller one allows that. */
function ends(from: Box, to: Box): [[number, number], [number, number]] {
  const middle = (box: Box): [number, number] => [box.left + box.width / 2, box.top + box.height / 2];
  const [a, b] = [middle(from), middle(to)];
  const across = from.side === "left" || from.side === "right";
  const k = across ? 1 : 0;
  const [low, size] = across ? (["top", "height"] as const) : (["left", "width"] as const);
  const shared = from[size] < to[size] ? a[k] : b[k];
  const within = (box: Box) => shared > box[low] && shared < box[low] + box[size];
  if (within(from) && within(to)) a[k] = b[k] = shared;
  for (const [end, box] of [[a, from], [b, to]] as const) {
    if (across) end[0] = box.side === "left" ? box.left : box.left + box.width;
    else end[1] = box.side === "top" ? box.top : box.top + box.height;
  }
  return [a, b];
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
