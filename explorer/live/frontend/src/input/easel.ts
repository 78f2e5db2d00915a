import type { Shape } from "../engine/pixels";
import { View } from "../page/view";
import { h } from "../ui/dom";
import { middle } from "./bring";
import { areaMeans, centredBox, LUMA, whole } from "./resample";

/** Side of the board in CSS pixels, and at least in its own. */
export const SIDE = 280;
const MOST_UNDO = 30;
/** A pen's line is this wide without pressure, and as much wider with all of it, relative to the brush. */
const PEN = 0.4;

/** A board to draw on, many times finer than the images of a model, which are its areas' means. */
export class Easel extends View {
  private readonly scale = Math.max(1, Math.round(SIDE / Math.max(this.shape[1], this.shape[2])));
  readonly board = h("canvas", { width: this.shape[2] * this.scale, height: this.shape[1] * this.scale, className: "board", tabIndex: 0, role: "img", "aria-label": "board to draw on" });
  readonly root = h("div", { className: "easel" }, this.board, h("span", { className: "invitation", "aria-hidden": "true" }, "draw here"));
  /** Width of the brush in pixels of the data. */
  size = 2.4;
  colour = "#ffffff";
  erasing = false;
  private readonly context = this.board.getContext("2d", { willReadFrequently: true })!;
  private readonly past: ImageData[] = [];
  private last: { x: number; y: number } | null = null;

  /** `changed` is called at every piece of a stroke, with the time of its event. */
  constructor(private readonly shape: Shape, private readonly changed: (at: number) => void) {
    super();
    this.fill();
    this.listen();
  }

  /** What the model sees: (C, H, W) in [0, 1]. */
  image(centred: boolean): Float32Array {
    const pixels = this.context.getImageData(0, 0, this.board.width, this.board.height);
    return areaMeans(pixels, centred ? centredBox(pixels) : whole(pixels), this.shape, 0);
  }

  clear(): void {
    this.keep();
    this.fill();
    this.root.classList.remove("used");
  }

  undo(): boolean {
    const before = this.past.pop();
    if (before) this.context.putImageData(before, 0, 0);
    return before !== undefined;
  }

  /** Swap dark and light. */
  invert(): void {
    this.keep();
    this.change((value) => 255 - value);
    this.changed(performance.now());
  }

  /** Draw the middle of a picture over the whole board. One that moves is not kept for `undo`. */
  load(picture: CanvasImageSource, width: number, height: number, moving = false): void {
    if (!moving) this.keep();
    const { context, board } = this;
    context.fillStyle = "#fff"; // behind what is transparent
    context.fillRect(0, 0, board.width, board.height);
    const crisp = width * height <= this.shape[1] * this.shape[2];
    context.imageSmoothingEnabled = !crisp;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, ...middle(width, height, board.width, board.height), 0, 0, board.width, board.height);
    if (this.shape[0] === 1) this.change((_, luma) => luma);
    this.root.classList.add("used");
    this.changed(performance.now());
  }

  private fill(): void {
    this.context.fillStyle = "#000";
    this.context.fillRect(0, 0, this.board.width, this.board.height);
  }

  private keep(): void {
    this.past.push(this.context.getImageData(0, 0, this.board.width, this.board.height));
    if (this.past.length > MOST_UNDO) this.past.shift();
  }

  /** Change every colour value, given it and the pixel's luma. */
  private change(by: (value: number, luma: number) => number): void {
    const { context, board } = this;
    const pixels = context.getImageData(0, 0, board.width, board.height);
    const { data } = pixels;
    for (let i = 0; i < data.length; i += 4) {
      const luma = LUMA[0] * data[i] + LUMA[1] * data[i + 1] + LUMA[2] * data[i + 2];
      for (let k = i; k < i + 3; k++) data[k] = by(data[k], luma);
    }
    context.putImageData(pixels, 0, 0);
  }

  private listen(): void {
    const { board } = this;
    board.addEventListener("pointerdown", (event) => {
      if (event.button > 0 && !(event.buttons & 32)) return;
      event.preventDefault();
      board.setPointerCapture(event.pointerId);
      board.focus({ preventScroll: true });
      this.keep();
      this.root.classList.add("used");
      this.last = this.place(event);
      this.line(event, this.last);
      this.changed(event.timeStamp);
    });
    board.addEventListener("pointermove", (event) => {
      if (!this.last) return;
      const parts = event.getCoalescedEvents?.() ?? [];
      for (const part of parts.length ? parts : [event]) this.line(part, this.place(part));
      this.changed(event.timeStamp);
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) board.addEventListener(kind, () => (this.last = null));
  }

  private place(event: PointerEvent): { x: number; y: number } {
    const box = this.board.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * this.board.width, y: ((event.clientY - box.top) / box.height) * this.board.height };
  }

  private line(event: PointerEvent, to: { x: number; y: number }): void {
    const { context, last } = this;
    const pressed = event.pointerType === "pen" && event.pressure > 0 ? PEN + (2 - 2 * PEN) * event.pressure : 1;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = this.size * this.scale * pressed;
    context.strokeStyle = this.erasing || event.buttons & 32 ? "#000" : this.colour;
    context.beginPath();
    context.moveTo(last?.x ?? to.x, last?.y ?? to.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.last = to;
  }
}
