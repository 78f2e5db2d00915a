import type { Shape } from "../engine/pixels";
import { h } from "./dom";
import { pixelRatio, resizeCanvas } from "./picture";

const GAP = 4;
const BAR = 3;
/** Around the wall, for the frames of the outermost tiles. */
const EDGE = 1;

/** What is drawn below a tile: how long its bar is, from 0 to 1, and its colour; a faint tile is one that no image uses. */
export interface Mark {
  length: number;
  colour: string;
  faint: boolean;
  /** A frame around it that says what has become of it. */
  frame?: { colour: string; dashed: boolean };
}

/** Decoded images in rows, each with a bar below it; one is chosen, by a click or by the arrow keys. */
export class TileWall {
  readonly canvas: HTMLCanvasElement;
  chosen = -1;
  private readonly sheet = h("canvas", {});
  private readonly context: CanvasRenderingContext2D;
  private marks: readonly Mark[] = [];
  private columns = 1;
  private cell = 1;
  private height = 1;
  private count = 0;

  constructor(
    private readonly shape: Shape,
    label: string,
    private readonly pick: (i: number) => void,
    private readonly hover: (i: number | null) => void,
  ) {
    this.canvas = h("canvas", { className: "tile-wall", tabIndex: 0, role: "listbox", "aria-label": label });
    this.context = this.canvas.getContext("2d")!;
    this.canvas.addEventListener("pointermove", (event) => {
      const i = this.at(event);
      this.hover(i);
      if (event.buttons === 1 && i !== null && event.pointerType !== "touch") this.pick(i);
    });
    // a finger that comes down may be about to scroll: it picks by a tap
    for (const kind of ["pointerdown", "click"] as const)
      this.canvas.addEventListener(kind, (event) => {
        const i = this.at(event);
        if (i !== null && (kind === "click" || (event as PointerEvent).pointerType !== "touch")) this.pick(i);
      });
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** `block`: rows hold a multiple of so many tiles, where they fit. The whole is no taller than `room`, if given. */
  fit(width: number, count: number, most: number, block = 1, room = 0): void {
    const [, tall, wide] = this.shape;
    const ratio = pixelRatio();
    this.count = count;
    const least = Math.min(most, Math.max(22, Math.sqrt((width * Math.min(520, 0.9 * width)) / Math.max(1, count)) - GAP));
    let columns = Math.max(1, Math.min(count, Math.floor((width + GAP) / (least + GAP))));
    if (columns > block) columns -= columns % block;
    const cellOf = (columns: number) => Math.max(8, Math.floor(Math.min(most, (width - 2 * EDGE - (columns - 1) * GAP) / columns)));
    const downOf = (columns: number) => Math.ceil(count / columns) * (Math.round((cellOf(columns) * tall) / wide) + BAR + 2 + GAP) + EDGE;
    while (room && columns < count && cellOf(columns) > 8 && downOf(columns) > room) columns += columns >= block ? block : 1;
    this.columns = columns;
    this.cell = cellOf(columns);
    this.height = Math.round((this.cell * tall) / wide);
    const [across, down] = [columns * (this.cell + GAP) - GAP + 2 * EDGE, downOf(columns)];
    resizeCanvas(this.canvas, Math.round(across * ratio), Math.round(down * ratio), 1 / ratio);
    this.draw();
  }

  /** RGBA images (count, H, W, 4). */
  load(rgba: Uint8ClampedArray<ArrayBuffer>, count: number): void {
    const [, tall, wide] = this.shape;
    [this.sheet.width, this.sheet.height] = [wide, tall * count];
    this.sheet.getContext("2d")!.putImageData(new ImageData(rgba, wide, tall * count), 0, 0);
    this.draw();
  }

  mark(marks: readonly Mark[]): void {
    this.marks = marks;
    this.draw();
  }

  choose(i: number): void {
    if (i === this.chosen) return;
    const before = this.chosen;
    this.chosen = i;
    for (const one of [before, i]) if (one >= 0 && one < this.count) this.tile(one);
  }

  private draw(): void {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let i = 0; i < this.count; i++) this.tile(i);
  }

  private place(i: number): [number, number] {
    return [EDGE + (i % this.columns) * (this.cell + GAP), EDGE + Math.floor(i / this.columns) * (this.height + BAR + 2 + GAP)];
  }

  private tile(i: number): void {
    const { context, cell, height, shape: [, tall, wide] } = this;
    const [x, y] = this.place(i);
    const mark = this.marks[i];
    const ratio = pixelRatio();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(x - GAP / 2, y - GAP / 2, cell + GAP, height + BAR + 2 + GAP);
    context.imageSmoothingEnabled = cell * ratio < 2 * wide;
    context.globalAlpha = mark?.faint ? 0.28 : 1;
    if (this.sheet.height >= (i + 1) * tall) context.drawImage(this.sheet, 0, i * tall, wide, tall, x, y, cell, height);
    context.globalAlpha = 1;
    // black images on a dark ground have edges, too
    context.strokeStyle = "rgba(128, 128, 128, 0.4)";
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, cell + 1, height + 1);
    if (mark && mark.length > 0) {
      context.fillStyle = mark.colour;
      context.fillRect(x, y + height + 2, Math.max(1, cell * mark.length), BAR);
    }
    if (mark?.frame) {
      context.strokeStyle = mark.frame.colour;
      context.lineWidth = 2;
      context.setLineDash(mark.frame.dashed ? [3, 3] : []);
      context.strokeRect(x, y, cell, height);
      context.setLineDash([]);
    }
    if (i === this.chosen) {
      context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue("--accent") || "#2f6fde";
      context.lineWidth = 2.5;
      context.strokeRect(x + 1, y + 1, cell - 2, height - 2);
    }
  }

  private at(event: MouseEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    const scale = (this.columns * (this.cell + GAP) - GAP + 2 * EDGE) / box.width;
    const column = Math.floor(((event.clientX - box.left) * scale - EDGE) / (this.cell + GAP));
    const row = Math.floor(((event.clientY - box.top) * scale - EDGE) / (this.height + BAR + 2 + GAP));
    const i = row * this.columns + column;
    return column >= 0 && column < this.columns && row >= 0 && i < this.count ? i : null;
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns, Home: -this.count, End: this.count };
    const by = steps[event.key];
    if (by === undefined || !this.count) return;
    event.preventDefault();
    event.stopPropagation();
    this.pick(Math.max(0, Math.min(this.count - 1, Math.max(0, this.chosen) + by)));
  }
}
