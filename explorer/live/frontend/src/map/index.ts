/**
 * The map: a scatter of up to a million codes with a hand on it. It knows points, colours and shapes, and nothing of
 * models or images. Positions are world (latent) units, y up, the same scale along both axes.
 */
import { Chosen } from "./chosen";
import { Interaction, type Intents } from "./interaction";
import { codeAt } from "./overlay";
import { Renderer } from "./renderer";
import { Seeker } from "./seek";
import { Stack } from "./stack";
import { reducedMotion, Steering } from "./steering";
import { PointStore } from "./store";
import type { AxisNames, Extent, Gaussian, Hit, MapCallbacks, Mode, Point } from "./types";
import type { SelectionOp, Theme, Viewport } from "./types";
import { isView, panned, screenX, screenY, worldX, worldY, zoomedAbout } from "./viewport";

export type { Extent, Hit, Point, Theme, Viewport } from "./types";
export { CLASS_COLOURS, classColours } from "./palette";

const KEY_MS = 120;

const LIGHT: Theme = {
  background: "#ffffff",
  foreground: "#1f2430",
  accent: "#d6336c",
  muted: "#7b8494",
  grid: "#eceff3",
  letter: 12,
};

export class MapView {
  private readonly stack = new Stack(this.root);
  private readonly store = new PointStore();
  private readonly seeker = new Seeker(this.store);
  private readonly renderer = new Renderer(this.stack, this.store, LIGHT, (view) => this.callbacks.onViewport(view));
  private readonly steering = new Steering(this.stack, this.store, this.renderer);
  private readonly chosen = new Chosen(this.store, this.renderer);
  private readonly interaction = new Interaction(this.stack.surface, this.intents());
  private readonly observer = new ResizeObserver(() => this.resize());

  constructor(
    private readonly root: HTMLElement,
    private readonly callbacks: MapCallbacks,
  ) {
    this.observer.observe(root);
    this.setTheme(LIGHT);
    this.describe();
    this.resize();
  }

  /** Show these points. A different number of points forgets colours, selection and highlight. */
  setPoints(x: Float32Array, y: Float32Array): void {
    const other = x.length !== this.store.count;
    this.store.setPoints(x, y);
    if (other) {
      this.renderer.setHighlight(null);
      this.setSelection(null);
      this.renderer.loadSlots();
    }
    this.renderer.loadPositions(false);
    this.pointsReplaced();
    this.steering.refit();
  }

  /** The same points at new places, gliding there unless the user asked for reduced motion. */
  movePoints(x: Float32Array, y: Float32Array): void {
    this.store.movePoints(x, y, this.renderer.moved);
    this.renderer.loadPositions(!reducedMotion());
    this.pointsReplaced();
    this.steering.refit(true);
  }

  /** The same points at new places at once, under an unmoved view, as long as a hand moves them: `settlePoints` ends it. */
  dragPoints(x: Float32Array, y: Float32Array): void {
    this.store.movePoints(x, y, 1);
    this.renderer.loadPositions(false);
  }

  /** The points have come to rest: they can be found again. */
  settlePoints(): void {
    this.pointsReplaced();
  }

  /** Colour by class: `values[i]` indexes `names`; what lies beyond them is drawn muted. */
  setCategories(values: Uint8Array | Uint16Array, names: string[], palette?: string[]): void {
    this.store.setCategories(values, names, palette);
    this.renderer.loadSlots();
    this.pointsReplaced();
  }

  /** Colour by number on a sequential ramp, with a colour bar. Non-finite values are drawn muted. */
  setValues(values: Float32Array, label: string): void {
    this.store.setValues(values, label);
    this.renderer.loadSlots();
    this.pointsReplaced();
  }

  /** Which classes are shown. Hidden points are neither found nor newly selected. */
  setVisible(categories: boolean[]): void {
    this.store.setVisible(categories);
    this.renderer.loadColours();
    this.pointsReplaced();
  }

  private pointsReplaced(): void {
    this.store.measure();
    this.seeker.invalidate();
    this.steering.measureHome();
    this.describe();
  }

  /** Colour of a point as drawn, for whatever shows it beside the map. */
  colourOf(index: number): string {
    const [r, g, b] = this.store.colourOf(index);
    return `rgb(${r}, ${g}, ${b})`;
  }

  /** A picture that lies in the plane below the points, its pixels drawn crisp. */
  setBackdrop(image: CanvasImageSource | null, extent: Extent): void {
    this.renderer.backdrop = image ? { image, extent } : null;
    this.renderer.touchView();
    this.steering.fitEmpty();
  }

  /** Circles around the origin, radii in standard deviations of the prior. */
  setSigmaCircles(radii: number[] | null): void {
    this.renderer.mark({ sigmas: radii });
    this.steering.fitEmpty();
  }

  /** The 1 and 2 σ contours of a Gaussian. */
  setEllipse(gaussian: Gaussian | null): void {
    this.renderer.mark({ gaussian });
  }

  /** Where the current code lies. */
  setCursor(cursor: Point | null): void {
    this.renderer.setCursor(cursor);
  }

  /** A polyline with interleaved corners, and triangles that say where it may lie as well. */
  setPath(path: Float32Array | null, fan: Float32Array | null = null): void {
    this.renderer.mark({ path, fan });
  }

  /** Codes drawn on top of the points, for instance samples; none when x is empty. `colours` repeats. */
  setOverlay(x: Float32Array, y: Float32Array, colours: string[], labels: string[] = []): void {
    this.renderer.mark({ codes: x.length > 0 ? { x, y, colours, labels } : null, hoveredCode: null });
  }

