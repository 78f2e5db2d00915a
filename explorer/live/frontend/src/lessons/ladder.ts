import { dimensionName, orderDimensions } from "../latent/dimensions";
import { sweep } from "../latent/vectors";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { fixed, Wall } from "./wall";

const [IMAGES, DIMENSIONS, REACH] = [8, 3, 3];

/** What β costs: restored test images, and sliders pulled from end to end, by one model beside another. */
export class Ladder extends View {
  readonly root: HTMLElement;
  private readonly walls: { originals: Wall; restored: Wall; traversed: Wall; dimensions: number[] }[];
  private codes: Float32Array[] = [];
  private rows: number[];

  constructor(private readonly models: readonly LiveModel[], titles: readonly string[], rows: readonly number[]) {
    super();
    this.rows = Array.from({ length: IMAGES }, (_, i) => rows[i] ?? i);
    this.walls = models.map(({ model }, i) => {
      const dimensions = orderDimensions(model).live.slice(0, DIMENSIONS);
      const wall = (label: string, count: number) => this.own(new Wall(model.imageShape, `${label}, ${titles[i]}`, fixed(IMAGES, count), () => this.show()));
      return { originals: wall("test images", 1), restored: wall("restored test images", 1), traversed: wall("traversals", dimensions.length), dimensions };
    });
    const columns = models.map(({ model }, i) => {
      const { originals, restored, traversed, dimensions } = this.walls[i];
      const rate = model.rate?.reduce((sum, nats) => sum + nats, 0);
      const alive = `${orderDimensions(model).live.length} of ${model.latentSize} dimensions alive`;
      return h(
        "figure",
        {},
        h("h3", {}, titles[i], h("span", {}, `${rate === undefined ? "" : `${rate.toFixed(0)} nats · `}${alive}`)),
        h("b", { className: "of-originals" }, "test images"),
        originals.root,
        h("b", {}, "restored"),
        restored.root,
        h("b", {}, `${dimensions.map(dimensionName).join(", ")} from −${REACH} to ${REACH}`),
        traversed.root,
      );
    });
    this.root = h(
      "div",
      { className: "ladder" },
      h("div", { className: "ladder-columns" }, ...columns),
      h("div", { className: "actions" }, keyed("t", button("Other images", () => this.others(), "key t"))),
    );
  }

  async open(): Promise<void> {
    this.codes = await Promise.all(this.models.map(({ library }) => library.codes()));
    this.show();
    await this.showOriginals();
  }

  private others(): void {
    this.rows = this.rows.map((row) => (row + IMAGES) % this.models[0].model.count);
    this.show();
    void this.showOriginals();
  }

  /** The images as they are; without the data set only what is decoded is shown. */
  private async showOriginals(): Promise<void> {
    const { library, model: { imageShape: [, height, width] } } = this.models[0];
    const { rows } = this;
    const all = new Uint8ClampedArray(rows.length * height * width * 4);
    const canvas = h("canvas", { width, height });
    let found = true;
    for (const [k, row] of rows.entries()) {
      found &&= await library.drawOriginal(row, canvas);
      all.set(canvas.getContext("2d")!.getImageData(0, 0, width, height).data, k * height * width * 4);
    }
    if (rows !== this.rows) return;
    this.root.classList.toggle("without-originals", !found);
    if (found) for (const { originals } of this.walls) originals.paint(all);
  }

  private show(): void {
    this.codes.forEach((codes, i) => {
      const { engine, model: { latentSize: d } } = this.models[i];
      const { restored, traversed, dimensions } = this.walls[i];
      const z = new Float32Array(IMAGES * d);
      this.rows.forEach((row, k) => z.set(codes.subarray(row * d, (row + 1) * d), k * d));
      const swept = new Float32Array(dimensions.length * IMAGES * d);
      dimensions.forEach((k, row) => swept.set(sweep(new Float32Array(d), k, -REACH, REACH, IMAGES), row * IMAGES * d));
      engine.decodeMany([
        { channel: "restored", z, count: IMAGES, done: (rgba) => restored.paint(rgba) },
        { channel: "traversed", z: swept, count: dimensions.length * IMAGES, done: (rgba) => traversed.paint(rgba) },
      ]);
    });
  }
}
