import { h } from "../ui/dom";
import { pixelRatio, resizeCanvas } from "../ui/picture";
import type { ModelSamples } from "./model-samples";
import type { SamplesStore } from "./store";

/** Gap between images, and height of the bar under each, in CSS pixels. */
const GAP = 4;
const BAR = 4;

export interface Layout {
  columns: number;
  rows: number;
  /** Size of an image in device pixels. */
  width: number;
  height: number;
}

/** A square grid of `count` images within `available` device pixels; images grow by whole pixels. */
export function layout(count: number, [height, width]: readonly [number, number], available: number, gap: number): Layout {
  const columns = Math.ceil(Math.sqrt(count));
  const room = (available - (columns - 1) * gap) / columns;
  const scale = room / width;
  const whole = scale >= 1 ? Math.floor(scale) : Math.max(scale, 1 / width);
  return { columns, rows: Math.ceil(count / columns), width: Math.floor(width * whole), height: Math.floor(height * whole) };
}

/** The samples of one model, each on a bar that says how far it is from any real image. */
export class Grid {
  readonly canvas = h("canvas", { className: "grid", role: "img", tabIndex: 0 });
  private readonly context = this.canvas.getContext("2d")!;
  private readonly sheet = document.createElement("canvas");
  private plan: Layout | null = null;
  private painted = 0;

  constructor(private readonly live: ModelSamples, private readonly store: SamplesStore) {
    this.canvas.addEventListener("pointermove", (event) => store.hover(this.at(event)));
    this.canvas.addEventListener("pointerdown", (event) => store.hover(this.at(event)));
    // a finger leaves with every tap: its sample stays until another touch
    this.canvas.addEventListener("pointerleave", (event) => event.pointerType === "touch" || store.hover(null));
    this.canvas.addEventListener("blur", () => store.hover(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Fit into `width` CSS pixels. */
  fit(width: number): void {
    const ratio = pixelRatio();
    const [, h, w] = this.live.model.imageShape;
    const plan = layout(this.store.count, [h, w], Math.floor(width * ratio), Math.round(GAP * ratio));
    this.plan = plan;
    const [gap, bar] = [Math.round(GAP * ratio), Math.round(BAR * ratio)];
    resizeCanvas(this.canvas, plan.columns * (plan.width + gap) - gap, plan.rows * (plan.height + bar + gap) - gap, 1 / ratio);
    this.paint();
  }

  /** Show new images. */
  load(): void {
    const { images, count, model } = this.live;
    if (!images) return;
    const [, height, width] = model.imageShape;
    if (this.sheet.width !== width || this.sheet.height !== count * height) [this.sheet.width, this.sheet.height] = [width, count * height];
    this.sheet.getContext("2d")!.putImageData(new ImageData(images, width, count * height), 0, 0);
    this.painted = count;
    this.paint();
  }

  paint(): void {
    const { context, plan, store, live } = this;
    if (!plan) return;
    const [, height, width] = live.model.imageShape;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.imageSmoothingEnabled = plan.width < width;
    for (let i = 0; i < Math.min(this.painted, store.count); i++) {
      const [x, y] = this.corner(i);
      context.drawImage(this.sheet, 0, i * height, width, height, x, y, plan.width, plan.height);
      context.fillStyle = live.colourOf(i);
      context.fillRect(x, y + plan.height, plan.width, Math.round(BAR * pixelRatio()));
    }
    this.frame();
  }

  /** Frame the hovered sample, in this model or another. */
  private frame(): void {
    const { hovered } = this.store;
    if (hovered === null || !this.plan) return;
    const [x, y] = this.corner(hovered);
    const line = Math.round(2 * pixelRatio());
    this.context.strokeStyle = getComputedStyle(this.canvas).color;
    this.context.lineWidth = line;
    this.context.strokeRect(x + line / 2, y + line / 2, this.plan.width - line, this.plan.height + Math.round(BAR * pixelRatio()) - line);
  }

  private corner(i: number): [number, number] {
    const { columns, width, height } = this.plan!;
    const gap = Math.round(GAP * pixelRatio());
    const bar = Math.round(BAR * pixelRatio());
    return [(i % columns) * (width + gap), Math.floor(i / columns) * (height + bar + gap)];
  }

  private at(event: PointerEvent): number | null {
    if (!this.plan) return null;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.plan.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.plan.rows);
    const i = row * this.plan.columns + column;
    return column >= 0 && column < this.plan.columns && i >= 0 && i < this.store.count ? i : null;
  }

  private key(event: KeyboardEvent): void {
    const columns = this.plan?.columns ?? 1;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    if (event.key === "Escape") return this.store.hover(null);
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = this.store.hovered === null ? 0 : this.store.hovered + step;
    if (next >= 0 && next < this.store.count) this.store.hover(next);
  }
}
