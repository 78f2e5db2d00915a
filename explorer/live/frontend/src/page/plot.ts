import { View } from "./view";
import { h } from "../ui/dom";
import { pixelRatio } from "../ui/picture";

/** A canvas in CSS pixels and the colours of the page, redrawn at every size and theme. */
export class Plot extends View {
  readonly root: HTMLCanvasElement;
  width = 0;
  height = 0;

  constructor(
    className: string,
    label: string,
    private readonly paint: (context: CanvasRenderingContext2D, plot: Plot) => void,
  ) {
    super();
    this.root = h("canvas", { className: `plot ${className}`, role: "img", "aria-label": label });
    this.onResize(this.root, () => this.fit());
  }

  /** Font size of the page, in pixels. */
  letter = 14;
  /** Colours that were asked for since the page's style was read: to read it in the middle of a frame costs a layout. */
  private readonly colours = new Map<string, string>();

  colour(name: string): string {
    let colour = this.colours.get(name);
    if (colour === undefined) this.colours.set(name, (colour = getComputedStyle(this.root).getPropertyValue(name).trim() || "#888"));
    return colour;
  }

  override theme(): void {
    this.read();
    this.draw();
  }

  draw(): void {
    const context = this.root.getContext("2d");
    if (!context || !this.width) return;
    const ratio = pixelRatio();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.paint(context, this);
  }

  /** A dot with a rim of the page's ground. */
  dot(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], radius: number, colour: string, rim = 2): void {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = rim;
    context.strokeStyle = this.colour("--ground");
    context.stroke();
  }

  /** Follow a pressed pointer, even out of the canvas; `down` takes its first place. */
  onDrag(move: (event: PointerEvent) => void, down = move): void {
    this.root.addEventListener("pointerdown", (event) => {
      this.root.setPointerCapture(event.pointerId);
      down(event);
    });
    this.root.addEventListener("pointermove", (event) => this.root.hasPointerCapture(event.pointerId) && move(event));
  }

  /** The page's style, which changes with its theme and in full screen, where the size does too. */
  private read(): void {
    const { fontSize, fontFamily } = getComputedStyle(this.root);
    this.letter = parseFloat(fontSize) || 14;
    this.colours.clear();
    const context = this.root.getContext("2d");
    if (context) context.font = `${0.85 * this.letter}px ${fontFamily}`; // until the canvas has another size
  }

  private fit(): void {
    const ratio = pixelRatio();
    [this.width, this.height] = [this.root.clientWidth, this.root.clientHeight];
    [this.root.width, this.root.height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    this.read();
    this.draw();
  }
}
