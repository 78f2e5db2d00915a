import { Plane } from "../latent/plane";
import { path } from "../latent/vectors";
import type { ColumnValues } from "../library";
import { type Hit, MapView } from "../map";
import type { Projection } from "../model";
import { themeOf } from "../map/theme";
import { snapshots } from "../save/snapshot";
import type { Session } from "../session";
import { Choice, h, menu } from "../ui/dom";
import { Backdrop } from "./backdrop";
import { Legend } from "./legend";
import { Pointer } from "./pointer";
import { SelectionSummary } from "./selection";

/** A point this near the pointer, in pixels, is meant by it. */
const REACH = 14;

/** The map of all codes: what lies under the pointer decodes at once, a click takes it into the sliders. */
export class MapPanel {
  readonly root: HTMLElement;
  private readonly map: MapView;
  private readonly pointer: Pointer;
  private readonly legend: Legend;
  private readonly summary: SelectionSummary;
  private readonly backdrop: Backdrop;
  private readonly frame = h("div", { className: "map" });
  private readonly off: (() => void)[];
  private projection: Projection;
  private plane: Plane | null = null;
  private steered = false;
  private colours: ColumnValues | null = null;
  private positions: [Float32Array, Float32Array] | null = null;
  private scales: Promise<Float32Array> | null = null;

  constructor(private readonly session: Session) {
    const { model } = session;
    this.projection = model.projections.find((p) => p.key === session.projection)!;
    const placed = menu("projection", model.projections.map((p) => [p.key, p.label]), this.projection.key, (key) => this.project(key));
    const coloured = menu("colour by", model.columns.map((c) => [c.key, c.label]), session.colour!, (key) => this.colour(key));
    const mode = new Choice<"pan" | "box" | "lasso">("what dragging does", [["pan", "move"], ["box", "box"], ["lasso", "lasso"]], "pan", (value) => this.map.setMode(value));
    const decoded = h("input", { type: "checkbox", checked: session.plane });
    decoded.addEventListener("change", () => {
      session.plane = decoded.checked;
      this.backdrop.toggle(decoded.checked);
      session.rest();
    });
    this.pointer = new Pointer(session);
    this.summary = new SelectionSummary(session);
    this.legend = new Legend((hidden) => {
      session.hidden = hidden;
      this.filter();
      session.rest();
    });
    this.root = h(
      "section",
      { className: "map-panel", "aria-label": "map of the codes" },
      h(
        "header",
        {},
        placed,
        h("label", { className: "by" }, h("span", { className: "hint" }, "colour by "), coloured),
        mode.root,
        h("label", { className: "check" }, decoded, " decoded plane"),
      ),
      this.frame,
      this.legend.root,
      this.pointer.root,
      this.summary.root,
    );
    this.map = new MapView(this.frame, {
      onHover: (hit) => this.hover(hit),
      onPick: (hit) => this.pick(hit),
      onSelect: (rows) => this.summary.show(rows),
      onViewport: (view) => {
        if (!this.steered) return;
        session.viewport = view;
        session.rest();
      },
    });
    this.backdrop = new Backdrop(session, this.map);
    this.backdrop.toggle(session.plane);
    this.off = [
      session.on("z", () => this.cursor()),
      session.on("selected", () => void this.ellipse()),
      session.on("ends", () => this.walk()),
      session.on("codes", () => this.changed()),
      session.on("theme", () => this.theme()),
      session.on("projections", () => {
        const options = model.projections.map((p) => h("option", { value: p.key, selected: p.key === this.projection.key }, p.label));
        placed.replaceChildren(...options);
      }),
    ];
    this.theme();
    // a view that only follows the size of the page is not worth keeping
    for (const kind of ["pointerdown", "wheel", "keydown"]) this.frame.addEventListener(kind, () => (this.steered = true), { capture: true, passive: true });
    this.project(this.projection.key);
    this.colour(session.colour!);
    snapshots.set(this.frame, { picture: (ratio) => this.map.toCanvas(ratio), vectors: (context) => this.map.toVectors(context) });
    requestAnimationFrame(() => this.theme());
  }

