import { button, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Bench } from "./bench";
import type { Part } from "./codes-view";
import type { Lane } from "./lane";
import { spreadRows } from "./rows";

const SIDE = 84;
const LABEL = 120;
const MOST = 12;

/** The same test images through every model, beside the originals, with what each loses. */
export class RebuiltView implements Part {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "rebuilt" });
  private readonly sized: ResizeObserver;
  private readonly off: () => void;
  private shown = "";

  constructor(private readonly bench: Bench) {
    const same = bench.models.every((model) => model.images === bench.models[0].images);
    const comparable = bench.models.every((model) => model.likelihood === bench.models[0].likelihood);
    this.root = same
      ? h(
          "div",
          {},
          h("div", { className: "controls" }, button("Other images", () => this.others(), "the next test images"), h("span", { className: "hint" }, "test images, which no model was trained on, encoded to their mean and decoded again")),
          this.table,
          h("p", { className: "hint" }, "Numbers: distortion −log p(x|z) at the mean code, in nats; bold is the least.", comparable ? "" : " These models have different likelihoods p(x|z), so their nats do not compare."),
        )
      : h("p", { className: "notice" }, "These models keep codes of different test images, so their reconstructions cannot stand side by side; choose models of one data set.");
    this.sized = new ResizeObserver(() => this.show());
    if (same) this.sized.observe(this.table);
    this.off = bench.on("choice", () => this.show());
  }

  update(): void {}

  private get columns(): number {
    return Math.max(3, Math.min(MOST, Math.floor((this.table.clientWidth - (this.narrow ? 0 : LABEL)) / (SIDE + 10))));
  }

  private get narrow(): boolean {
    return this.table.clientWidth < 560;
  }

  private others(): void {
    const { bench } = this;
    bench.setImage((bench.image + this.columns) % bench.models[0].count);
  }

  private show(): void {
    if (!this.table.clientWidth) return;
    const rows = spreadRows(this.bench.image, this.columns, this.bench.models[0].count);
    const now = [rows.join(), this.narrow].join("|");
    if (now === this.shown) return;
    this.shown = now;
    const { lanes } = this.bench;
    const originals = rows.map((row) => {
      const picture = new Picture(lanes[0].model.imageShape, SIDE, `test image ${row}`);
      void lanes[0].library.drawOriginal(row, picture.canvas).then((drawn) => drawn || this.bench.notice(lanes[0].library.missingOriginals));
      return picture;
    });
    const results = lanes.map((lane) => new Row(lane, rows));
    this.table.classList.toggle("narrow", this.narrow);
    this.table.style.setProperty("--columns", String(rows.length));
    this.table.replaceChildren(
      h("h3", {}, "originals"),
      ...originals.map((picture) => h("figure", {}, picture.canvas)),
      ...results.flatMap((row) => [row.label, ...row.cells]),
    );
    Promise.all(results.map((row) => row.filled)).then(
      () => this.shown === now && rows.forEach((_, i) => least(results, i)),
      (error: Error) => this.bench.notice(error.message),
    );
  }

  dispose(): void {
    this.off();
    this.sized.disconnect();
  }
}

/** The reconstructions of one model. */
class Row {
  readonly label: HTMLElement;
  readonly cells: HTMLElement[];
  readonly filled: Promise<void>;
  readonly errors: HTMLElement[];
  values: number[] = [];
  private readonly pictures: Picture[];

  constructor(
    private readonly lane: Lane,
    rows: number[],
  ) {
    const { model } = lane;
    this.pictures = rows.map((row) => new Picture(model.imageShape, SIDE, `test image ${row} after ${model.title}`));
    this.errors = rows.map(() => h("figcaption", { className: "figure" }, "…"));
    this.label = h("h3", {}, model.title);
    this.cells = this.pictures.map((picture, i) => h("figure", {}, picture.canvas, this.errors[i]));
    this.filled = this.fill(rows);
  }

  private async fill(rows: number[]): Promise<void> {
    const { lane } = this;
    const d = lane.model.latentSize;
    const [means, errors] = await Promise.all([lane.means(), lane.library.column("error")]);
    const z = new Float32Array(rows.length * d);
    rows.forEach((row, i) => z.set(means.subarray(row * d, (row + 1) * d), i * d));
    const [, height, width] = lane.model.imageShape;
    const size = height * width * 4;
    const done = (rgba: Uint8ClampedArray<ArrayBuffer>, count: number) => {
      if (count === rows.length) this.pictures.forEach((picture, i) => picture.paint(rgba.slice(i * size, (i + 1) * size)));
    };
    lane.engine.decodeMany([{ channel: "rebuilt", z, count: rows.length, done }]);
    this.values = rows.map((row) => errors.values![row]);
    this.values.forEach((value, i) => (this.errors[i].textContent = figure(value, 1)));
  }
}

function least(rows: Row[], i: number): void {
  const best = Math.min(...rows.map((row) => row.values[i]));
  for (const row of rows) row.errors[i].classList.toggle("least", row.values[i] === best);
}
