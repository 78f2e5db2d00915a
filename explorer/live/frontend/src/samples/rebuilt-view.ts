import { Through } from "../input/through";
import { spreadRows } from "../latent/rows";
import { button, h } from "../ui/dom";
import { paintAll, type Picture } from "../ui/picture";
import { SamplesView } from "./codes-view";
import type { ModelSamples } from "./model-samples";
import { NoiseControls } from "./noise-controls";
import { pictureRow, type Rebuilt, RebuiltRow } from "./rebuilt-row";
import type { SamplesStore } from "./store";

const SIDE = 84;
const LABEL = 120;
const MOST = 12;
/** Delay before the table is marked busy, in ms. */
const SOON = 350;
const PLAIN = "test images, not used in training, encoded to their posterior mean and decoded";
const NOISY = "the encoder sees the corrupted image; the decoder only produces images like its training images, which removes noise";

/** Originals, with or without noise, and their reconstructions by every model, each with its distortion. */
export class RebuiltView extends SamplesView {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "rebuilt" });
  private readonly about = h("span", { className: "hint" });
  private readonly units = h("p", { className: "hint" });
  private readonly trouble = h("p", { className: "notice", role: "status" });
  private readonly noise = this.own(new NoiseControls(this.store));
  private readonly comparable: boolean = this.store.models.every((model) => model.likelihood === this.store.models[0].likelihood);
  private rows: number[] = [];
  private results: RebuiltRow[] = [];
  private corrupted: Picture[] = [];
  /** Keys of the table's layout and of its images. */
  private layout = "";
  private request = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: SamplesStore) {
    super();
    const { models } = store;
    const same = models.every((model) => model.images === models[0].images);
    this.root = same
      ? h("div", {}, h("div", { className: "controls" }, button("Other images", () => this.others(), "the next test images"), this.noise.root, this.about), this.trouble, this.table, this.units, Through.fits(store.liveModels) && this.own(new Through(store.liveModels)).root)
      : h("p", { className: "notice" }, "These models store codes of different test images, so their reconstructions cannot be compared; choose models of one data set.");
    if (same) this.onResize(this.table, () => this.show());
    this.onDispose(store.on("choice", () => this.show()), () => clearTimeout(this.timer));
  }

  private get columns(): number {
    return Math.max(3, Math.min(MOST, Math.floor((this.table.clientWidth - (this.narrow ? 0 : LABEL)) / (SIDE + 10))));
  }

  private get narrow(): boolean {
    return this.table.clientWidth < 560;
  }

  private others(): void {
    const { store } = this;
    store.setImage((store.image + this.columns) % store.models[0].count);
  }

  private show(): void {
    if (!this.table.clientWidth) return;
    const { store } = this;
    const noisy = store.noise !== "none";
    this.rows = spreadRows(store.image, this.columns, store.models[0].count);
    const layout = [this.rows.join(), this.narrow, noisy].join("|");
    if (layout !== this.layout) this.layOut(noisy);
    this.layout = layout;
    const betas = store.liveModels.map(({ engine }) => engine.beta).join();
    const request = [layout, betas, ...(noisy ? [store.noise, store.level, store.seed] : [])].join("|");
    if (request !== this.request) this.fill(request);
  }

  /** New rows of empty pictures. */
  private layOut(noisy: boolean): void {
    const { liveModels } = this.store;
    const { rows } = this;
    const originals = pictureRow(liveModels[0], rows, SIDE, (row) => `test image ${row}`);
    originals.forEach((picture, i) => this.original(liveModels[0], rows[i], picture));
    this.corrupted = noisy ? pictureRow(liveModels[0], rows, SIDE, (row) => `test image ${row} with noise`) : [];
    this.results = liveModels.map((live) => new RebuiltRow(live, rows, SIDE, () => this.filled(), (sentence) => this.failed(sentence)));
    this.table.classList.toggle("narrow", this.narrow);
    this.table.style.setProperty("--columns", String(rows.length));
    const plain = (title: string, pictures: Picture[]) => (pictures.length ? [h("h3", {}, title), ...pictures.map(({ canvas }) => h("figure", {}, canvas))] : []);
    this.table.replaceChildren(...plain("originals", originals), ...plain("corrupted", this.corrupted), ...this.results.flatMap((row) => [row.label, ...row.cells]));
    this.about.textContent = noisy ? NOISY : PLAIN;
    const clean = noisy ? "of the clean image at the code of the corrupted one" : "at the mean code";
    this.units.textContent = `Numbers: distortion −log p(x|z) ${clean}, in nats; bold marks the lowest.` + (this.comparable ? "" : " These models have different likelihoods p(x|z), so their nats are not comparable.");
  }

  private original(live: ModelSamples, row: number, picture: Picture): void {
    void live.library.drawOriginal(row, picture.canvas).then((drawn) => drawn || this.failed(live.library.missingOriginals));
  }

  private fill(request: string): void {
    this.request = request;
    this.trouble.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.table.ariaBusy = "true"), SOON);
    const fetch = async (live: ModelSamples, first: boolean) => ({ labels: await live.labelsOf(this.rows), ...(await this.fetch(live, first)) });
    this.store.liveModels.forEach((live, i) => this.results[i].fill(request, () => fetch(live, i === 0)));
  }

  private async fetch(live: ModelSamples, first: boolean): Promise<Rebuilt> {
    const { store, rows, corrupted } = this;
    if (store.noise !== "none") {
      const restored = await live.library.restored(store.noise, store.level, store.seed, rows, live.atDefault ? undefined : live.engine.beta);
      if (first && corrupted === this.corrupted && corrupted.length) paintAll(corrupted, restored.images);
      return restored;
    }
    const d = live.model.latentSize;
    const [means, errors] = await Promise.all([live.means(), live.library.column("error")]);
    const z = new Float32Array(rows.length * d);
    rows.forEach((row, i) => z.set(means.subarray(row * d, (row + 1) * d), i * d));
    return { z, distortion: Float32Array.from(rows, (row) => (live.atDefault ? errors.values![row] : NaN)) };
  }

  /** Mark the best once all models have answered. */
  private filled(): void {
    if (this.results.some((row) => row.key !== this.request)) return;
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
}
