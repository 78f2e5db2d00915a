import type { Hit } from "../map";
import { FramedMap } from "../page/framed-map";
import { View } from "../page/view";
import { SupportField } from "./field";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";

/** The grey of codes, visible on light and dark. */
const CODES = "#8b93a1";

export interface Place {
  x: number;
  y: number;
  z: Float32Array;
}

/** The codes of a model, and on top of them the drawn codes in the colour of their images. */
export class CodesMap extends View {
  private readonly framed = this.own(new FramedMap({ onHover: (hit) => this.hover(hit) }));
  private readonly map = this.framed.map;
  private readonly field = new SupportField(this.live, (picture, extent) => this.map.setBackdrop(picture, extent));
  private loaded = false;
  readonly root = this.framed.root;

  constructor(
    private readonly live: ModelSamples,
    private readonly store: SamplesStore,
    /** Called with the position under the pointer; null off the map or at a sample. */
    private readonly pointAt: (place: Place | null) => void,
  ) {
    super();
    this.onDispose(() => this.field.stop());
    this.nameAxes();
    if (live.model.rate && !live.model.code) this.map.setSigmaCircles([1, 2, 3]);
  }

  /** Show the codes once they have arrived. */
  load(): void {
    const { codes, plane, model } = this.live;
    if (!codes || !plane) return;
    const [x, y] = plane.dropAll(codes, model.count);
    if (this.loaded) this.map.movePoints(x, y);
    else {
      this.map.setPoints(x, y);
      this.map.setCategories(new Uint8Array(x.length), ["codes of test images"], [CODES]);
      this.framed.keepInView([x, y]);
    }
    this.loaded = true;
    this.field.start(plane, this.framed.extent!);
  }

  /** The codes move with β. */
  move(): void {
    const { codes, plane, model } = this.live;
    if (!this.loaded || !codes || !plane) return;
    this.map.dragPoints(...plane.dropAll(codes, model.count));
    this.nameAxes();
  }

  nameAxes(): void {
    const { live } = this;
    const [x, y] = live.model.projections[0].axes.map((name) => live.withShare(name));
    this.map.setAxes({ x, y });
  }

  /** Show the drawn codes. */
  show(): void {
    const { live } = this;
    if (!live.plane) return;
    const [x, y] = live.plane.dropAll(live.z, live.count);
    this.map.setOverlay(x, y, Array.from({ length: live.count }, (_, i) => live.colourOf(i)));
    this.point();
  }

  /** Mark the hovered sample and the nearest code. */
  point(): void {
    const { live, store } = this;
    const i = store.hovered;
    if (i === null || i >= live.count || !live.plane) {
      this.map.setCursor(null);
      this.map.highlight(null);
      return;
    }
    const [x, y] = live.plane.drop(live.sample(i));
    this.map.setCursor({ x, y });
    this.map.highlight(live.nearest.length === live.count ? live.nearest[i] : null);
  }

  private hover(hit: Hit | null): void {
    this.store.hover(hit?.drawn ?? null);
    const place = hit && hit.drawn === null && this.live.plane && this.live.codes ? { x: hit.x, y: hit.y, z: this.live.plane.lift(hit.x, hit.y) } : null;
    if (hit?.drawn === null || !hit) this.map.highlight(place ? this.live.nearestTo(place.z)[0] : null);
    this.pointAt(place);
  }
}
