import { View } from "../page/view";
import { figure, h, svg, swatch } from "../ui/dom";
import { ticks } from "./scale";

const HEIGHT = 190;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 8, 22];

export interface Series {
  label: string;
  colour: string;
  points: [number, number][];
  dots?: boolean;
}

export interface Band {
  label: string;
  colour: string;
  /** Upper edge at the common epochs; the lower one is the previous band. */
  top: number[];
}

/** A chart over epochs: lines or stacked bands. Redrawn at every change; its size does not depend on the data. */
export class Chart extends View {
  private readonly svg: SVGSVGElement = svg("svg", { role: "img", "aria-label": `${this.title} over epochs`, height: HEIGHT });
  private readonly legend = h("div", { className: "key" });
  private width = 0;
  private redraw: (() => void) | null = null;
  private marks: [epoch: number, label: string][] = [];
  readonly root = h("figure", { className: "chart" }, h("header", {}, h("b", {}, this.title), h("small", {}, this.unit)), this.legend, this.svg, h("figcaption", { title: this.about }, this.about));

  constructor(private readonly title: string, private readonly unit: string, private readonly about: string) {
    super();
    this.onResize(this.root, () => {
      const width = Math.floor(this.root.clientWidth);
      if (width === this.width || width < 40) return;
      this.width = width;
      this.redraw?.();
    });
  }

  /** Epochs to mark from the next drawing on. */
  mark(marks: [epoch: number, label: string][]): void {
    this.marks = marks;
  }

  lines(series: Series[], epochs: number, [low, high]: [number, number]): void {
    this.redraw = () => {
      const { x, y } = this.axes(epochs, low, high);
      for (const { points, colour, dots } of series) {
        if (dots) for (const [at, value] of points) this.svg.append(svg("circle", { cx: x(at), cy: y(value), r: 1.8, fill: colour }));
        else this.svg.append(svg("path", { d: pathOf(points.map(([at, value]) => [x(at), y(value)])), stroke: colour, fill: "none", "stroke-width": 1.6, "stroke-linejoin": "round" }));
      }
    };
    this.keys(series.map(({ label, colour, points }) => [label, colour, points.at(-1)?.[1]]));
    if (this.width) this.redraw();
  }

  bands(bands: Band[], places: number[], epochs: number, high: number): void {
    this.redraw = () => {
      const { x, y } = this.axes(epochs, 0, high);
      let below = places.map(() => 0);
      for (const { top, colour } of bands) {
        const upper = places.map((at, i): [number, number] => [x(at), y(top[i])]);
        const lower = places.map((at, i): [number, number] => [x(at), y(below[i])]).reverse();
        if (places.length > 1) this.svg.append(svg("path", { d: `${pathOf([...upper, ...lower])}Z`, fill: colour, "fill-opacity": 0.75 }));
        below = top;
      }
    };
    this.keys(bands.map(({ label, colour, top }, i) => [label, colour, top.length ? top.at(-1)! - (bands[i - 1]?.top.at(-1) ?? 0) : undefined]));
    if (this.width) this.redraw();
  }

  private keys(rows: [string, string, number | undefined][]): void {
    const number = (value: number | undefined) => (value === undefined ? "–" : figure(value, Math.abs(value) < 10 ? 2 : 1));
    this.legend.replaceChildren(...rows.map(([label, colour, value]) => h("span", {}, swatch(colour), label, " ", h("span", { className: "figure" }, number(value)))));
  }

  private axes(epochs: number, low: number, high: number): { x: (at: number) => number; y: (value: number) => number } {
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    this.svg.setAttribute("width", String(this.width));
    const x = (at: number) => LEFT + (at / Math.max(epochs, 1e-9)) * (this.width - LEFT - RIGHT);
    // values off the scale run along its edge
    const y = (value: number) => TOP + (1 - Math.max(-0.02, Math.min(1.02, (value - low) / (high - low || 1)))) * (HEIGHT - TOP - BOTTOM);
    this.svg.replaceChildren();
    for (const value of ticks(low, high)) {
      this.svg.append(svg("path", { d: `M${LEFT},${y(value)}H${this.width - RIGHT}`, class: "grid" }));
      this.svg.append(text(String(value).replace("-", "−"), LEFT - 6, y(value) + 4, "end"));
    }
    const marks = ticks(0, epochs, 5).filter(Number.isInteger);
    for (const at of marks) this.svg.append(text(at === marks.at(-1) ? `${at} epochs` : String(at), at === marks.at(-1) ? Math.min(x(at), this.width - RIGHT) : x(at), HEIGHT - 6, at === marks.at(-1) ? "end" : "middle"));
    for (const [at, label] of this.marks) {
      this.svg.append(svg("path", { d: `M${x(at).toFixed(1)},${TOP}V${HEIGHT - BOTTOM}`, class: "turn" }), text(label, x(at) + 3, TOP + 9, "start"));
    }
    return { x, y };
  }
}

const pathOf = (points: [number, number][]): string => (points.length ? `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}` : "");

function text(content: string, x: number, y: number, anchor: string): SVGElement {
  const element = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
  element.textContent = content;
  return element;
}
