import { nearestRow } from "../latent/nearest";
import { Plane } from "../latent/plane";
import { path } from "../latent/vectors";
import type { Hit, MapView } from "../map";
import type { Projection } from "../schema";
import { FramedMap, type Positions } from "../page/framed-map";
import { Legend } from "../page/legend";
import type { ColumnValues } from "../page/library";
import { View } from "../page/view";
import type { BetaPlaces } from "../latent/beta-codes";
import { snapshots } from "../save/snapshot";
import { Choice, h, menu } from "../ui/dom";
import { Backdrop } from "./backdrop";
import { Pointer } from "./pointer";
import { SelectionSummary } from "./selection";
import type { ExploreStore } from "./store";

/** Distance in pixels within which the pointer picks a point. */
const REACH = 14;
/** Corners of the line that a walk is drawn as. */
const POINTS = 49;

/** The map of all codes: pointing at a position decodes it, a click sets the sliders to it. */
export class MapPanel extends View {
  readonly root: HTMLElement;
  private readonly pointer = this.own(new Pointer(this.store));
  private readonly summary = new SelectionSummary(this.store);
  private readonly framed = this.own(
    new FramedMap({
      onHover: (hit) => this.hover(hit),
      onPick: (hit) => this.pick(hit),
      onSelect: (rows) => this.summary.show(rows),
      onViewport: (view) => {
        if (!this.framed.steered) return; // a view that only follows the page size is not kept
        this.store.viewport = view;
        this.store.rest();
      },
    }),
  );
  private readonly legend = new Legend((hidden) => {
    this.store.hidden = hidden;
    this.filter();
    this.store.rest();
  });
  private readonly backdrop = this.own(new Backdrop(this.store, this.map));
  private projection: Projection = this.store.model.projections.find((p) => p.key === this.store.projection)!;
  private plane: Plane | null = null;
  private colours: ColumnValues | null = null;
  private positions: Positions | null = null;
  /** Positions at every β, in a plane. */
  private places: BetaPlaces | null = null;
  private scales: Promise<Float32Array> | null = null;

  constructor(private readonly store: ExploreStore) {
    super();
    const { model } = store;
    const projections = menu("projection", model.projections.map((p) => [p.key, p.label]), this.projection.key, (key) => this.project(key));
    const colourings = (): [string, string][] => [...model.columns.map(({ key, label }): [string, string] => [key, label]), ...store.shelf.colourings()];
    const colours = menu("colour by", colourings(), store.colour!, (key) => this.colour(key));
    const mode = new Choice<"pan" | "box" | "lasso">("what dragging does", [["pan", "move"], ["box", "box"], ["lasso", "lasso"]], "pan", (value) => this.map.setMode(value));
    const backdrop = h("input", { type: "checkbox", checked: store.plane });
    backdrop.addEventListener("change", () => {
      store.plane = backdrop.checked;
      this.backdrop.toggle(backdrop.checked);
      store.rest();
    });
    this.root = h(
      "section",
      { className: "map-panel", "aria-label": "map of the codes" },
      h(
        "header",
        {},
        projections,
        h("label", { className: "field" }, h("span", { className: "hint" }, "colour by "), colours),
        mode.root,
        h("label", { className: "check" }, backdrop, " decoded plane"),
      ),
      this.framed.root,
      this.legend.root,
      this.pointer.root,
      this.summary.root,
    );
    this.backdrop.toggle(store.plane);
    this.onDispose(
      store.on("z", () => this.cursor()),
      store.on("selected", () => void this.ellipse()),
      store.on("own", () => void this.ellipse()),
      store.on("ends", () => this.walk()),
      store.on("codes", () => this.settle()),
      store.on("beta", () => this.follow()),
      store.on("label", () => this.backdrop.refresh()),
      store.on("directions", () => {
        colours.replaceChildren(...colourings().map(([value, label]) => h("option", { value, selected: value === store.colour }, label)));
        if (store.colour !== this.colours?.column.key || store.shelf.at(store.colour!)) this.colour(store.colour!);
      }),
      store.on("projections", () => {
        const options = model.projections.map((p) => h("option", { value: p.key, selected: p.key === this.projection.key }, p.label));
        projections.replaceChildren(...options);
      }),
    );
    this.project(this.projection.key);
    this.colour(store.colour!);
    snapshots.set(this.framed.root, { picture: (ratio) => this.map.toCanvas(ratio), vectors: (context) => this.map.toVectors(context) });
  }

