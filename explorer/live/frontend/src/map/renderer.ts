/** The frames of a map: what changed since the last one, and which of the three layers must be painted again. */
import { paintBackdrop, type Backdrop } from "./backdrop";
import { Camera } from "./camera";
import { CanvasPoints } from "./canvas";
import { GlPoints } from "./gl";
import { paintDiscs } from "./discs";
import type { PointLayer, Scene } from "./layer";
import { classNames, colourBar } from "./legend";
import { type Marked, paintMarkers } from "./markers";
import { Overlay, type Marks } from "./overlay";
import { Pace } from "./pace";
import { parseColour } from "./palette";
import type { Stack } from "./stack";
import type { PointStore } from "./store";
import type { Point, Theme, Viewport } from "./types";
import { easeInOut } from "./viewport";

/** The full picture is drawn once the view has rested this long; until then a sample is. */
const REST_MS = 180;
const MOVE_MS = 300;
const MAX_EXPORT = 8192;
/** Of more points a file of vectors is large and slow to open. */
const MOST_DISCS = 5000;

export class Renderer {
  readonly camera = new Camera();
  readonly layer: PointLayer = GlPoints.create(this.stack.points, () => this.touchPoints()) ?? new CanvasPoints(this.stack.points);
  readonly marks: Marks = {
    axes: { x: "z₁", y: "z₂" },
    sigmas: null,
    gaussian: null,
    path: null,
    fan: null,
    codes: null,
    hoveredCode: null,
    region: null,
    crosshair: false,
  };
  backdrop: Backdrop | null = null;
  private cursor: Point | null = null;
  /** Index of the ringed point. */
  private highlighted: number | null = null;
  /** The view that is moving was moved by the user, who is to be told of it. */
  announce = false;
  private readonly overlay = new Overlay();
  private readonly scene: Scene;
  private readonly pace = new Pace(this.layer.budget);
  private frameId = 0;
  private viewChanged = true;
  private pointsChanged = true;
  private marksChanged = true;
  private markersMoved = true;
  private refining = false;
  private complete = false;
  private restAt = 0;
  /** When the last frame was, if it asked for this one; else 0. */
  private lastFrame = 0;
  private drewView = false;
  private seen = false;
  private moveStarted = -1;

  constructor(
    private readonly stack: Stack,
    private readonly store: PointStore,
    private theme: Theme,
    private readonly onView: (view: Viewport) => void,
  ) {
    const [background, muted] = [parseColour(theme.background), parseColour(theme.muted)];
    this.scene = { view: this.camera.view, width: 0, height: 0, ratio: 1, mix: 1, background, muted };
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.scene.background = parseColour(theme.background);
    this.scene.muted = parseColour(theme.muted);
    this.stack.setAccent(theme.accent);
    this.loadColours();
    this.touchView();
  }

  /** Colours or visibility changed. */
  loadColours(): void {
    this.store.paint(this.theme);
    this.layer.loadColours(this.store);
    this.mark({}); // the colour bar shows colours too
    this.touchPoints();
  }

  loadSlots(): void {
    this.layer.loadSlots(this.store);
    this.loadColours();
  }

  /** Positions changed; `glide` plays the move from the old ones to the new. */
  loadPositions(glide: boolean): void {
    this.moveStarted = glide ? performance.now() : -1;
    this.scene.mix = glide ? 0 : 1;
    this.layer.loadPositions(this.store);
    this.touchPoints();
  }

  /** How far a move of the points has come, 0 to 1. */
  get moved(): number {
    return this.scene.mix;
  }

  mark(change: Partial<Marks>): void {
    Object.assign(this.marks, change);
    this.marksChanged = true;
    this.schedule();
  }

  setCursor(cursor: Point | null): void {
    this.cursor = cursor;
    this.touchMarkers();
  }

  setHighlight(index: number | null): void {
    if (index === this.highlighted) return;
    this.highlighted = index;
    this.touchMarkers();
  }

  private touchMarkers(): void {
    this.markersMoved = true;
    this.schedule();
  }

  touchPoints(): void {
    this.pointsChanged = true;
    this.schedule();
  }

  touchView(): void {
    this.viewChanged = true;
    this.restAt = performance.now() + REST_MS;
    this.schedule();
  }

  /** The view that was just set is final: draw everything without waiting for it to rest. */
  settle(): void {
    this.restAt = 0;
  }

  /** The stack has a new size. Paints at once: a resized canvas is blank until it is painted. */
  resized(): void {
    const { width, height, ratio } = this.stack;
    this.layer.resize(width, height, ratio);
    Object.assign(this.scene, { width, height, ratio });
    this.viewChanged = true;
    this.frame(performance.now());
  }

  private schedule(): void {
    if (this.frameId === 0) this.frameId = requestAnimationFrame(this.onFrame);
  }

  private readonly onFrame = (now: number): void => {
    this.frameId = 0;
    this.frame(now);
  };

