import { h } from "../ui/dom";

/** A canvas that draws itself again at every size and theme, in CSS pixels, with the colours of the page. */
export class Plot {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;
  private readonly sized: ResizeObserver;

  constructor(
    className: string,
    label: string,
    private readonly paint: (context: CanvasRenderingContext2D, plot: Plot) => void,
  ) {
    this.canvas = h("canvas", { className: `plot ${className}`, role: "img", "aria-label": label });
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.canvas);
  }

  colour(name: string): string {
    return getComputedStyle(this.canvas).getPropertyValue(name).trim() || "#888";
  }

  /** Size of the page's letters, in pixels. */
  get letter(): number {
    return parseFloat(getComputedStyle(this.canvas).fontSize) || 14;
  }

  draw(): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this.width) return;
    const ratio = globalThis.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.font = `${0.85 * this.letter}px ${getComputedStyle(this.canvas).fontFamily}`;
    this.paint(context, this);
  }

  private fit(): void {
    const ratio = globalThis.devicePixelRatio || 1;
    [this.width, this.height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    [this.canvas.width, this.canvas.height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    this.draw();
  }

  dispose(): void {
    this.sized.disconnect();
  }
}
