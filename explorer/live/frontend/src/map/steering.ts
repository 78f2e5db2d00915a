/** Where the map looks: at everything, as long as nobody has chosen a view, and then where it was steered to. */
import type { Renderer } from "./renderer";
import type { Stack } from "./stack";
import type { PointStore } from "./store";
import type { Viewport } from "./types";
import { fitted, sameView } from "./viewport";

const GLIDE_MS = 350;
/** Room around fitted points in pixels: the tick numbers stand there. */
const MARGIN = 44;

export class Steering {
  /** Nobody has chosen a view yet, so new points and sizes are fitted. */
  private pristine = true;

  constructor(
    private readonly stack: Stack,
    private readonly store: PointStore,
    private readonly renderer: Renderer,
  ) {}

  /** Show everything, and keep showing everything until somebody moves the view. */
  fit(animate = false): void {
    this.pristine = true;
    if (!this.hasSize) return;
    this.renderer.announce = true;
    this.go(this.home(), animate ? GLIDE_MS : 0);
    if (!animate) this.renderer.settle();
  }

  /** There are other points. */
  refit(animate = false): void {
    if (this.pristine) this.fit(animate);
  }

  /** Without points the view follows the picture and the circles. */
  fitEmpty(): void {
    this.measureHome();
    if (this.store.count === 0) this.refit();
  }

  /** To a view that the page asks for. */
  set(view: Viewport, animate: boolean): void {
    this.pristine = false;
    this.renderer.announce = false;
    this.go(view, animate ? GLIDE_MS : 0);
  }

  /** A move by the user's hand. */
  steer(view: Viewport, duration = 0): void {
    this.pristine = false;
    this.renderer.announce = true;
    this.go(view, duration);
  }

  /** The canvases have another size. */
  resized(): void {
    if (!this.hasSize) return;
    this.measureHome();
    this.refit();
    this.renderer.resized();
  }

  measureHome(): void {
    if (this.hasSize) this.renderer.camera.setHome(this.home().scale);
  }

  private get hasSize(): boolean {
    return this.stack.width > 0 && this.stack.height > 0;
  }

  private home(): Viewport {
    const { sigmas } = this.renderer.marks;
    const sigma = Math.max(0, ...(sigmas ?? [])) || 3;
    const prior = { x0: -sigma, x1: sigma, y0: -sigma, y1: sigma };
    const extent = this.store.extent ?? this.renderer.backdrop?.extent ?? prior;
    return fitted(extent, this.stack.width, this.stack.height, MARGIN);
  }

  private go(view: Viewport, duration: number): void {
    const { camera } = this.renderer;
    if (sameView(view, camera.target)) return;
    camera.glide(view, performance.now(), reducedMotion() ? 0 : duration);
    this.renderer.touchView();
  }
}

export function reducedMotion(): boolean {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
