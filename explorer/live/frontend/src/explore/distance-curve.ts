import { figure, h, svg } from "../ui/dom";

const HEIGHT = 84;
const TOP = 16;

/** Distance to the nearest code along a path, as a curve aligned with the strip above it. */
export class DistanceCurve {
  private readonly svg = svg("svg", { class: "curve", role: "img", "aria-label": "distance to the nearest code along the path" });
  private readonly area = svg("path", { class: "area" });
  private readonly line = svg("path", { class: "line" });
  private readonly cursor = svg("path", { class: "cursor" });
  private readonly most = h("small", { className: "most" });
  private readonly here = h("small", { className: "here" });
  private distance: Float32Array | null = null;
  private width = 400;
  private inset = 20;
  private t: number | null = 0;
  readonly root = h("div", { className: "distance" }, this.svg, this.most, this.here);

  /** unit: latent units per unit shown, and its name. */
  constructor(private readonly unit: { size: number; name: string }) {
    this.svg.append(this.area, this.line, this.cursor);
  }

  resize(width: number, inset: number): void {
    [this.width, this.inset] = [width, inset];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(HEIGHT));
    if (this.distance) this.draw(this.distance);
  }

  draw(distance: Float32Array): void {
    this.distance = distance;
    const most = Math.max(...distance, 1e-6);
    const points = Array.from(distance, (value, i) => {
      const y = HEIGHT - 1 - (value / most) * (HEIGHT - TOP - 1);
      return `${this.x(i / (distance.length - 1)).toFixed(1)},${y.toFixed(1)}`;
    });
    this.line.setAttribute("d", `M${points.join("L")}`);
    this.area.setAttribute("d", `M${this.x(0)},${HEIGHT}L${points.join("L")}L${this.x(1)},${HEIGHT}Z`);
    this.most.textContent = `distance to the nearest code, at most ${figure(most / this.unit.size)} ${this.unit.name}`;
    this.mark(this.t);
  }

  /** Mark a position on the path; null removes the mark. */
  mark(t: number | null): void {
    this.t = t;
    this.cursor.style.display = t === null ? "none" : "";
    if (t === null) return void (this.here.textContent = "");
    const x = this.x(t).toFixed(1);
    this.cursor.setAttribute("d", `M${x},${TOP - 4}V${HEIGHT}`);
    if (!this.distance) return;
    const value = this.distance[Math.round(t * (this.distance.length - 1))];
    this.here.textContent = `${figure(value / this.unit.size)} ${this.unit.name} here`;
  }

  private x(t: number): number {
    return this.inset + t * (this.width - 2 * this.inset);
  }
}
