/** Pointer, wheel, touch and keys, told to the map as what the user means. Positions are CSS pixels in the map. */
import type { Mode, SelectionOp } from "./types";

export interface Intents {
  hover(sx: number, sy: number): void;
  leave(): void;
  pick(sx: number, sy: number): void;
  pan(dx: number, dy: number): void;
  zoom(sx: number, sy: number, factor: number): void;
  /** The region so far, as interleaved corners; two corners are a box. Null: given up. */
  region(corners: readonly number[] | null): void;
  select(corners: readonly number[], op: SelectionOp): void;
  /** Keys, in units of the view: pan by a share of its size, zoom about its middle. */
  keyPan(dx: number, dy: number): void;
  keyZoom(factor: number): void;
  keyFit(): void;
  keyPick(): void;
  keyClear(): void;
}

const CLICK_SLOP = 4;
const LASSO_STEP = 3;
const KEY_STEP = 0.08;
const KEY_FINE = 0.01;
const KEY_ZOOM = 1.3;

type Drag = "none" | "pan" | "box" | "lasso";

/** How much a wheel event zooms. A pinch on a trackpad arrives as a wheel event with ctrlKey and small deltas. */
export function wheelFactor(delta: number, deltaMode: number, pinch: boolean): number {
  const pixels = delta * (deltaMode === 1 ? 30 : deltaMode === 2 ? 400 : 1);
  const limited = Math.max(-240, Math.min(240, pixels));
  return Math.exp(-limited * (pinch ? 0.01 : 0.0018));
}

export class Interaction {
  private mode: Mode = "pan";
  private drag: Drag = "none";
  private readonly touches = new Map<number, { x: number; y: number }>();
  private startX = 0;
  private startY = 0;
  private lastX = 0;
  private lastY = 0;
  private moved = false;
  private op: SelectionOp = "replace";
  private corners: number[] = [];

  constructor(
    private readonly target: HTMLElement,
    private readonly intents: Intents,
  ) {
    target.style.touchAction = "none";
    target.addEventListener("pointerdown", this.down);
    target.addEventListener("pointermove", this.move);
    target.addEventListener("pointerup", this.up);
    target.addEventListener("pointercancel", this.cancel);
    target.addEventListener("pointerleave", this.leave);
    target.addEventListener("wheel", this.wheel, { passive: false });
    target.addEventListener("keydown", this.key);
    this.setMode("pan");
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    this.giveUpRegion();
    this.target.style.cursor = "crosshair";
  }

