import { type Hit, MapView } from "../map";
import { fitted } from "../map/viewport";
import { h } from "../ui/dom";
import type { Bench } from "./bench";
import { SupportField } from "./field";
import type { Lane } from "./lane";
import { themeOf } from "../map/theme";

const MARGIN = 22;
/** Half-width of what N(0, I) draws, in its standard deviations: always in view. */
const PRIOR = 3;
/** The grey of codes, and of places, on light and dark alike. */
const CODES = "#8b93a1";

export interface Place {
  x: number;
  y: number;
  z: Float32Array;
}

/** Where a model's codes lie, and on top of them the codes that were drawn, in the colour of their support. */
export class CodesMap {
  readonly frame = h("div", { className: "map" });
  private readonly map: MapView;
  private readonly field: SupportField;
  private readonly sized: ResizeObserver;
  private extent: { x0: number; x1: number; y0: number; y1: number } | null = null;
  private steered = false;

  constructor(
    private readonly lane: Lane,
    private readonly bench: Bench,
    /** The pointer is at a place of the map; null when it is not, or when it is at a sample. */
    private readonly pointed: (place: Place | null) => void,
  ) {
    this.map = new MapView(this.frame, {
      onHover: (hit) => this.hover(hit),
      onPick: () => undefined,
      onSelect: () => undefined,
      onViewport: () => undefined,
    });
    this.field = new SupportField(lane, (picture, extent) => this.map.setBackdrop(picture, extent));
    for (const kind of ["pointerdown", "wheel", "keydown"]) this.frame.addEventListener(kind, () => (this.steered = true), { capture: true, passive: true });
    this.sized = new ResizeObserver(() => this.frameAll());
    this.sized.observe(this.frame);
    const { axes } = lane.model.projections[0];
    this.map.setAxes({ x: axes[0], y: axes[1] });
    if (lane.model.rate) this.map.setSigmaCircles([1, 2, 3]);
  }

  /** The codes are there. */
  load(): void {
    const { codes, plane, model } = this.lane;
    if (!codes || !plane) return;
    const d = model.latentSize;
    const [x, y] = [new Float32Array(model.count), new Float32Array(model.count)];
    for (let i = 0; i < model.count; i++) [x[i], y[i]] = plane.drop(codes.subarray(i * d, (i + 1) * d));
    this.map.setPoints(x, y);
    this.map.setCategories(new Uint8Array(x.length), ["codes of test images"], [CODES]);
    const reach = (values: Float32Array) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [-PRIOR, PRIOR]);
    const [[x0, x1], [y0, y1]] = [reach(x), reach(y)];
    this.extent = { x0, x1, y0, y1 };
    this.frameAll();
    this.field.start(plane, this.extent);
  }

  /** Codes and prior in view, until somebody moves the view. */
  private frameAll(): void {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (this.extent && !this.steered && width && height) this.map.setViewport(fitted(this.extent, width, height, MARGIN));
  }

  theme(): void {
    const theme = themeOf(this.frame);
    if (theme) this.map.setTheme(theme);
  }

  /** The drawn codes have moved, or their support is known. */
  show(): void {
    const { lane } = this;
    if (!lane.plane) return;
    const [x, y] = [new Float32Array(lane.count), new Float32Array(lane.count)];
    for (let i = 0; i < lane.count; i++) [x[i], y[i]] = lane.plane.drop(lane.sample(i));
    const known = lane.support.length === lane.count;
    this.map.setOverlay(x, y, known ? Array.from(lane.support, (distance) => lane.colour(distance)) : ["#808080"]);
    this.point();
  }

  /** Show which sample is pointed at, and the nearest code. */
  point(): void {
    const { lane, bench } = this;
    const i = bench.hovered;
    if (i === null || i >= lane.count || !lane.plane) {
      this.map.setCursor(null);
      this.map.highlight(null);
      return;
    }
    const [x, y] = lane.plane.drop(lane.sample(i));
    this.map.setCursor({ x, y });
    this.map.highlight(lane.nearest.length === lane.count ? lane.nearest[i] : null);
  }

  private hover(hit: Hit | null): void {
    this.bench.hover(hit?.drawn ?? null);
    const place = hit && hit.drawn === null && this.lane.plane && this.lane.codes ? { x: hit.x, y: hit.y, z: this.lane.plane.lift(hit.x, hit.y) } : null;
    if (hit?.drawn === null || !hit) this.map.highlight(place ? this.lane.nearestTo(place.z)[0] : null);
    this.pointed(place);
  }

  dispose(): void {
    this.sized.disconnect();
    this.field.stop();
    this.map.destroy();
  }
}
