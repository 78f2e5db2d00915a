import { parseColour, type Rgb } from "../map/palette";
import { View } from "../page/view";
import { figure, h } from "../ui/dom";
import { pixelRatio } from "../ui/picture";
import { arrange, cells, largest, pictureSize, stages } from "./cells";
import type { Layer } from "./networks";
import type { Reader, Reading } from "./reader";

/** The lowest strip, relative to the highest. */
const LOWEST = 0.42;
/** From this many strips on, their shapes are written upright. */
const MANY = 4;

export const shapeOf = (shape: readonly number[]): string => shape.join("×");

/** The hidden layers of a network, each a strip of its numbers for the present image. */
export class Strips extends View {
  readonly root = h("div", { className: "strips" });
  private canvases: HTMLCanvasElement[] = [];
  private shown: Layer[] = [];
  private structure = "";

  /** `before` says what the first layer is made of; `missing` what to say where there are no layers. */
  constructor(private readonly reader: Reader, private readonly before: string, private readonly missing: () => string) {
    super();
    this.onResize(this.root, () => this.paint());
  }

  show(layers: readonly Layer[] | null): void {
    const parts = layers ? stages(layers) : [];
    this.shown = parts.map(({ layer }) => layer);
    const structure = layers ? parts.map(({ layer }) => `${layer.name} ${shapeOf(layer.shape)}`).join() : this.missing();
    if (structure !== this.structure) this.build(parts.map(({ of }) => of), layers !== null);
    this.structure = structure;
    this.paint();
  }

  override theme(): void {
    this.paint();
  }

  private build(of: number[], known: boolean): void {
    const sizes = this.shown.map(({ values }) => Math.log(values.length));
    const most = Math.max(...sizes);
    this.root.classList.toggle("many", of.length >= MANY);
    this.canvases = this.shown.map(({ shape }) => h("canvas", { role: "img", "aria-label": `hidden layer of ${shapeOf(shape)}` }));
    const strips = this.canvases.map((canvas, i) => {
      const strip = h("figure", {}, h("div", {}, canvas), h("figcaption", {}, shapeOf(this.shown[i].shape)));
      strip.style.flexGrow = String(sizes[i]);
      const height = 100 * Math.max(LOWEST, sizes[i] / most);
      [canvas.style.height, canvas.style.top] = [`${height}%`, `${(100 - height) / 2}%`];
      return this.reader.attach(strip, `hidden layer ${i + 1}, ${shapeOf(this.shown[i].shape)}`, () => this.read(i, of[i]));
    });
    const said = known ? "no hidden layer: a linear map" : this.missing();
    this.root.replaceChildren(...(strips.length ? strips : [h("p", { className: "hint" }, said)]));
  }

  private paint(): void {
    if (!this.canvases.length || !this.root.clientWidth) return;
    const style = getComputedStyle(this.root);
    const colour = (name: string): Rgb => parseColour(style.getPropertyValue(name).trim() || "#888");
    const [above, below] = [colour("--accent"), colour("--below")];
    this.canvases.forEach((canvas, i) => {
      const { clientWidth, clientHeight } = canvas;
      const at = arrange(this.shown[i].shape, clientWidth * pixelRatio(), clientHeight * pixelRatio());
      const [width, height] = pictureSize(at);
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      canvas.classList.toggle("shrunk", width > clientWidth * pixelRatio());
      canvas.getContext("2d")?.putImageData(new ImageData(cells(this.shown[i], at, above, below), width, height), 0, 0);
    });
  }

  private read(i: number, of: number): Reading {
    const { shape, values, by, steps } = this.shown[i];
    const maps = shape.length >= 3;
    const from = i ? shapeOf(this.shown[i - 1].shape) : this.before;
    const last = of > 1 ? `, the last of ${of} layers of this shape` : "";
    const zeros = values.reduce((count, value) => count + Number(value === 0), 0);
    return {
      title: `Hidden layer ${i + 1}`,
      about: `${by.startsWith("Conv") ? "a convolution" : "a fully connected layer"} of ${from}${last}. The stronger a cell's colour, the larger its number.`,
      formula: formulaOf(by, steps),
      shape: maps ? `${shape[0]} channels of ${shapeOf(shape.slice(1))}` : `${shape[0]} units`,
      value: `up to ${figure(largest(values))}${zeros ? `; ${Math.round((100 * zeros) / values.length)} % are 0` : ""}`,
    };
  }
}

/** h from the layer h′ before it. */
export function formulaOf(by: string, steps: readonly string[]): string {
  const sum = by.startsWith("Conv") ? "w ∗ h′ + b" : "W·h′ + b";
  const only = steps.length === 1 ? steps[0] : "";
  if (!steps.length) return `h = ${sum}`;
  if (only === "ReLU") return `h = max(0, ${sum})`;
  if (only === "SiLU") return `a = ${sum},  h = a · sigmoid(a)`;
  return `h = f(${sum}),  f: ${steps.join(", ")}`;
}