  destroy(): void {
    const { target } = this;
    target.removeEventListener("pointerdown", this.down);
    target.removeEventListener("pointermove", this.move);
    target.removeEventListener("pointerup", this.up);
    target.removeEventListener("pointercancel", this.cancel);
    target.removeEventListener("pointerleave", this.leave);
    target.removeEventListener("wheel", this.wheel);
    target.removeEventListener("keydown", this.key);
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button > 1) return;
    this.target.setPointerCapture?.(event.pointerId);
    this.touches.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (this.touches.size === 2) {
      this.giveUpRegion();
      this.drag = "none";
      this.moved = true; // a pinch is never a click
      return;
    }
    if (event.button === 1) event.preventDefault(); // no auto-scroll on the middle button
    this.startX = this.lastX = event.offsetX;
    this.startY = this.lastY = event.offsetY;
    this.moved = false;
    this.drag = this.dragFor(event);
    this.op = event.altKey ? "remove" : event.shiftKey ? "add" : "replace";
    this.corners = [event.offsetX, event.offsetY];
  };

  /** The middle button always pans; Shift in pan mode draws a box that adds, Alt one that removes. */
  private dragFor(event: PointerEvent): Drag {
    if (event.button === 1) return "pan";
    if (this.mode === "pan") return event.shiftKey || event.altKey ? "box" : "pan";
    return this.mode;
  }

  private readonly move = (event: PointerEvent): void => {
    const touch = this.touches.get(event.pointerId);
    if (!touch) {
      this.intents.hover(event.offsetX, event.offsetY);
      return;
    }
    if (this.touches.size === 2) this.pinch(event, touch);
    else this.dragTo(event.offsetX, event.offsetY);
    touch.x = event.offsetX;
    touch.y = event.offsetY;
  };

  private dragTo(x: number, y: number): void {
    if (!this.moved && Math.hypot(x - this.startX, y - this.startY) < CLICK_SLOP) return;
    this.moved = true;
    if (this.drag === "pan") {
      this.target.style.cursor = "grabbing";
      this.intents.pan(x - this.lastX, y - this.lastY);
    } else if (this.drag === "box") {
      this.corners = [this.startX, this.startY, x, y];
      this.intents.region(this.corners);
    } else if (this.drag === "lasso" && Math.hypot(x - this.lastX, y - this.lastY) >= LASSO_STEP) {
      this.corners.push(x, y);
      if (this.corners.length > 4) this.intents.region(this.corners);
    } else return;
    this.lastX = x;
    this.lastY = y;
  }

  private pinch(event: PointerEvent, touch: { x: number; y: number }): void {
    for (const [id, other] of this.touches) {
      if (id === event.pointerId) continue;
      const before = Math.hypot(touch.x - other.x, touch.y - other.y);
      const after = Math.hypot(event.offsetX - other.x, event.offsetY - other.y);
      this.intents.pan((event.offsetX - touch.x) / 2, (event.offsetY - touch.y) / 2);
      const mx = (event.offsetX + other.x) / 2;
      const my = (event.offsetY + other.y) / 2;
      if (before > 8 && after > 8) this.intents.zoom(mx, my, after / before);
    }
  }

  private readonly up = (event: PointerEvent): void => {
    if (!this.touches.delete(event.pointerId)) return;
    const drag = this.drag;
    if (this.touches.size > 0) {
      // One finger of a pinch was lifted: the other goes on panning from where it is.
      for (const other of this.touches.values()) {
        this.lastX = other.x;
        this.lastY = other.y;
      }
      this.drag = this.mode === "pan" ? "pan" : "none";
      return;
    }
    this.drag = "none";
    this.target.style.cursor = "crosshair";
    if (!this.moved) {
      if (event.pointerType === "touch") this.intents.hover(event.offsetX, event.offsetY);
      if (event.button === 0) this.intents.pick(event.offsetX, event.offsetY);
      return;
    }
    if (drag === "box" || drag === "lasso") {
      const { corners } = this;
      this.giveUpRegion();
      if (drag === "box" || corners.length >= 6) this.intents.select(corners, this.op);
    }
    if (event.pointerType !== "touch") this.intents.hover(event.offsetX, event.offsetY);
  };

  private readonly cancel = (event: PointerEvent): void => {
    this.touches.delete(event.pointerId);
    this.drag = "none";
    this.giveUpRegion();
    this.intents.leave();
  };

  private readonly leave = (event: PointerEvent): void => {
    // a finger leaves with every tap: what it pointed at stays
    if (!this.touches.has(event.pointerId) && event.pointerType !== "touch") this.intents.leave();
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.intents.zoom(event.offsetX, event.offsetY, wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey));
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.handleKey(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation(); // the page around has shortcuts of its own
  };

  private handleKey(key: string, fine: boolean): boolean {
    const step = fine ? KEY_FINE : KEY_STEP;
    const { intents } = this;
    if (key === "ArrowLeft") intents.keyPan(step, 0);
    else if (key === "ArrowRight") intents.keyPan(-step, 0);
    else if (key === "ArrowUp") intents.keyPan(0, step);
    else if (key === "ArrowDown") intents.keyPan(0, -step);
    else if (key === "+" || key === "=") intents.keyZoom(KEY_ZOOM);
    else if (key === "-" || key === "_") intents.keyZoom(1 / KEY_ZOOM);
    else if (key === "0") intents.keyFit();
    else if (key === "Enter") intents.keyPick();
    else if (key === "Escape") {
      if (this.drag === "box" || this.drag === "lasso") {
        this.drag = "none";
        this.giveUpRegion();
      } else intents.keyClear();
    } else return false;
    return true;
  }

  private giveUpRegion(): void {
    this.corners = [];
    this.intents.region(null);
  }
}
