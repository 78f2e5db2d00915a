import { dimensionName } from "../latent/dimensions";
import { Plane } from "../latent/plane";
import { spread } from "../latent/vectors";
import type { Hit } from "../map";
import { FramedMap, type Positions } from "../page/framed-map";
import { View } from "../page/view";
import { h, menu } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { CompareStore } from "./store";
import type { PlaneKind } from "../schema";

const THUMB = 64;

/** One map for all models of the ladder: between two of them the codes of the same images move linearly. */
export class LadderMap extends View {
  readonly root: HTMLElement;
  private readonly framed = this.own(
    new FramedMap({
      onHover: (hit) => this.hover(hit),
      onPick: (hit) => hit.nearest !== null && hit.distance < 20 && this.store.setImage(hit.nearest),
    }),
  );
  private readonly map = this.framed.map;
  private readonly plane = menu("what the map shows", [["pca", "principal plane"], ["dimensions", "two strongest dimensions"]], this.store.plane, (kind) => this.store.set("plane", kind as PlaneKind));
  private readonly colours: HTMLSelectElement;
  private readonly original = new Picture(this.store.data.models[0].imageShape, THUMB, "test image under the pointer");
  private readonly caption = h("figcaption", {}, "point at a code");
  private positions: (Positions | null)[] = [];
  private hovered: number | null = null;

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    const columns = models[0].columns.filter((c) => c.names).reverse();
    this.colours = menu("colour of the codes", columns.map((c) => [c.key, c.label]), store.colour ?? columns[0]?.key ?? "", (key) => store.set("colour", key));
    this.root = h(
      "section",
      { className: "ladder-map", "aria-label": "map of the codes along β" },
      h("header", {}, models[0].latentSize > 1 ? this.plane : null, columns.length ? h("label", { className: "field" }, h("span", { className: "hint" }, "coloured by "), this.colours) : null),
      this.framed.root,
      this.framed.legend.root,
      h("figure", { className: "hovered-image empty" }, h("div", { className: "slot" }, this.original.canvas), this.caption),
    );
    if (models.some((m) => m.rate)) this.map.setSigmaCircles([1, 2, 3]);
    this.onDispose(
      store.on("codes", (i) => this.place(i)),
      store.on("plane", () => this.replace()),
      store.on("reference", () => store.plane === "dimensions" && this.replace()),
      store.on("rotation", () => store.rotation && this.place(store.rotation.model)),
      store.on("colour", () => void this.colour()),
      store.on("at", () => this.show()),
      store.on("z", () => this.cursor()),
    );
    this.replace();
  }

  private replace(): void {
    this.framed.steered = false;
    this.positions = this.store.liveModels.map((_, i) => this.positionsOf(i));
    const [a, b] = this.store.dimensions;
    const byDimension = this.store.plane === "dimensions";
    if (b === undefined) this.map.setAxes({ x: `${dimensionName(a)} of the reference`, y: "" });
    else this.map.setAxes(byDimension ? { x: `matched to ${dimensionName(a)} of the reference`, y: `matched to ${dimensionName(b)}` } : { x: "principal plane, aligned", y: "" });
    this.arrived();
  }

  private place(i: number): void {
    this.positions[i] = this.positionsOf(i);
    this.arrived();
  }

  /** Show the codes once all have arrived, with all models of the ladder in view. */
  private arrived(): void {
    const all = this.positions.filter((positions) => positions !== null);
    if (all.length < this.positions.length) return;
    this.show();
    void this.colour();
    this.framed.keepInView(...all);
  }

  /** The projection of codes of model i to the map. */
  private projection(i: number): (z: Float32Array) => [number, number] {
    const { store } = this;
    const flat = store.data.planes[i];
    if (store.plane === "pca" && flat) {
      const plane = Plane.of({ key: "", label: "", axes: ["", ""], ...flat })!;
      return (z) => plane.drop(z);
    }
    const { order, sign } = store.match(i);
    const [a, b] = store.dimensions;
    return (z) => [sign[a] * z[order[a]], b === undefined ? 0 : sign[b] * z[order[b]]];
  }

  private positionsOf(i: number): Positions | null {
    const { means, latents, d, model } = this.store.liveModels[i];
    const codes = this.store.plane === "pca" ? means : latents; // a plane rotates with its codes, a dimension does not
    if (!codes) return null;
    const drop = this.projection(i);
    const places = Array.from({ length: model.count }, (_, row) => drop(codes.subarray(row * d, (row + 1) * d)));
    return [Float32Array.from(places, ([x]) => x), Float32Array.from(places, ([, y], row) => (d === 1 ? spread(row) : y))];
  }

  private show(): void {
    const [low, high, share] = this.store.between;
    const [from, to] = [this.positions[low], this.positions[high]];
    if (!from || !to) return;
    const mix = (a: Float32Array, b: Float32Array) => a.map((value, i) => value + share * (b[i] - value));
    this.map.setPoints(mix(from[0], to[0]), mix(from[1], to[1]));
    this.cursor();
  }

  private cursor(): void {
    const [low, high, share] = this.store.between;
    const { store } = this;
    const [a, b] = [low, high].map((i) => this.projection(i)(store.plane === "pca" ? store.liveModels[i].own(store.codeOf(i)) : store.codeOf(i)));
    this.map.setCursor({ x: a[0] + share * (b[0] - a[0]), y: a[1] + share * (b[1] - a[1]) });
  }

  private async colour(): Promise<void> {
    const key = this.colours.value;
    if (!key) return;
    try {
      const { column, categories } = await this.store.liveModels[0].library.column(key);
      if (this.colours.value !== key || !categories || !this.positions.every(Boolean)) return;
      const ordered = key.startsWith("factor:") && column.names!.length > 3;
      if (!ordered) return this.framed.setClasses(categories, column.names!, column.colours);
      this.framed.legend.show([]);
      this.map.setValues(Float32Array.from(categories), column.label);
    } catch (error) {
      this.store.fail(error);
    }
  }

  private hover(hit: Hit | null): void {
    const row = hit && hit.distance < 30 ? hit.nearest : null;
    if (row === this.hovered) return;
    this.hovered = row;
    this.map.highlight(row);
    this.caption.textContent = row === null ? "point at a code" : `test image ${row}; click to start from it`;
    this.original.canvas.closest("figure")!.classList.toggle("empty", row === null);
    if (row !== null) void this.store.liveModels[0].library.drawOriginal(row, this.original.canvas, () => this.hovered === row);
  }
}
