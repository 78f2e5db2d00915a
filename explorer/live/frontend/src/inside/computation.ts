import { toRgba } from "../engine/pixels";
import { residual, residualKey } from "../page/residual";
import { View } from "../page/view";
import type { Model } from "../schema";
import { h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { CodeRows } from "./code-rows";
import type { Passage } from "./passage";
import { Reader, type Reading } from "./reader";
import { shapeOf, Strips } from "./strips";
import { likelihoodOf, Sum } from "./sum";
import { Wires } from "./wires";

const SIDE = 240;

/** The computation of one image from left to right: x, hidden layers, q, ε, z, hidden layers, x̂, and what it costs. */
export class Computation extends View {
  readonly root: HTMLElement;
  private readonly reader = new Reader();
  private readonly encoder = this.own(new Strips(this.reader, `the image, ${shapeOf(this.shape)}`, this.why));
  private readonly decoder = this.own(new Strips(this.reader, "the code", () => ""));
  private readonly code = this.own(new CodeRows(this.reader, this.fixed));
  private readonly sum = new Sum(this.reader);
  private readonly x = new Picture(this.shape, SIDE, "the image x");
  private readonly rebuilt = new Picture(this.shape, SIDE, "the decoded image");
  private readonly apart = new Picture(this.shape, SIDE / 3, "the image minus the decoded image");
  private readonly caption = h("figcaption", {});
  private passage: Passage | null = null;

  constructor(private readonly shape: Model["imageShape"], private readonly why: () => string, private readonly fixed: (k: number, epsilon: number) => void) {
    super();
    const size = shapeOf(shape);
    const given = this.reader.attach(h("div", { className: "shown-image" }, this.x.canvas), "x, the image", () => this.readX(size));
    const made = this.reader.attach(h("div", { className: "shown-image" }, this.rebuilt.canvas), "x̂, the decoded image", () => this.readRebuilt(size));
    const apart = this.reader.attach(h("figure", { className: "apart" }, this.apart.canvas, shape[0] === 1 ? residualKey() : null), "x minus x̂", () => ({ title: "x − x̂", about: "what the code does not say: the distortion adds it up", shape: `${size} numbers` }));
    const column = (name: string, className: string, ...parts: Node[]) => h("div", { className }, h("h4", {}, name), ...parts);
    const [first, hidden, middle, back, last] = [
      column("x", "of-x", given, this.caption),
      column("encoder", "of-layers", this.encoder.root),
      column("code", "of-code", this.code.root),
      column("decoder", "of-layers", this.decoder.root),
      column("x̂", "of-rebuilt", made, h("figcaption", {}, "decoded from z"), apart),
    ];
    const { rate, weighted, distortion, loss } = this.sum;
    const place = h("div", { className: "flow" }, first, hidden, middle, back, last, this.reader.root, rate.root, weighted.root, distortion.root, loss.root);
    this.root = h("div", { className: "computation" }, place);
    this.own(
      new Wires(place, [
        { kind: "distortion", from: [first, "top"], to: [last, "top"], over: 0.9 },
        { kind: "flow-line", from: [given, "right"], to: [this.encoder.root, "left"] },
        { kind: "flow-line", from: [this.encoder.root, "right"], to: [this.code.root, "left"] },
        { kind: "flow-line", from: [this.code.root, "right"], to: [this.decoder.root, "left"] },
        { kind: "flow-line", from: [this.decoder.root, "right"], to: [made, "left"] },
        { kind: "rate", from: [this.code.root, "bottom"], to: [rate.root, "top"] },
        { kind: "rate", from: [rate.root, "right"], to: [weighted.root, "left"] },
        { kind: "rate", from: [weighted.root, "bottom"], to: [loss.root, "top"] },
        { kind: "distortion", from: [last, "bottom"], to: [distortion.root, "top"] },
        { kind: "distortion", from: [distortion.root, "bottom"], to: [loss.root, "top"] },
      ]),
    );
  }

  /** What is said of the image below it. */
  set about(text: string) {
    this.caption.textContent = text;
  }

  show(passage: Passage): void {
    this.passage = passage;
    const { model, x, decoded, posterior, epsilon, z, terms } = passage;
    this.root.classList.toggle("plain", terms.rate === null);
    this.x.canvas.parentElement!.classList.toggle("absent", !x);
    if (x) this.x.paint(toRgba(x, 1, model.imageShape));
    this.rebuilt.paint(toRgba(decoded, 1, model.imageShape));
    if (x) this.apart.paint(residual(x, decoded, model.imageShape[0]));
    this.apart.canvas.parentElement!.classList.toggle("set-aside", !x);
    this.encoder.show(passage.encoderLayers);
    this.decoder.show(passage.decoderLayers);
    this.code.show(model, { posterior, epsilon, z, rates: terms.rates });
    this.sum.show(passage);
    this.reader.begin(this.root, this.code.readZ);
  }

  private readX(size: string): Reading {
    const x = this.passage?.x;
    const mean = x ? (x.reduce((sum, value) => sum + value, 0) / x.length).toFixed(3) : "";
    return { title: "x", about: "the image, numbers from 0 to 1", shape: `${size} = ${x?.length.toLocaleString("en") ?? ""} numbers`, value: mean && `mean ${mean}` };
  }

  private readRebuilt(size: string): Reading {
    const vision = this.passage?.model.vision;
    return {
      title: "x̂",
      about: "the mean of p(x|z): what the decoder makes of z",
      formula: vision ? likelihoodOf(vision).mean : "",
      shape: `${size} numbers`,
    };
  }
}
