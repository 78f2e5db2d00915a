/** The elements of a map: three canvases on top of each other, the topmost of which takes the focus and the pointer, and the markers. */
import { Markers } from "./markers";

const KEYS =
  "Arrow keys move the map under the crosshair, with Shift in fine steps. Plus and minus zoom, 0 shows everything, " +
  "Enter picks the code under the crosshair, Escape clears the selection.";
const MAX_RATIO = 2;
let serial = 0;

export class Stack {
  width = 0;
  height = 0;
  ratio = 1;
  readonly below: CanvasRenderingContext2D;
  readonly above: CanvasRenderingContext2D;
  readonly points: HTMLCanvasElement;
  readonly surface: HTMLCanvasElement;
  readonly markers: Markers;
  private readonly box = document.createElement("div");
  private accent = "";

  constructor(private readonly root: HTMLElement) {
    this.box.style.cssText = "position:relative;width:100%;height:100%;overflow:hidden;border-radius:inherit";
    const below = this.canvas();
    this.points = this.canvas();
    this.surface = this.canvas();
    this.markers = new Markers(this.box);
    this.below = below.getContext("2d", { alpha: false })!;
    this.above = this.surface.getContext("2d")!;
    this.below.canvas.setAttribute("aria-hidden", "true");
    this.points.setAttribute("aria-hidden", "true");
    this.makeAccessible();
    root.append(this.box);
  }

  private canvas(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%;display:block";
    this.box.append(canvas);
    return canvas;
  }

  private makeAccessible(): void {
    const { surface } = this;
    const help = document.createElement("span");
    help.id = `latent-map-keys-${++serial}`;
    help.textContent = KEYS;
    help.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    this.box.append(help);
    surface.tabIndex = 0;
    surface.style.outline = "none";
    surface.setAttribute("role", "application");
    surface.setAttribute("aria-roledescription", "map");
    surface.setAttribute("aria-describedby", help.id);
    surface.addEventListener("focus", () => this.ring(surface.matches(":focus-visible")));
    surface.addEventListener("blur", () => this.ring(false));
  }

  private ring(on: boolean): void {
    this.surface.style.boxShadow = on ? `inset 0 0 0 2.5px ${this.accent}` : "none";
  }

  describe(label: string): void {
    this.surface.setAttribute("aria-label", label);
  }

  setAccent(colour: string): void {
    this.accent = colour;
  }

  /** Take the size of the root; true when anything changed. */
  measure(): boolean {
    const width = this.root.clientWidth;
    const height = this.root.clientHeight;
    const ratio = Math.min(MAX_RATIO, window.devicePixelRatio || 1);
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    for (const ctx of [this.below, this.above]) {
      ctx.canvas.width = Math.max(1, Math.round(width * ratio));
      ctx.canvas.height = Math.max(1, Math.round(height * ratio));
    }
    return true;
  }

  remove(): void {
    this.box.remove();
  }
}
