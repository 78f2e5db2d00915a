import { type Extent, MapView } from "../map";
import { themeOf } from "../map/theme";
import type { MapCallbacks } from "../map/types";
import { fitted } from "../map/viewport";
import { h } from "../ui/dom";
import { Legend } from "./legend";
import { View } from "./view";

/** Half-width of the prior in standard deviations, always in view. */
const PRIOR = 3;
const MARGIN = 24;

export type Positions = [x: Float32Array, y: Float32Array];

/** A map in its frame and in the colours of the page. It keeps given positions in view until the user moves the view. */
export class FramedMap extends View {
  readonly root = h("div", { className: "map" });
  readonly map: MapView;
  /** The user has moved the view. */
  steered = false;
  private letter = 0;
  extent: Extent | null = null;
  /** Classes that colour the points. */
  private classes: string[] = [];
  readonly legend = new Legend((hidden) => this.map.setVisible(this.classes.map((_, i) => !hidden.includes(i))));

  constructor(callbacks: Partial<MapCallbacks> = {}) {
    super();
    const nothing = () => undefined;
    this.map = new MapView(this.root, { onHover: nothing, onPick: nothing, onSelect: nothing, onViewport: nothing, ...callbacks });
    for (const kind of ["pointerdown", "wheel", "keydown"]) this.root.addEventListener(kind, () => (this.steered = true), { capture: true, passive: true });
    this.onResize(this.root, () => {
      this.fitLetters();
      this.fit();
    });
    this.onDispose(() => this.map.destroy());
  }

  /** Keep these positions, and the prior, in view. */
  keepInView(...positions: Positions[]): void {
    const reach = (axis: 0 | 1) =>
      positions.reduce(([low, high], both) => both[axis].reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [low, high]), [-PRIOR, PRIOR]);
    const [[x0, x1], [y0, y1]] = [reach(0), reach(1)];
    this.extent = { x0, x1, y0, y1 };
    this.fit();
  }

  /** Colour the points by class, with a legend that hides and shows classes. */
  setClasses(values: Uint8Array | Uint16Array, names: string[], colours?: string[]): void {
    this.classes = names;
    this.legend.show(names, [], colours);
    this.map.setCategories(values, names, colours);
  }

  /** Adopt the page's colours, light or dark. */
  override theme(): void {
    const theme = themeOf(this.root);
    if (!theme) return;
    this.letter = theme.letter;
    this.map.setTheme(theme);
  }

  /** Letters are larger in full screen. Only then, for new colours are sent for every point. */
  private fitLetters(): void {
    if (themeOf(this.root)?.letter !== this.letter) this.theme();
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (this.extent && !this.steered && width && height) this.map.setViewport(fitted(this.extent, width, height, MARGIN));
  }
}
