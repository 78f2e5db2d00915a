import { Plane } from "../latent/plane";
import { type Hit, MapView } from "../map";
import { themeOf } from "../map/theme";
import { fitted } from "../map/viewport";
import { h, menu } from "../ui/dom";
import { Picture } from "../ui/picture";
import { dimensionName } from "../latent/dimensions";
import { spread } from "../latent/vectors";
import { Legend } from "../views/legend";
import type { Board } from "./board";
import type { PlaneKind } from "./types";

const MARGIN = 26;
const PRIOR = 3;
const THUMB = 64;
type Positions = [x: Float32Array, y: Float32Array];

/** One map for all rungs of the ladder: between two of them the codes of the same images travel. */
export class Travel {
  readonly root: HTMLElement;
  private readonly frame = h("div", { className: "map" });
  private readonly map: MapView;
  private readonly plane: HTMLSelectElement;
  private readonly colours: HTMLSelectElement;
  private readonly legend = new Legend((hidden) => this.map.setVisible(this.named.map((_, i) => !hidden.includes(i))));
  private readonly original: Picture;
  private readonly said = h("figcaption", {}, "point at a code");
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private positions: (Positions | null)[] = [];
  private steered = false;
  private pointed: number | null = null;
  /** What the classes are called by which the codes are coloured. */
  private named: string[] = [];

  constructor(private readonly board: Board) {
    const { models } = board.data;
    this.map = new MapView(this.frame, {
      onHover: (hit) => this.hover(hit),
      onPick: (hit) => hit.nearest !== null && hit.distance < 20 && board.setImage(hit.nearest),
      onSelect: () => undefined,
      onViewport: () => undefined,
    });
    for (const kind of ["pointerdown", "wheel", "keydown"]) this.frame.addEventListener(kind, () => (this.steered = true), { capture: true, passive: true });
    this.plane = menu("what the map shows", [["pca", "principal plane"], ["strands", "two strongest dimensions"]], board.plane, (kind) => board.setPlane(kind as PlaneKind));
    const columns = models[0].columns.filter((c) => c.names).reverse();
    this.colours = menu("colour of the codes", columns.map((c) => [c.key, c.label]), board.colour ?? columns[0]?.key ?? "", (key) => board.setColour(key));
    this.original = new Picture(models[0].imageShape, THUMB, "test image under the pointer");
    this.root = h(
      "section",
      { className: "travel", "aria-label": "map of the codes through β" },
      h("header", {}, models[0].latentSize > 1 ? this.plane : null, columns.length ? h("label", { className: "by" }, h("span", { className: "hint" }, "coloured by "), this.colours) : null),
      this.frame,
      this.legend.root,
      h("figure", { className: "pointed empty" }, h("div", { className: "slot" }, this.original.canvas), this.said),
    );
    if (models.some((m) => m.rate)) this.map.setSigmaCircles([1, 2, 3]);
    this.off = [
      board.on("codes", (i) => this.place(i)),
      board.on("plane", () => this.replace()),
      board.on("lead", () => board.plane === "strands" && this.replace()),
      board.on("turn", () => board.turn && this.place(board.turn.lane)),
      board.on("colour", () => void this.colour()),
      board.on("at", () => this.show()),
      board.on("hand", () => this.cursor()),
      board.on("theme", () => this.theme()),
    ];
    this.sized = new ResizeObserver(() => this.frameAll());
    this.sized.observe(this.frame);
    this.replace();
  }

  private replace(): void {
    this.steered = false;
    this.positions = this.board.lanes.map((_, i) => this.placed(i));
    const [a, b] = this.board.dimensions;
    const strands = this.board.plane === "strands";
    if (b === undefined) this.map.setAxes({ x: `${dimensionName(a)} of the lead`, y: "" });
    else this.map.setAxes(strands ? { x: `as ${dimensionName(a)} of the lead`, y: `as ${dimensionName(b)}` } : { x: "principal plane, turned alike", y: "" });
    this.arrived();
  }

