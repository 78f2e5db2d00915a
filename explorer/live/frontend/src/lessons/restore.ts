import { classColours } from "../map";
import { toRgba } from "../engine/pixels";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, figure, h, swatch } from "../ui/dom";
import { Picture } from "../ui/picture";
import { CodePlot } from "./code-plot";

const SIZE = 280;

/** Compress and restore: a test image, its code on the map, and what the decoder makes of the code. */
export class Restore extends View {
  readonly root: HTMLElement;
  private readonly map = new CodePlot(this.live.model, "codes of test images; click one to select it, or drag to decode any place", (context) => this.mark(context));
  private readonly original = new Picture(this.live.model.imageShape, SIZE, "test image");
  private readonly restored = new Picture(this.live.model.imageShape, SIZE, "decoded image");
  private readonly first: HTMLElement;
  private readonly numbers = h("output", { className: "numbers" });
  private readonly paint: (z: Float32Array) => void;
  private z: Float32Array = new Float32Array(this.live.model.latentSize);
  private decodes = false;

  /** `first` is the first restored image as base64 of its bytes (C, H, W), on show until the decoder is there. */
  constructor(private readonly live: LiveModel, private row: number, first: string) {
    super();
    const { model } = live;
    this.own(this.map.plot);
    if (first) this.restored.paint(toRgba(Uint8Array.from(atob(first), (c) => c.charCodeAt(0)), 1, model.imageShape, 1));
    const frames = live.frames((rgba) => this.restored.paint(rgba));
    this.onDispose(() => frames.stop());
    this.paint = (z) => frames.request(z);
    this.follow();
    const [channels, height, width] = model.imageShape;
    const pixels = `${(channels * height * width).toLocaleString("en")} numbers`;
    this.first = h("figure", { className: "given" }, this.original.canvas, h("figcaption", {}, `test image: ${pixels}`));
    const legend = h("div", { className: "classes", "aria-label": "classes" }, ...model.labelNames.map((name, i) => h("span", {}, swatch(classColours(model.labelNames.length)[i]), name)));
    this.root = h(
      "div",
      { className: "restore" },
      h("div", { className: "codes-place" }, this.map.plot.root, legend),
      h("div", { className: "way" }, this.first, h("p", { className: "code" }, "encode ↓ code ", this.numbers, " ↓ decode"), h("figure", {}, this.restored.canvas, h("figcaption", {}, "restored from the code alone"))),
      h("div", { className: "actions" }, keyed("t", button("Another image", () => this.choose((this.row + 37) % model.count), "key t"))),
    );
  }

  async open(): Promise<void> {
    const { library } = this.live;
    const [codes, labels] = await Promise.all([library.codes(), library.labels()]);
    this.map.set(codes, labels, 0.95);
    this.choose(Math.min(this.row, this.live.model.count - 1));
  }

  ready(): void {
    this.decodes = true;
    this.show(this.z);
  }

  private choose(row: number): void {
    const d = this.live.model.latentSize;
    this.row = row;
    this.first.classList.remove("left");
    void this.live.library.drawOriginal(row, this.original.canvas, () => this.row === row).then((drawn) => (this.first.hidden = !drawn));
    this.show(this.map.codes!.slice(row * d, (row + 1) * d));
  }

  private show(z: Float32Array): void {
    this.z = z;
    this.numbers.value = `(${Array.from(z.subarray(0, 2), (value) => figure(value, 1)).join(", ")}${z.length > 2 ? ", …" : ""})`;
    if (this.decodes) this.paint(z);
    this.map.plot.draw();
  }

  /** A click selects the nearest image; a drag decodes what is under the pointer, which no image need have. */
  private follow(): void {
    const decode = (event: PointerEvent) => {
      if (!this.map.codes) return;
      const z = this.z.slice();
      z.set(this.map.at(event).slice(0, z.length));
      this.first.classList.add("left");
      this.show(z);
    };
    this.map.plot.onDrag(decode, (event) => this.map.codes && this.choose(this.map.nearest(...this.map.at(event))));
  }

  private mark(context: CanvasRenderingContext2D): void {
    const { plot } = this.map;
    plot.dot(context, this.map.place(this.z[0], this.z[this.map.second]), Math.max(9, plot.height / 60), plot.colour("--accent"), 3);
  }
}