  private get map(): MapView {
    return this.framed.map;
  }

  private project(key: string): void {
    const { store } = this;
    const changed = store.projection !== key;
    this.projection = store.model.projections.find((p) => p.key === key)!;
    store.projection = key;
    this.plane = Plane.of(this.projection);
    this.place(key, changed).catch(store.fail);
    if (changed) store.rest();
  }

  private async place(key: string, changed: boolean): Promise<void> {
    const { store, map } = this;
    this.places = null;
    const stored = await store.library.positions(key);
    if (this.projection.key !== key) return;
    const [x, y] = this.atBeta() ?? stored;
    this.nameAxes();
    const first = this.positions === null;
    this.positions = [x, y];
    if (first) {
      map.setPoints(x, y);
      this.paint();
    } else map.movePoints(x, y);
    if (changed) {
      store.viewport = null;
      this.framed.steered = false;
      map.fit(true);
    } else if (first && store.viewport) map.setViewport(store.viewport);
    map.setSigmaCircles(this.plane && store.model.rate ? [1, 2, 3] : null);
    this.backdrop.setPlane(this.plane, x, y);
    this.changed();
  }

  private colour(key: string): void {
    const { store } = this;
    const changed = store.colour !== key;
    store.colour = key;
    if (changed) store.hidden = [];
    const use = (column: ColumnValues) => {
      if (store.colour !== key) return;
      this.colours = column;
      this.paint();
    };
    (store.shelf.column(key) ?? store.library.column(key)).then(use).catch(store.fail);
    if (changed) store.rest();
  }

  /** Colour the points, once both positions and values have arrived. */
  private paint(): void {
    if (!this.colours || !this.positions) return;
    const { column, categories, values } = this.colours;
    if (categories) this.map.setCategories(categories, column.names!, column.colours);
    else this.map.setValues(values!, column.unit ? `${column.label}, ${column.unit}` : column.label);
    const names = categories ? column.names! : [];
    const hidden = this.store.hidden.filter((i) => i < names.length);
    this.store.hidden = hidden.length < names.length ? hidden : []; // hiding every class hides none
    this.legend.show(names, this.store.hidden, column.colours);
    if (hidden.length) this.filter();
  }

  /** Show the classes that are not hidden. */
  private filter(): void {
    const names = this.colours?.column.names ?? [];
    this.map.setVisible(names.map((_, i) => !this.store.hidden.includes(i)));
  }

  private hover(hit: Hit | null): void {
    const row = hit ? this.picked(hit) : null;
    this.map.highlight(row);
    this.pointer.show(hit, row, this.plane);
  }

  /** The point that the pointer picks: one close by, or any nearest one where positions have no code of their own. */
  private picked({ nearest, distance }: Hit): number | null {
    return distance <= REACH || !this.plane ? nearest : null;
  }

  private pick(hit: Hit): void {
    const row = this.picked(hit);
    const z = row !== null ? this.store.codeOf(row) : (this.plane?.lift(hit.x, hit.y) ?? null);
    if (z) this.store.setZ(z, row);
  }

  /** The positions at the present β; null at the default one, and where the projection is no plane. */
  private atBeta(): Positions | null {
    const { plane, store: { beta, betaCodes, model } } = this;
    if (!plane || !betaCodes || beta === undefined || beta === model.beta) return null;
    return (this.places ??= betaCodes.places(plane)).xy(beta);
  }

  private nameAxes(): void {
    const [x, y] = this.projection.axes.map((name) => this.store.live.withShare(name));
    this.map.setAxes({ x, y });
  }

