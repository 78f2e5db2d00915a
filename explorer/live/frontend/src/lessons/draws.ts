import { standardNormal } from "../latent/vectors";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { button, figure, h, slider } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Plot } from "../page/plot";
import { View } from "../page/view";
import { CodePlot } from "./code-plot";
import { fixed, Wall } from "./wall";

const [COLUMNS, ROWS] = [5, 4];
const DRAWS = COLUMNS * ROWS;
const ELLIPSES = 160;
const SIDE = 152;

/** From points to distributions: z = μ + σ·ε of one test image, with σ scaled up from 0. Shows two dimensions. */
export class Draws extends View {
  readonly root: HTMLElement;
  private readonly model = this.live.model;
  private readonly map = new CodePlot(this.model, "codes of test images with their posteriors; click one to select it", (context, plot) => this.paint(context, plot));
  private readonly original = new Picture(this.model.imageShape, SIDE, "original test image");
  private readonly wall: Wall;
  private readonly share = slider("scale of σ: 0 is the point of a plain autoencoder, 1 the posterior", { min: 0, max: 3, step: 0.01, value: 1 }, () => this.show());
  private readonly scaled = h("output", { className: "figure" });
  private readonly formula = h("p", { className: "formula" });
  private scales: Float32Array | null = null;
  private row = 0;
  private seed = 1;
  private epsilon = standardNormal(DRAWS * this.model.latentSize, this.seed);

  /** `first` is the test image that it begins with; without one, the best restored. */
  constructor(private readonly live: LiveModel, private readonly first?: number) {
    super();
    const { model } = live;
    this.own(this.map.plot).root.addEventListener("click", (event) => this.choose(this.map.nearest(...this.map.at(event))));
    this.wall = this.own(new Wall(model.imageShape, `${DRAWS} draws, decoded`, fixed(COLUMNS, ROWS)));
    this.root = h(
      "div",
      { className: "draws" },
      h("div", { className: "codes-place" }, this.map.plot.root),
      h(
        "div",
        { className: "draws-right" },
        h("figure", { className: "given" }, this.original.canvas, h("figcaption", {}, "test image")),
        h("div", { className: "dial" }, this.formula, h("label", { className: "labelled-slider" }, h("b", {}, "σ ×"), this.share, this.scaled)),
        h("figure", { className: "drawn" }, h("figcaption", {}, `${DRAWS} draws from its cloud, decoded`), this.wall.root),
        h("div", { className: "actions" }, keyed("n", button("Draw again", () => this.again(), "another ε (key n)")), keyed("t", button("Another image", () => this.choose((this.row + 37) % model.count), "key t"))),
      ),
    );
  }

  async open(): Promise<void> {
    const { library } = this.live;
    const [codes, scales, labels] = await Promise.all([library.codes(), library.scales(), library.labels()]);
    this.scales = scales;
    this.map.set(codes, labels);
    if (this.first !== undefined) return this.choose(Math.min(this.first, this.model.count - 1));
    const errors = (await library.column("error")).values;
    this.choose(errors ? errors.indexOf(errors.reduce((least, error) => Math.min(least, error))) : 0);
  }

  private choose(row: number): void {
    this.row = row;
    // without the data set, a black picture would pass for the test image
    void this.live.library.drawOriginal(row, this.original.canvas, () => this.row === row).then((drawn) => (this.original.canvas.closest("figure")!.hidden = !drawn));
    this.show();
  }

  private again(): void {
    this.epsilon = standardNormal(DRAWS * this.model.latentSize, ++this.seed);
    this.show();
  }

  /** The drawn codes (DRAWS, d). */
  private drawn(): Float32Array {
    const d = this.model.latentSize;
    const share = this.share.valueAsNumber;
    return this.epsilon.map((epsilon, i) => this.map.codes![this.row * d + (i % d)] + share * this.scales![this.row * d + (i % d)] * epsilon);
  }

  private show(): void {
    if (!this.map.codes || !this.scales) return;
    const d = this.model.latentSize;
    const [mu, sigma] = [this.map.codes, this.scales].map((values) => Array.from(values.subarray(this.row * d, this.row * d + 2), (value) => figure(value)).join(", "));
    this.scaled.value = figure(this.share.valueAsNumber);
    this.formula.textContent = `z = μ + σ·ε = (${mu}) + ${figure(this.share.valueAsNumber)} · (${sigma}) · ε`;
    this.live.engine.decodeMany([{ channel: "draws", z: this.drawn(), count: DRAWS, done: (rgba) => this.wall.paint(rgba) }]);
    this.map.plot.draw();
  }

  /** Posteriors of some images, that of the selected one, and the draws from it. */
  private paint(context: CanvasRenderingContext2D, plot: Plot): void {
    const { codes } = this.map;
    const { scales } = this;
    if (!codes || !scales) return;
    const d = this.model.latentSize;
    const share = this.share.valueAsNumber;
    const second = this.map.second;
    const trace = (row: number, times: number) => {
      const reach = times * share * this.map.unit;
      context.beginPath();
      context.ellipse(...this.map.place(codes[row * d], codes[row * d + second]), reach * scales[row * d], reach * scales[row * d + second], 0, 0, 2 * Math.PI);
    };
    const stride = Math.max(1, Math.floor(this.model.count / ELLIPSES));
    for (let row = 0; share > 0 && row < this.model.count; row += stride) {
      context.fillStyle = context.strokeStyle = this.map.colourOf(row);
      trace(row, 2);
      context.globalAlpha = 0.16;
      context.fill();
      context.globalAlpha = 0.6;
      context.lineWidth = 1;
      context.stroke();
    }
    context.globalAlpha = 1;
    context.strokeStyle = plot.colour("--text");
    for (const times of share > 0 ? [1, 2] : []) {
      trace(this.row, times);
      context.lineWidth = 2;
      context.stroke();
    }
    const drawn = this.drawn();
    for (let i = 0; i < DRAWS; i++) plot.dot(context, this.map.place(drawn[i * d], drawn[i * d + second]), 5, plot.colour("--accent"), 1.5);
  }
}
