import { assetsBeside, fetchBytes } from "../engine/assets";
import { dimensionName } from "../latent/dimensions";
import { Library } from "../library";
import { type Extent, MapView } from "../map";
import { fitted } from "../map/viewport";
import { themeOf } from "../map/theme";
import { download } from "../save/download";
import { button, calm, figure, h } from "../ui/dom";
import { film } from "./film";
import { Legend } from "../views/legend";
import { Reel, SAMPLES, STEPS } from "./reel";
import { Sheet } from "./sheet";
import type { History } from "./types";

const COLUMNS = 6;
/** Seconds from one snapshot to the next while it plays, and frames of the GIF. */
const [PACE, BETWEEN] = [0.6, 5];
const PRIOR = 3;
const MARGIN = 24;

/** The time machine of one training: a slider through its snapshots, by which the map, the traversals and the samples form. */
export class Replay {
  readonly root: HTMLElement;
  private readonly slider = h("input", { type: "range", min: "0", step: "0.01", "aria-label": "moment of the training" });
  private readonly readout = h("output", { className: "figure" });
  private readonly frame = h("div", { className: "map" });
  private readonly legend = new Legend((hidden) => this.map.setVisible(this.names.map((_, i) => !hidden.includes(i))));
  private names: string[] = [];
  private readonly traversals = h("div", { className: "traversals" });
  private readonly samples = h("div", { className: "sampled" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly play: HTMLButtonElement;
  private readonly save: HTMLButtonElement;
  private readonly branch: HTMLButtonElement | null;
  private readonly map: MapView;
  private readonly sized: ResizeObserver;
  private reel: Reel | null = null;
  private sheets: { traversals: Sheet; samples: Sheet } | null = null;
  private extent: Extent | null = null;
  private t = 0;
  private painted = -1;
  private playing = 0;
  private gone = false;
  private steered = false;

  constructor(
    private readonly run: string,
    private readonly appRoot: string,
    private readonly bundle: string,
    branch: ((epoch: number) => void) | null,
  ) {
    this.play = button("Play", () => this.toggle(), "replay the training");
    this.save = button("Save as GIF", () => void this.record(), "the map and the samples as a film");
    this.branch = branch && button("Branch here", () => branch(this.epoch), "begin a new training from this moment, with other settings");
    const transport = h("div", { className: "transport" }, this.play, this.slider, this.readout);
    this.root = h(
      "section",
      { className: "replay", "aria-label": "time machine" },
      h("header", { className: "head" }, h("div", {}, h("h3", {}, "How it formed"), h("p", { className: "hint" }, "The same test images, the same sliders and the same random codes, at every moment that was kept.")), h("div", { className: "actions" }, this.branch, this.save)),
      this.message,
      transport,
      h("div", { className: "panels" }, h("figure", {}, h("header", {}, h("b", {}, "Map")), this.frame, this.legend.root), h("figure", {}, h("header", {}, h("b", {}, "Traversals"), h("small", {}, "−3 σ to 3 σ")), this.traversals), h("figure", {}, h("header", {}, h("b", {}, "Samples"), h("small", {}, "codes from N(0, I)")), this.samples)),
    );
    this.map = new MapView(this.frame, { onHover: () => undefined, onPick: () => undefined, onSelect: () => undefined, onViewport: () => undefined });
    for (const kind of ["pointerdown", "wheel", "keydown"]) this.frame.addEventListener(kind, () => (this.steered = true), { capture: true, passive: true });
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.frame);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.show(Number(this.slider.value));
    });
    this.root.setAttribute("aria-busy", "true");
    this.open().then(
      () => this.root.removeAttribute("aria-busy"),
      (error: Error) => (this.message.textContent = error.message),
    );
  }

  theme(): void {
    const theme = themeOf(this.frame);
    if (theme) this.map.setTheme(theme);
  }

  dispose(): void {
    this.gone = true;
    this.stop();
    this.sized.disconnect();
    this.map.destroy();
  }

  private async open(): Promise<void> {
    const history = JSON.parse(new TextDecoder().decode(await fetchBytes(`${this.appRoot}trainings/${this.run}/snapshots`))) as History;
    const reel = new Reel(history, this.appRoot, assetsBeside(this.bundle));
    await reel.open();
    if (this.gone) return;
    this.reel = reel;
    const { imageShape, latentSize, rate, projections } = reel.model;
    const axes = projections[0]?.axes ?? ["z₁", ""];
    this.map.setAxes({ x: axes[0], y: axes[1] });
    if (rate && latentSize > 1) this.map.setSigmaCircles([1, 2, 3]);
    this.sheets = { traversals: new Sheet(imageShape, STEPS, reel.rows, "traversals"), samples: new Sheet(imageShape, COLUMNS, SAMPLES / COLUMNS, "samples") };
    const names = reel.plane ? ["z₂ ↑"] : reel.dimensions.map(dimensionName);
    this.traversals.classList.toggle("plane", reel.plane);
    this.traversals.replaceChildren(h("div", { className: "names" }, ...names.map((name) => h("span", {}, name))), this.sheets.traversals.canvas);
    if (reel.plane) this.traversals.append(h("span"), h("small", {}, "z₁ →"));
    this.samples.replaceChildren(this.sheets.samples.canvas);
    const last = reel.snapshots.length - 1;
    this.slider.max = String(last);
    const [x, y] = reel.positions(last);
    this.map.setPoints(x, y);
    this.extent = extentOf(x, y);
    await this.colour(reel);
    this.theme();
    this.fit();
    this.show(last);
    for (let i = last; i >= 0 && !this.gone; i--) await reel.decoded(i); // so that the slider waits for nothing
  }

  private async colour(reel: Reel): Promise<void> {
    const column = reel.model.columns.find((c) => c.names);
    if (!column) return;
    const { categories } = await new Library(reel.model, this.appRoot + reel.model.base).column(column.key);
    if (!categories) return;
    this.names = column.names!;
    this.legend.show(this.names);
    this.map.setCategories(categories, this.names);
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (this.extent && !this.steered && width && height) this.map.setViewport(fitted(this.extent, width, height, MARGIN));
  }

  /** The epoch whose decoder is shown. */
  private get epoch(): number {
    return this.reel?.snapshots[Math.round(this.t)].epoch ?? 0;
  }

  private show(t: number): void {
    const { reel } = this;
    if (!reel) return;
    this.t = t;
    this.slider.value = String(t);
    this.map.setPoints(...reel.positions(t));
    const now = Math.round(t);
    const { epoch, test } = reel.snapshots[now];
    const told = `epoch ${epoch}${test === null ? "" : ` · test ${figure(test, 1)} nats`}`;
    this.readout.textContent = told;
    this.slider.setAttribute("aria-valuetext", told);
    if (this.branch) this.branch.textContent = `Branch at epoch ${epoch}`;
    void this.paint(now);
  }

  private async paint(i: number): Promise<void> {
    if (i === this.painted || !this.reel || !this.sheets) return;
    const { reel, sheets } = this;
    try {
      const rgba = await reel.decoded(i);
      if (this.gone || Math.round(this.t) !== i) return;
      this.painted = i;
      const size = 4 * reel.model.imageShape[1] * reel.model.imageShape[2];
      sheets.traversals.paint(rgba.subarray(0, reel.traversals * size));
      sheets.samples.paint(rgba.subarray(reel.traversals * size));
    } catch (error) {
      this.message.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  private toggle(): void {
    if (this.playing) return this.stop();
    const { reel } = this;
    if (!reel) return;
    const last = reel.snapshots.length - 1;
    const from = this.t >= last ? 0 : this.t;
    this.play.textContent = "Pause";
    let began = 0;
    const step = (now: number) => {
      began ||= now;
      const t = Math.min(last, from + (now - began) / 1000 / PACE);
      this.show(calm() ? Math.floor(t) : t);
      if (t < last && this.playing) this.playing = requestAnimationFrame(step);
      else this.stop();
    };
    this.playing = requestAnimationFrame(step);
  }

  private stop(): void {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.play.textContent = "Play";
  }

  private async record(): Promise<void> {
    const { reel } = this;
    const theme = themeOf(this.frame);
    if (!reel || !theme || !this.extent) return;
    this.save.disabled = true;
    try {
      const sheet = new Sheet(reel.model.imageShape, COLUMNS, SAMPLES / COLUMNS, "");
      const skip = reel.traversals * 4 * reel.model.imageShape[1] * reel.model.imageShape[2];
      const count = (reel.snapshots.length - 1) * BETWEEN + 1;
      const shot = async (k: number) => {
        const t = k / BETWEEN;
        const [x, y] = reel.positions(t);
        sheet.paint((await reel.decoded(Math.round(t))).subarray(skip));
        this.save.textContent = `${Math.round((100 * k) / count)} %`;
        return { x, y, samples: sheet.canvas, caption: `${this.run} · epoch ${reel.snapshots[Math.round(t)].epoch}` };
      };
      const bytes = await film(count, shot, { theme, extent: this.extent, colourOf: (i) => this.map.colourOf(i) });
      download(bytes, `${this.run}-training.gif`, "image/gif");
    } catch (error) {
      this.message.textContent = error instanceof Error ? error.message : String(error);
    }
    this.save.textContent = "Save as GIF";
    this.save.disabled = false;
  }
}

/** Codes and prior. */
function extentOf(x: Float32Array, y: Float32Array): Extent {
  const reach = (values: Float32Array) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [-PRIOR, PRIOR]);
  const [[x0, x1], [y0, y1]] = [reach(x), reach(y)];
  return { x0, x1, y0, y1 };
}
