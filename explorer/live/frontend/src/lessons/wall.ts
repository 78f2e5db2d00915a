import type { Shape } from "../engine/pixels";
import { View } from "../page/view";
import { h } from "../ui/dom";
import { pixelRatio } from "../ui/picture";

/** Gap between images, in CSS pixels. */
const GAP = 4;
/** The widest gap between columns, in gaps. */
const WIDEST = 8;

interface Plan {
  columns: number;
  rows: number;
  /** Width and height of an image in device pixels. */
  width: number;
  height: number;
  /** From one image to the next in a row; images that do not fill the width are spaced out. */
  gap: number;
}

/** So many columns and rows, however large. */
export const fixed = (columns: number, rows: number) => (): [number, number] => [columns, rows];

/** About so many rows, and as many columns as fit beside each other: of the nearest layouts, the one that leaves least room empty. */
export const filling =
  (rows: number) =>
  (across: number, down: number, [, height, width]: Shape): [number, number] => {
    const columns = across / (((down / rows) * width) / height);
    const used = ([c, r]: [number, number]) => c * r * Math.min(across / c / width, down / r / height) ** 2;
    const layouts = [Math.floor(columns), Math.ceil(columns)].flatMap((c) => [rows, rows + 1].map((r): [number, number] => [Math.max(1, c), r]));
    return layouts.reduce((best, other) => (used(other) > 1.02 * used(best) ? other : best));
  };

/** Images that fill the whole of their element, in as many columns and rows as its size asks for. */
export class Wall extends View {
  readonly root = h("div", { className: "wall" });
  private readonly canvas = h("canvas", { role: "img", "aria-label": this.label });
  private readonly sheet = document.createElement("canvas");
  private plan: Plan = { columns: 0, rows: 0, width: 0, height: 0, gap: 0 };

  constructor(
    private readonly shape: Shape,
    private readonly label: string,
    private readonly arrange: (across: number, down: number, shape: Shape) => [number, number],
    /** Called when another number of images is needed. */
    private readonly changed: () => void = () => undefined,
  ) {
    super();
    this.root.append(this.canvas);
    this.onResize(this.root, () => this.fit());
  }

  /** How many images there is room for; 0 before there is any. */
  get count(): number {
    return this.plan.columns * this.plan.rows;
  }

  /** Images in a row. */
  get columns(): number {
    return this.plan.columns;
  }

  /** RGBA images (n, H, W, 4), the first ones of a row first. */
  paint(rgba: Uint8ClampedArray<ArrayBuffer>): void {
    const width = this.shape[2];
    this.sheet.width = width;
    this.sheet.height = rgba.length / 4 / width;
    this.sheet.getContext("2d")!.putImageData(new ImageData(rgba, width), 0, 0);
    this.draw();
  }

  private fit(): void {
    const ratio = pixelRatio();
    const [across, down] = [this.root.clientWidth * ratio, this.root.clientHeight * ratio];
    if (across < 1 || down < 1) return;
    const before = this.count;
    const gap = Math.round(GAP * ratio);
    const [columns, rows] = this.arrange(across, down, this.shape);
    const [, tall, wide] = this.shape;
    const width = Math.floor(Math.min((across - (columns - 1) * gap) / columns, (((down - (rows - 1) * gap) / rows) * wide) / tall));
    const height = Math.max(1, Math.round((width * tall) / wide));
    const spaced = columns > 1 ? Math.min(WIDEST * gap, Math.floor((across - columns * width) / (columns - 1))) : gap;
    this.plan = { columns, rows, width: Math.max(1, width), height, gap: spaced };
    [this.canvas.width, this.canvas.height] = [columns * (width + spaced) - spaced, rows * (height + gap) - gap];
    this.canvas.style.width = `${this.canvas.width / ratio}px`;
    this.draw();
    if (this.count !== before) this.changed();
  }

  private draw(): void {
    const [, h, w] = this.shape;
    const { columns, width, height, gap: across } = this.plan;
    const context = this.canvas.getContext("2d")!;
    const gap = Math.round(GAP * pixelRatio());
    const smooth = width < 3 * w;
    context.imageSmoothingEnabled = smooth;
    for (let i = 0; i < Math.min(this.count, this.sheet.height / h); i++)
      context.drawImage(this.sheet, 0, i * h, w, h, (i % columns) * (width + across), Math.floor(i / columns) * (height + gap), width, height);
  }
}