  private place(i: number): void {
    this.positions[i] = this.placed(i);
    this.arrived();
  }

  /** All codes are there: show them, from now on by moving them. */
  private arrived(): void {
    if (!this.positions.every(Boolean)) return;
    this.show();
    void this.colour();
    this.frameAll();
  }

  /** Where code z of model i falls. */
  private dropper(i: number): (z: Float32Array) => [number, number] {
    const { board } = this;
    const flat = board.data.planes[i];
    if (board.plane === "pca" && flat) {
      const plane = Plane.of({ key: "", label: "", axes: ["", ""], ...flat })!;
      return (z) => plane.drop(z);
    }
    const { order, sign } = board.match(i);
    const [a, b] = board.dimensions;
    return (z) => [sign[a] * z[order[a]], b === undefined ? 0 : sign[b] * z[order[b]]];
  }

  private placed(i: number): Positions | null {
    const { means, latents, d, model } = this.board.lanes[i];
    const codes = this.board.plane === "pca" ? means : latents; // a plane turns with its codes, a dimension does not
    if (!codes) return null;
    const drop = this.dropper(i);
    const [x, y] = [new Float32Array(model.count), new Float32Array(model.count)];
    for (let row = 0; row < model.count; row++) [x[row], y[row]] = drop(codes.subarray(row * d, (row + 1) * d));
    if (d === 1) y.forEach((_, row) => (y[row] = spread(row)));
    return [x, y];
  }

  private show(): void {
    const [low, high, share] = this.board.between;
    const [from, to] = [this.positions[low], this.positions[high]];
    if (!from || !to) return;
    const mix = (a: Float32Array, b: Float32Array) => a.map((value, i) => value + share * (b[i] - value));
    this.map.setPoints(mix(from[0], to[0]), mix(from[1], to[1]));
    this.cursor();
  }

  private cursor(): void {
    const [low, high, share] = this.board.between;
    const { board } = this;
    const [a, b] = [low, high].map((i) => this.dropper(i)(board.plane === "pca" ? board.lanes[i].own(board.codeOf(i)) : board.codeOf(i)));
    this.map.setCursor({ x: a[0] + share * (b[0] - a[0]), y: a[1] + share * (b[1] - a[1]) });
  }

  private async colour(): Promise<void> {
    const key = this.colours.value;
    if (!key) return;
    try {
      const { column, categories } = await this.board.lanes[0].library.column(key);
      if (this.colours.value !== key || !categories || !this.positions.every(Boolean)) return;
      const ordered = key.startsWith("factor:") && column.names!.length > 3;
      this.named = ordered ? [] : column.names!;
      this.legend.show(this.named);
      if (ordered) this.map.setValues(Float32Array.from(categories), column.label);
      else this.map.setCategories(categories, this.named);
    } catch (error) {
      this.board.notice((error as Error).message);
    }
  }

  /** All maps of the ladder in view, until somebody moves the view. */
  private frameAll(): void {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (this.steered || !width || !height || !this.positions.every(Boolean)) return;
    const reach = (axis: 0 | 1) =>
      this.positions.reduce(([low, high], both) => both![axis].reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [low, high]), [-PRIOR, PRIOR]);
    const [[x0, x1], [y0, y1]] = [reach(0), reach(1)];
    this.map.setViewport(fitted({ x0, x1, y0, y1 }, width, height, MARGIN));
  }

  private theme(): void {
    const theme = themeOf(this.frame);
    if (theme) this.map.setTheme(theme);
  }

  private hover(hit: Hit | null): void {
    const row = hit && hit.distance < 30 ? hit.nearest : null;
    if (row === this.pointed) return;
    this.pointed = row;
    this.map.highlight(row);
    this.said.textContent = row === null ? "point at a code" : `test image ${row}; a click starts the hand from it`;
    this.original.canvas.closest("figure")!.classList.toggle("empty", row === null);
    if (row !== null) void this.board.lanes[0].library.drawOriginal(row, this.original.canvas, () => this.pointed === row);
  }

  dispose(): void {
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    this.map.destroy();
  }
}