  private project(key: string): void {
    const { session } = this;
    const changed = session.projection !== key;
    this.projection = session.model.projections.find((p) => p.key === key)!;
    session.projection = key;
    this.plane = Plane.of(this.projection);
    session.library.positions(key).then(
      ([x, y]) => {
        if (this.projection.key !== key) return;
        this.map.setAxes({ x: this.projection.axes[0], y: this.projection.axes[1] });
        const first = this.positions === null;
        this.positions = [x, y];
        if (first) {
          this.map.setPoints(x, y);
          this.paint();
        } else this.map.movePoints(x, y);
        if (changed) {
          session.viewport = null;
          this.steered = false;
          this.map.fit(true);
        } else if (first && session.viewport) this.map.setViewport(session.viewport);
        this.map.setSigmaCircles(this.plane && session.model.rate ? [1, 2, 3] : null);
        this.backdrop.setPlane(this.plane, x, y);
        this.changed();
      },
      (error: Error) => session.notice(error.message),
    );
    if (changed) session.rest();
  }

  private colour(key: string): void {
    const { session } = this;
    const changed = session.colour !== key;
    session.colour = key;
    if (changed) session.hidden = [];
    session.library.column(key).then(
      (found) => {
        if (session.colour !== key) return;
        this.colours = found;
        this.paint();
      },
      (error: Error) => session.notice(error.message),
    );
    if (changed) session.rest();
  }

  /** Colour the points, once both they and their values are there. */
  private paint(): void {
    if (!this.colours || !this.positions) return;
    const { column, categories, values } = this.colours;
    if (categories) this.map.setCategories(categories, column.names!);
    else this.map.setValues(values!, column.unit ? `${column.label}, ${column.unit}` : column.label);
    const names = categories ? column.names! : [];
    const known = this.session.hidden.filter((i) => i < names.length);
    this.session.hidden = known.length < names.length ? known : []; // nothing left to see is no choice
    this.legend.show(names, this.session.hidden);
    if (known.length) this.filter();
  }

  /** Show the classes that are not hidden. */
  private filter(): void {
    const names = this.colours?.column.names ?? [];
    this.map.setVisible(names.map((_, i) => !this.session.hidden.includes(i)));
  }

  private hover(hit: Hit | null): void {
    const row = hit ? this.meant(hit) : null;
    this.map.highlight(row);
    this.pointer.show(hit, row, this.plane);
  }

  /** The point that the pointer means: one close by; where places have no code of their own, the nearest. */
  private meant({ nearest, distance }: Hit): number | null {
    return distance <= REACH || !this.plane ? nearest : null;
  }

  private pick(hit: Hit): void {
    const row = this.meant(hit);
    const z = row !== null ? this.session.codeOf(row) : (this.plane?.lift(hit.x, hit.y) ?? null);
    if (!z) return;
    this.session.setZ(z, row);
  }

  /** The page's colours, light or dark. */
  private theme(): void {
    const theme = themeOf(this.root);
    if (theme) this.map.setTheme(theme);
  }

  private changed(): void {
    this.cursor();
    void this.ellipse();
    this.walk();
  }

  private cursor(): void {
    const { source, z } = this.session;
    const [x, y] = this.plane ? this.plane.drop(z) : source !== null && this.positions ? [this.positions[0][source], this.positions[1][source]] : [NaN, NaN];
    this.map.setCursor(Number.isFinite(x) ? { x, y } : null);
  }

  /** The posterior of the chosen image, one standard deviation. */
  private async ellipse(): Promise<void> {
    const { session, plane } = this;
    const row = session.source;
    if (row === null || !plane || !session.model.rate) return this.map.setEllipse(null);
    this.scales ??= session.library.scales();
    const d = session.model.latentSize;
    const scales = await this.scales.catch(() => null);
    const code = session.codeOf(row);
    if (!scales || !code || session.source !== row) return;
    const [x, y] = plane.drop(code);
    const [xx, xy, yy] = plane.covariance(scales.subarray(row * d, (row + 1) * d));
    this.map.setEllipse({ x, y, xx, xy, yy });
  }

  private walk(): void {
    const { a, b, pathKind } = this.session;
    if (!this.plane || !this.session.walking) return this.map.setPath(null);
    const points = 49;
    const codes = path(a, b, points, pathKind);
    const d = a.length;
    const corners = new Float32Array(2 * points);
    for (let i = 0; i < points; i++) corners.set(this.plane.drop(codes.subarray(i * d, (i + 1) * d)), 2 * i);
    this.map.setPath(corners);
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
    this.pointer.dispose();
    this.backdrop.dispose();
    this.map.destroy();
  }
}