  /** Ring one point, by index. */
  highlight(index: number | null): void {
    const usable = index !== null && index >= 0 && index < this.store.count ? index : null;
    this.renderer.setHighlight(usable);
  }

  setAxes(axes: AxisNames): void {
    this.renderer.mark({ axes });
    this.describe();
  }

  setTheme(theme: Theme): void {
    this.renderer.setTheme(theme);
  }

  /** What a drag does. In pan mode Shift draws a box that adds, Alt one that removes. */
  setMode(mode: Mode): void {
    this.interaction.setMode(mode);
  }

  /** Select these points without reporting it; null clears. */
  setSelection(indices: ArrayLike<number> | null): void {
    this.chosen.set(indices);
  }

  /** The view, or the one that an animation is heading for. */
  get viewport(): Viewport {
    return this.renderer.camera.target;
  }

  setViewport(view: Viewport, animate = false): void {
    if (!isView(view)) throw new RangeError("a viewport needs finite cx and cy and a positive scale");
    this.steering.set(view, animate);
  }

  /** Show everything, and keep showing everything until somebody moves the view. */
  fit(animate = false): void {
    this.steering.fit(animate);
  }

  /** Take the size of the root element; called by itself when that changes. */
  resize(): void {
    if (this.stack.measure()) this.steering.resized();
  }

  /** The whole map as a picture, `scale` pixels per CSS pixel, with the class names on it. */
  toCanvas(scale: number): HTMLCanvasElement {
    return this.renderer.toCanvas(scale);
  }

  /** The same through the calls of a canvas context, in CSS pixels, for pictures made of vectors. */
  toVectors(context: CanvasRenderingContext2D): void {
    this.renderer.toVectors(context, this.chosen.any);
  }

  destroy(): void {
    this.observer.disconnect();
    this.interaction.destroy();
    this.seeker.destroy();
    this.renderer.destroy();
    this.stack.remove();
  }

  private hitAt(sx: number, sy: number): Hit {
    const { width, height } = this.stack;
    const { view } = this.renderer.camera;
    const { codes } = this.renderer.marks;
    const x = worldX(view, width, sx);
    const y = worldY(view, height, sy);
    const index = this.seeker.nearest(x, y);
    const drawn = codes ? codeAt(codes, view, width, height, sx, sy) : null;
    if (index < 0) return { x, y, nearest: null, distance: Infinity, drawn };
    const dx = screenX(view, width, this.store.x[index]!) - sx;
    const dy = screenY(view, height, this.store.y[index]!) - sy;
    return { x, y, nearest: index, distance: Math.hypot(dx, dy), drawn };
  }

  private hover(sx: number, sy: number, keys: boolean): void {
    const hit = this.hitAt(sx, sy);
    const { marks } = this.renderer;
    if (hit.drawn !== marks.hoveredCode || keys !== marks.crosshair) {
      this.renderer.mark({ hoveredCode: hit.drawn, crosshair: keys });
    }
    this.callbacks.onHover(hit);
  }

  private intents(): Intents {
    const { stack, renderer, steering } = this;
    const { camera } = renderer;
    return {
      hover: (sx, sy) => this.hover(sx, sy, false),
      leave: () => {
        renderer.mark({ hoveredCode: null, crosshair: false });
        this.callbacks.onHover(null);
      },
      pick: (sx, sy) => this.callbacks.onPick(this.hitAt(sx, sy)),
      pan: (dx, dy) => steering.steer(panned(camera.view, dx, dy)),
      zoom: (sx, sy, factor) => {
        const scale = camera.limited(camera.view.scale * factor);
        steering.steer(zoomedAbout(camera.view, stack.width, stack.height, sx, sy, scale));
      },
      region: (corners) => {
        if (corners || renderer.marks.region) renderer.mark({ region: corners });
      },
      select: (corners, op) => this.select(corners, op),
      keyPan: (dx, dy) => {
        // At once, so that what decodes is what the crosshair shows.
        steering.steer(panned(camera.target, dx * stack.width, dy * stack.height));
        this.hover(stack.width / 2, stack.height / 2, true);
      },
      keyZoom: (factor) => {
        const { cx, cy, scale } = camera.target;
        steering.steer({ cx, cy, scale: camera.limited(scale * factor) }, KEY_MS);
      },
      keyFit: () => this.fit(true),
      keyPick: () => {
        renderer.mark({ crosshair: true });
        this.callbacks.onPick(this.hitAt(stack.width / 2, stack.height / 2));
      },
      keyClear: () => {
        if (!this.chosen.any) return;
        this.setSelection(null);
        this.callbacks.onSelect(new Uint32Array(0));
      },
    };
  }

  private select(corners: readonly number[], op: SelectionOp): void {
    const { width, height } = this.stack;
    const { view } = this.renderer.camera;
    const world = corners.map((c, k) => (k % 2 === 0 ? worldX(view, width, c) : worldY(view, height, c)));
    this.callbacks.onSelect(this.chosen.region(world, op));
  }

  private describe(): void {
    const { count, names, kind, label } = this.store;
    const { x, y } = this.renderer.marks.axes;
    const colours = { plain: "", categories: `, ${names.length} classes`, values: `, coloured by ${label}` }[kind];
    this.stack.describe(`Map of ${count.toLocaleString("en")} codes over ${x} and ${y}${colours}`);
  }
}
