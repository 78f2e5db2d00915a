import { standardNormal } from "../latent/vectors";
import { classColours } from "../map";
import type { Model } from "../schema";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { button, figure, h, slider } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import { Plot } from "../page/plot";
import { View } from "../page/view";

const DRAWS = 12;
const ELLIPSES = 80;
const SIDE = 76;

/** From points to distributions: z = μ + σ·ε of one test image, with σ scaled up from 0. Shows two dimensions. */
export class Draws extends View {
  readonly root: HTMLElement;
  private readonly plot: Plot;
  private readonly original: Picture;
  private readonly pictures: Picture[];
  private readonly share = slider("scale of σ: 0 is the point of a plain autoencoder, 1 the posterior", { min: 0, max: 3, step: 0.01, value: 0 }, () => this.show());
  private readonly formula = h("p", { className: "formula" });
  private codes: Float32Array | null = null;
  private scales: Float32Array | null = null;
  private labels: Uint8Array | Uint16Array | null = null;
  private row = 0;
  private seed = 1;
  private epsilon: Float32Array;

  private readonly model: Model;

  constructor(private readonly live: LiveModel) {
    super();
    const model = (this.model = live.model);
    this.epsilon = standardNormal(DRAWS * model.latentSize, this.seed);
    this.plot = this.own(new Plot("codes", "codes of test images with their posteriors; click one to select it", (context, plot) => this.paint(context, plot)));
    this.plot.root.addEventListener("click", (event) => this.pick(event));
    this.original = new Picture(model.imageShape, 2 * SIDE, "original test image");
    this.pictures = Array.from({ length: DRAWS }, (_, i) => new Picture(model.imageShape, SIDE, `draw ${i + 1} decoded`));
    const grid = h("div", { className: "draws-grid" }, ...this.pictures.map((picture) => picture.canvas));
    this.root = h(
      "div",
      { className: "draws" },
      this.plot.root,
      h(
        "div",
        { className: "draws-right" },
        this.formula,
        h("label", { className: "labelled-slider" }, h("b", {}, "σ ×"), this.share, h("span", { className: "hint" }, "0: a point, as in an AE · 1: the posterior")),
        h("div", { className: "actions" }, keyed("n", button("Draw again", () => this.again(), "another ε (key n)")), keyed("t", button("Another image", () => this.choose((this.row + 37) % model.count), "key t"))),
        h("div", { className: "draws-images" }, h("figure", {}, this.original.canvas, h("figcaption", {}, "test image")), h("figure", {}, grid, h("figcaption", {}, `${DRAWS} draws, decoded`))),
      ),
    );
  }

  async open(): Promise<void> {
    const { library } = this.live;
    [this.codes, this.scales, this.labels] = await Promise.all([library.codes(), library.scales(), library.labels()]);
    const errors = (await library.column("error")).values;
    this.choose(errors ? errors.indexOf(errors.reduce((least, error) => Math.min(least, error))) : 0); // start from a well reconstructed image
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
    return this.epsilon.map((epsilon, i) => this.codes![this.row * d + (i % d)] + share * this.scales![this.row * d + (i % d)] * epsilon);
  }

  private show(): void {
    if (!this.codes || !this.scales) return;
    const d = this.model.latentSize;
    const [mu, sigma] = [this.codes, this.scales].map((values) => Array.from(values.subarray(this.row * d, this.row * d + 2), (value) => figure(value)).join(", "));
    this.formula.textContent = `z = μ + σ·ε = (${mu}) + ${figure(this.share.valueAsNumber)} · (${sigma}) · ε,  ε ~ N(0, I)`;
    this.live.engine.decodeMany([{ channel: "draws", z: this.drawn(), count: DRAWS, done: (rgba) => paintAll(this.pictures, rgba) }]);
    this.plot.draw();
  }

  /** Pixels per latent unit, so that ±3.6 fits. */
  private scale(plot: Plot): number {
    return Math.min(plot.width, plot.height) / 7.2;
  }

  private paint(context: CanvasRenderingContext2D, plot: Plot): void {
    const { codes, scales } = this;
    if (!codes || !scales) return;
    const d = this.model.latentSize;
    const unit = this.scale(plot);
    const place = (z: Float32Array, i: number): [number, number] => [plot.width / 2 + unit * z[i * d], plot.height / 2 - unit * z[i * d + Math.min(1, d - 1)]];
    const colours = classColours(Math.max(this.model.labelNames.length, 1));
    const colourOf = (row: number) => (this.labels ? colours[this.labels[row]] : plot.colour("--quiet"));
    const share = this.share.valueAsNumber;
    context.fillStyle = plot.colour("--line");
    context.fillRect(0, plot.height / 2, plot.width, 1);
    context.fillRect(plot.width / 2, 0, 1, plot.height);
    const stride = Math.max(1, Math.floor(this.model.count / ELLIPSES));
    const ellipse = (row: number, times: number) => {
      const [x, y] = place(codes, row);
      context.beginPath();
      context.ellipse(x, y, times * share * unit * scales[row * d], times * share * unit * scales[row * d + Math.min(1, d - 1)], 0, 0, 2 * Math.PI);
    };
    for (let row = 0; row < this.model.count; row++) {
      context.fillStyle = context.strokeStyle = colourOf(row);
      context.globalAlpha = row % stride ? 0.35 : 0.9;
      const [x, y] = place(codes, row);
      context.beginPath();
      context.arc(x, y, row % stride ? 2 : 3, 0, 2 * Math.PI);
      context.fill();
      if (row % stride || share === 0) continue;
      ellipse(row, 1);
      context.globalAlpha = 0.14;
      context.fill();
      context.globalAlpha = 0.5;
      context.lineWidth = 1;
      context.stroke();
    }
    context.globalAlpha = 1;
    context.strokeStyle = plot.colour("--text");
    for (const times of share > 0 ? [1, 2] : []) {
      ellipse(this.row, times);
      context.lineWidth = 2;
      context.stroke();
    }
    const drawn = this.drawn();
    for (let i = 0; i < DRAWS; i++) {
      context.beginPath();
      context.arc(...place(drawn, i), 5, 0, 2 * Math.PI);
      context.fillStyle = plot.colour("--accent");
      context.fill();
      context.strokeStyle = plot.colour("--ground");
      context.lineWidth = 1.5;
      context.stroke();
    }
  }

  private pick(event: MouseEvent): void {
    if (!this.codes) return;
    const box = this.plot.root.getBoundingClientRect();
    const unit = this.scale(this.plot);
    const [x, y] = [(event.clientX - box.left - box.width / 2) / unit, (box.height / 2 - event.clientY + box.top) / unit];
    const d = this.model.latentSize;
    let [best, nearest] = [Infinity, this.row];
    for (let row = 0; row < this.model.count; row++) {
      const distance = (this.codes[row * d] - x) ** 2 + (this.codes[row * d + Math.min(1, d - 1)] - y) ** 2;
      if (distance < best) [best, nearest] = [distance, row];
    }
    this.choose(nearest);
  }
}