  private frame(now: number): void {
    if (this.scene.width === 0 || this.scene.height === 0) return;
    if (this.camera.step(now)) this.touchView();
    if (this.moveStarted >= 0) this.stepMove(now);
    this.scene.view = this.camera.view;
    const { viewChanged } = this;
    // What a frame cost shows in when the next one comes.
    if (this.drewView && this.lastFrame > 0) this.pace.record(now - this.lastFrame);
    this.drewView = viewChanged;
    if (viewChanged) this.paintBelow();
    this.drawPoints(now);
    if (viewChanged || this.marksChanged) this.paintAbove();
    if (viewChanged || this.pointsChanged || this.markersMoved) this.placeMarkers();
    this.viewChanged = this.pointsChanged = this.marksChanged = this.markersMoved = false;
    const { gliding } = this.camera;
    const again = gliding || this.moveStarted >= 0 || !this.complete || now < this.restAt;
    this.lastFrame = again ? now : 0;
    if (again) this.schedule();
    if (viewChanged && this.announce) {
      this.announce = gliding;
      this.onView(this.camera.view);
    }
  }

  private stepMove(now: number): void {
    const t = Math.max(0, Math.min(1, (now - this.moveStarted) / MOVE_MS));
    this.scene.mix = easeInOut(t);
    this.pointsChanged = true;
    if (t >= 1) this.moveStarted = -1;
  }

  private drawPoints(now: number): void {
    const { layer, scene, store } = this;
    if (this.viewChanged || this.pointsChanged) {
      layer.draw(scene, this.pace.budget);
      // for benchmarks: the first picture with points in it
      if (store.count > 0 && !this.seen) this.seen = Boolean(performance.mark("map: points painted"));
      this.complete = store.count <= this.pace.budget;
      this.refining = false;
    } else if (!this.complete && now >= this.restAt) {
      if (!this.refining) layer.begin(scene);
      this.refining = true;
      this.complete = layer.advance(scene);
    }
  }

  private paintBelow(): void {
    const { below, width, height, ratio } = this.stack;
    below.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintBackdrop(below, this.scene.view, width, height, this.theme, this.backdrop);
  }

  private paintAbove(): void {
    const { above, width, height, ratio } = this.stack;
    above.setTransform(ratio, 0, 0, ratio, 0, 0);
    above.clearRect(0, 0, width, height);
    this.paintMarks(above);
  }

  private paintMarks(ctx: CanvasRenderingContext2D): void {
    const { store, theme } = this;
    const { width, height } = this.scene;
    this.overlay.paint(ctx, this.scene.view, width, height, theme, this.marks);
    colourBar(ctx, width, store, theme);
  }

  private marked(): Marked {
    const { store, highlighted: k, cursor } = this;
    return { cursor, highlight: k === null ? null : { x: store.x[k]!, y: store.y[k]!, colour: store.colourOf(k) } };
  }

  private placeMarkers(): void {
    const { view, width, height, ratio } = this.scene;
    this.stack.markers.place(view, width, height, ratio, this.theme, this.marked());
  }

  /** All layers in one picture, `scale` pixels per CSS pixel, with the class names on it. */
  toCanvas(scale: number): HTMLCanvasElement {
    const { width, height } = this.scene;
    const ratio = Math.min(scale, MAX_EXPORT / Math.max(width, height, 1));
    const out = document.createElement("canvas");
    out.width = Math.max(1, Math.round(width * ratio));
    out.height = Math.max(1, Math.round(height * ratio));
    const ctx = out.getContext("2d")!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paintAll(ctx, () => this.copyPoints(ctx, ratio));
    return out;
  }

  /** All layers through the calls of a canvas context: few points as discs, more as one picture of them. */
  toVectors(ctx: CanvasRenderingContext2D, selected: boolean): void {
    const { store } = this;
    this.paintAll(ctx, () => (store.count > MOST_DISCS || selected ? this.copyPoints(ctx, 2) : paintDiscs(ctx, store, this.scene, this.theme)));
  }

  private paintAll(ctx: CanvasRenderingContext2D, points: () => void): void {
    const { scene, theme } = this;
    const { width, height } = scene;
    paintBackdrop(ctx, scene.view, width, height, theme, this.backdrop);
    points();
    this.paintMarks(ctx);
    paintMarkers(ctx, scene.view, width, height, theme, this.marked());
    classNames(ctx, width, this.store, theme);
  }

  /** The points are drawn again at the size of the picture, copied, and put back by the next frame. */
  private copyPoints(ctx: CanvasRenderingContext2D, ratio: number): void {
    const { scene, layer } = this;
    const { width, height } = scene;
    scene.ratio = ratio;
    layer.resize(width, height, ratio);
    layer.draw(scene, Infinity);
    ctx.drawImage(layer.canvas, 0, 0, width, height);
    this.pointsChanged = true;
    this.resized();
  }

  destroy(): void {
    cancelAnimationFrame(this.frameId);
    this.frameId = -1; // whatever is still called schedules nothing
    this.layer.destroy();
  }
}
