import { fromRgba, toRgba } from "../engine/pixels";
import type { Spectrum } from "../latent/spectrum";
import type { Library } from "../page/library";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { Picture } from "../ui/picture";

const COUNT = 8;
const SIDE = 64;
/** From one test image to its successor. */
const STRIDE = 37;

interface Pair {
  row: number;
  original: Picture;
  restored: Picture;
  coordinates: Float32Array | null;
}

/** Test images, each above what is restored of it at the present level; a click brings another one. */
export class RestoredRow extends View {
  private readonly pairs: Pair[] = Array.from({ length: COUNT }, (_, i) => ({
    row: (this.rows[i] ?? STRIDE * i) % this.library.model.count,
    original: new Picture(this.library.model.imageShape, SIDE, `test image ${i + 1}`),
    restored: new Picture(this.library.model.imageShape, SIDE, `restored image ${i + 1}`),
    coordinates: null,
  }));
  private readonly out = new Float32Array(this.spectrum.pixels);
  private level = 1;
  readonly root = h("div", { className: "restored-row" }, ...this.pairs.map((pair) => this.buttonOf(pair)));

  /** `failed` takes a sentence where the test images are not there. */
  constructor(
    private readonly spectrum: Spectrum,
    private readonly library: Library,
    private readonly rows: readonly number[],
    private readonly failed: (sentence: string) => void,
  ) {
    super();
  }

  private buttonOf(pair: Pair): HTMLElement {
    const element = button("", () => void this.exchange(pair), "another test image");
    element.setAttribute("aria-label", "another test image");
    element.append(pair.original.canvas, pair.restored.canvas);
    return element;
  }

  async open(): Promise<void> {
    await Promise.all(this.pairs.map((pair) => this.load(pair)));
  }

  /** Replace all images. */
  async others(): Promise<void> {
    await Promise.all(this.pairs.map((pair) => this.exchange(pair)));
  }

  show(level: number): void {
    this.level = level;
    for (const pair of this.pairs) this.paint(pair);
  }

  private exchange(pair: Pair): Promise<void> {
    pair.row = (pair.row + STRIDE * COUNT) % this.library.model.count;
    return this.load(pair);
  }

  private async load(pair: Pair): Promise<void> {
    const { row, original: { canvas } } = pair;
    const { imageShape, vision } = this.library.model;
    const drawn = await this.library.drawOriginal(row, canvas, () => pair.row === row);
    if (pair.row !== row) return;
    this.root.classList.toggle("without-originals", !drawn);
    if (!drawn) return this.failed(this.library.missingOriginals);
    const rgba = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    let x = fromRgba(rgba, 1, imageShape);
    if (vision?.threshold) x = x.map((value) => Number(value >= 0.5));
    pair.coordinates = this.spectrum.coordinates(x);
    this.paint(pair);
  }

  private paint({ coordinates, restored }: Pair): void {
    if (!coordinates) return;
    this.spectrum.restore(coordinates, this.level, this.out);
    restored.paint(toRgba(this.out, 1, restored.shape));
  }
}
