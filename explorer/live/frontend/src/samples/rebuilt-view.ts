import { button, h } from "../ui/dom";
import type { Picture } from "../ui/picture";
import type { Bench } from "./bench";
import type { Part } from "./codes-view";
import type { Lane } from "./lane";
import { NoiseControls } from "./noise-controls";
import { paintAll, type Rebuilt, RebuiltRow, shown } from "./rebuilt-row";
import { spreadRows } from "./rows";

const SIDE = 84;
const LABEL = 120;
const MOST = 12;
/** After so many ms without an answer, say what is being waited for. */
const SOON = 350;
const PLAIN = "test images, which no model was trained on, encoded to their mean and decoded again";
const NOISY = "the encoder sees the corrupted image, and the decoder only knows images like those it learnt from: that takes noise away";

/** The same test images through every model, as they are or with noise, beside the originals, with what each loses. */
export class RebuiltView implements Part {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "rebuilt" });
  private readonly about = h("span", { className: "hint" });
  private readonly units = h("p", { className: "hint" });
  private readonly trouble = h("p", { className: "notice", role: "status" });
  private readonly noise: NoiseControls;
  private readonly sized: ResizeObserver;
  private readonly off: () => void;
  private readonly comparable: boolean;
  private rows: number[] = [];
  private results: RebuiltRow[] = [];
  private corrupted: Picture[] = [];
  private framed = "";
  private wanted = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly bench: Bench) {
    const { models } = bench;
    const same = models.every((model) => model.images === models[0].images);
    this.comparable = models.every((model) => model.likelihood === models[0].likelihood);
    this.noise = new NoiseControls(bench);
    this.root = same
      ? h("div", {}, h("div", { className: "controls" }, button("Other images", () => this.others(), "the next test images"), this.noise.root, this.about), this.trouble, this.table, this.units)
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
    const { bench } = this;
    const noisy = bench.noise !== "none";
    this.rows = spreadRows(bench.image, this.columns, bench.models[0].count);
    const frame = [this.rows.join(), this.narrow, noisy].join("|");
    if (frame !== this.framed) this.frame(noisy);
    this.framed = frame;
    const wanted = noisy ? [frame, bench.noise, bench.level, bench.seed].join("|") : frame;
    if (wanted !== this.wanted) this.fill(wanted);
  }

  /** New rows of pictures, still empty. */
  private frame(noisy: boolean): void {
    const { lanes } = this.bench;
    const { rows } = this;
    const originals = shown(lanes[0], rows, SIDE, (row) => `test image ${row}`);
    originals.forEach((picture, i) => this.original(lanes[0], rows[i], picture));
    this.corrupted = noisy ? shown(lanes[0], rows, SIDE, (row) => `test image ${row} with noise`) : [];
    this.results = lanes.map((lane) => new RebuiltRow(lane, rows, SIDE, () => this.filled(), (sentence) => this.failed(sentence)));
    this.table.classList.toggle("narrow", this.narrow);
    this.table.style.setProperty("--columns", String(rows.length));
    const plain = (title: string, pictures: Picture[]) => (pictures.length ? [h("h3", {}, title), ...pictures.map(({ canvas }) => h("figure", {}, canvas))] : []);
    this.table.replaceChildren(...plain("originals", originals), ...plain("corrupted", this.corrupted), ...this.results.flatMap((row) => [row.label, ...row.cells]));
    this.about.textContent = noisy ? NOISY : PLAIN;
    const clean = noisy ? "of the clean image at the code of the corrupted one" : "at the mean code";
    this.units.textContent = `Numbers: distortion −log p(x|z) ${clean}, in nats; bold is the least.` + (this.comparable ? "" : " These models have different likelihoods p(x|z), so their nats do not compare.");
  }

  private original(lane: Lane, row: number, picture: Picture): void {
    void lane.library.drawOriginal(row, picture.canvas).then((drawn) => drawn || this.failed(lane.library.missingOriginals));
  }

  private fill(wanted: string): void {
    this.wanted = wanted;
    this.trouble.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.table.ariaBusy = "true"), SOON);
    this.bench.lanes.forEach((lane, i) => this.results[i].fill(wanted, () => this.ask(lane, i === 0)));
  }

  private async ask(lane: Lane, first: boolean): Promise<Rebuilt> {
    const { bench, rows, corrupted } = this;
    if (bench.noise !== "none") {
      const found = await lane.library.restored(bench.noise, bench.level, bench.seed, rows);
      if (first && corrupted === this.corrupted && corrupted.length) paintAll(corrupted, found.images);
      return found;
    }
    const d = lane.model.latentSize;
    const [means, errors] = await Promise.all([lane.means(), lane.library.column("error")]);
    const z = new Float32Array(rows.length * d);
    rows.forEach((row, i) => z.set(means.subarray(row * d, (row + 1) * d), i * d));
    return { z, distortion: Float32Array.from(rows, (row) => errors.values![row]) };
  }

  /** One model has answered; once all have, the best can be told. */
  private filled(): void {
    if (this.results.some((row) => row.told !== this.wanted)) return;
    this.rest();
    const best = this.rows.map((_, i) => Math.min(...this.results.map((row) => row.values[i])));
    for (const row of this.results) row.mark(best);
  }

  private failed(sentence: string): void {
    this.rest();
    this.trouble.textContent = sentence;
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.table.ariaBusy = null;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.noise.dispose();
    this.off();
    this.sized.disconnect();
  }
}
