/** The current view: its limits, and how it glides to another one. */
import type { Viewport } from "./types";
import { between, easeInOut, sameView } from "./viewport";

/** How far one may zoom out and in from the fitted view. Beyond the upper limit float32 positions get visible steps. */
const MIN_ZOOM = 1 / 20;
const MAX_ZOOM = 10_000;

export class Camera {
  view: Viewport = { cx: 0, cy: 0, scale: 100 };
  /** Where an animation ends; the view itself while there is none. */
  target: Viewport = this.view;
  private home = 100;
  private origin: Viewport = this.view;
  private started = 0;
  private duration = 0;

  /** The scale of the fitted view, from which the limits follow. */
  setHome(scale: number): void {
    this.home = scale;
  }

  limited(scale: number): number {
    return Math.max(this.home * MIN_ZOOM, Math.min(this.home * MAX_ZOOM, scale));
  }

  jump(view: Viewport): void {
    this.view = this.target = view;
    this.duration = 0;
  }

  glide(view: Viewport, now: number, duration: number): void {
    if (duration <= 0) {
      this.jump(view);
      return;
    }
    this.origin = this.view;
    this.target = view;
    this.started = now;
    this.duration = duration;
  }

  get gliding(): boolean {
    return this.duration > 0;
  }

  /** Move on to time `now`; true when the view changed. */
  step(now: number): boolean {
    if (this.duration <= 0) return false;
    const t = Math.max(0, Math.min(1, (now - this.started) / this.duration));
    const before = this.view;
    this.view = between(this.origin, this.target, easeInOut(t));
    if (t >= 1) this.duration = 0;
    return !sameView(before, this.view);
  }
}