  /** The codes move with β; a curved projection, which is that of the default β, stays. */
  private follow(): void {
    this.backdrop.refresh();
    this.nameAxes();
    const { positions } = this;
    if (!positions || !this.plane || !this.store.betaCodes) return;
    const key = this.projection.key;
    const move = (to: Positions) => {
      this.positions = to;
      this.map.dragPoints(...to);
      this.changed();
    };
    const here = this.atBeta();
    if (here) move(here);
    else void this.store.library.positions(key).then((stored) => this.projection.key === key && !this.atBeta() && move(stored));
  }

  private settle(): void {
    if (this.store.beta !== undefined && this.positions) this.map.settlePoints();
    this.changed();
  }

  private changed(): void {
    this.cursor();
    void this.ellipse();
    this.walk();
  }

  private cursor(): void {
    const { source, z } = this.store;
    // where the map has no place for a code, an image of the visitor's stands at its nearest neighbour
    const row = source ?? (this.store.own && this.store.codes && !this.plane ? nearestRow(this.store.codes, z)[0] : null);
    const [x, y] = this.plane ? this.plane.drop(z) : row !== null && this.positions ? [this.positions[0][row], this.positions[1][row]] : [NaN, NaN];
    this.map.setCursor(Number.isFinite(x) ? { x, y } : null);
  }

  /** The posterior of the visitor's image or of the selected one. */
  private async ellipse(): Promise<void> {
    const { store, plane } = this;
    if (store.own && plane && store.model.rate) {
      const { mean, scale, tril } = store.own.posterior;
      const [x, y] = plane.drop(mean);
      const [xx, xy, yy] = plane.covariance(scale, tril);
      return this.map.setEllipse({ x, y, xx, xy, yy });
    }
    const row = store.source;
    if (row === null || !plane || !store.model.rate) return this.map.setEllipse(null);
    const scale = await this.scaleOf(row).catch(() => null);
    const code = store.codeOf(row);
    if (!scale || !code || store.source !== row) return;
    const [x, y] = plane.drop(code);
    const [xx, xy, yy] = plane.covariance(scale);
    this.map.setEllipse({ x, y, xx, xy, yy });
  }

  /** Standard deviations of the posterior of a test image, at the present β. */
  private async scaleOf(row: number): Promise<Float32Array> {
    const { library, model, beta } = this.store;
    if (beta === undefined || beta === model.beta) {
      const scales = await (this.scales ??= library.scales());
      return scales.slice(row * model.latentSize, (row + 1) * model.latentSize);
    }
    const logarithms = await library.betaScales();
    return logarithms.row(this.store.beta!, row).map(Math.exp);
  }

  private walk(): void {
    const { a, b, pathKind, walking, shelf } = this.store;
    const codes = walking ? path(a, b, POINTS, pathKind) : shelf.trail;
    this.mark();
    if (!this.plane || !codes) return this.map.setPath(null);
    const d = a.length;
    const corners = new Float32Array((2 * codes.length) / d);
    for (let i = 0; 2 * i < corners.length; i++) corners.set(this.plane.drop(codes.subarray(i * d, (i + 1) * d)), 2 * i);
    this.map.setPath(corners, walking || shelf.cone === null ? null : this.fan(codes, shelf.cone));
  }

  /** Where the line between two codes through z may lie, if its direction is known to so many degrees. */
  private fan(ends: Float32Array, degrees: number): Float32Array | null {
    const { z } = this.store;
    return this.plane!.fan(z, ends.subarray(0, z.length), ends.subarray(z.length), (Math.PI / 180) * degrees);
  }

  /** The codes with a name of their own. */
  private mark(): void {
    const { store: { shelf: { marks }, model }, plane } = this;
    if (!marks || !plane) return this.map.setOverlay(new Float32Array(0), new Float32Array(0), []);
    const [x, y] = plane.dropAll(marks.codes, marks.codes.length / model.latentSize);
    this.map.setOverlay(x, y, [], marks.labels);
  }
}
