import { fetchBytes } from "../engine/assets";
import { dimensionName } from "../latent/dimensions";
import { themeOf } from "../map/theme";
import { FramedMap } from "../page/framed-map";
import { Library } from "../page/library";
import { View } from "../page/view";
import { download } from "../save/download";
import { button, calm, figure, h, messageOf, slider, stepByKeys } from "../ui/dom";
import { Playback } from "../ui/playback";
import { film } from "./film";
import { Sheet } from "./sheet";
import { SAMPLES, Snapshots, STEPS } from "./snapshots";
import type { SnapshotList } from "../schema";

const COLUMNS = 6;
/** From one snapshot to the next: seconds of playback and frames of the GIF. */
const [PACE, BETWEEN] = [0.6, 5];

/** Replay of one training: a slider through its snapshots moves the map, the traversals and the samples. */
export class Replay extends View {
  readonly root: HTMLElement;
  private readonly slider = slider("position in the training", { min: 0, max: 100, step: 0.01 }, (t) => {
    this.playback.stop();
    this.show(t);
  });
  private readonly heading = h("p", { className: "hint" }, "The same test images, traversals and random codes at every snapshot.");
  private readonly readout = h("output", { className: "figure" });
  private readonly framed = this.own(new FramedMap());
  private readonly map = this.framed.map;
  private readonly traversals = h("div", { className: "traversals" });
  private readonly samples = h("div", { className: "sampled" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly play = button("Play", () => this.toggle(), "replay the training");
  private readonly save = button("Save as GIF", () => void this.record(), "map and samples as an animation");
  private readonly branch: HTMLButtonElement | null;
  private snapshots: Snapshots | null = null;
  private sheets: { traversals: Sheet; samples: Sheet } | null = null;
  private t = 0;
  private paintedIndex = -1;
  private readonly playback = new Playback(() => (this.play.textContent = this.playback.playing ? "Pause" : "Play"));
  private disposed = false;
  /** Resolves once it has been shown, or a sentence why it cannot be. */
  readonly opened: Promise<void>;

  constructor(
    private readonly run: string,
    private readonly appRoot: string,
    branch: ((epoch: number) => void) | null,
  ) {
    super();
    this.branch = branch && button("Branch here", () => branch(this.epoch), "start a new training from this snapshot with other settings");
    stepByKeys(this.slider, 1, 5, (by) => this.step(by), 1);
    const transport = h("div", { className: "transport" }, this.play, this.slider, this.readout);
    this.root = h(
      "section",
      { className: "replay", "aria-label": "training replay" },
      h("header", { className: "head" }, h("div", {}, h("h3", {}, "Training replay"), this.heading), h("div", { className: "actions" }, this.branch, this.save)),
      this.message,
      transport,
      h("div", { className: "panels" }, h("figure", {}, h("header", {}, h("b", {}, "Map")), this.framed.root, this.framed.legend.root), h("figure", {}, h("header", {}, h("b", {}, "Traversals"), h("small", {}, "−3 σ to 3 σ")), this.traversals), h("figure", {}, h("header", {}, h("b", {}, "Samples"), h("small", {}, "codes from N(0, I)")), this.samples)),
    );
    this.onDispose(() => (this.disposed = true), () => this.playback.stop());
    this.root.setAttribute("aria-busy", "true");
    this.opened = this.open().then(
      () => this.root.removeAttribute("aria-busy"),
      (error: Error) => void (this.message.textContent = error.message),
    );
  }

  private async open(): Promise<void> {
    const history = JSON.parse(new TextDecoder().decode(await fetchBytes(`${this.appRoot}trainings/${this.run}/snapshots`))) as SnapshotList;
    const snapshots = new Snapshots(history, this.appRoot);
    await snapshots.open();
    if (this.disposed) return;
    this.snapshots = snapshots;
    const { imageShape, latentSize, rate, projections } = snapshots.model;
    const axes = projections[0]?.axes ?? ["z₁", ""];
    this.map.setAxes({ x: axes[0], y: axes[1] });
    if (rate && latentSize > 1) this.map.setSigmaCircles([1, 2, 3]);
    this.sheets = { traversals: new Sheet(imageShape, STEPS, snapshots.rows, "traversals"), samples: new Sheet(imageShape, COLUMNS, SAMPLES / COLUMNS, "samples") };
    const names = snapshots.plane ? ["z₂ ↑"] : snapshots.dimensions.map(dimensionName);
    this.traversals.classList.toggle("plane", snapshots.plane);
    this.traversals.replaceChildren(h("div", { className: "names" }, ...names.map((name) => h("span", {}, name))), this.sheets.traversals.canvas);
    if (snapshots.plane) this.traversals.append(h("span"), h("small", {}, "z₁ →"));
    this.samples.replaceChildren(this.sheets.samples.canvas);
    const last = snapshots.snapshots.length - 1;
    this.heading.textContent = `The same ${snapshots.model.count.toLocaleString("en")} test images, traversals and ${SAMPLES} random codes at each of ${last + 1} snapshots. Arrow keys step from one to the next.`;
    this.slider.max = String(last);
    const [x, y] = snapshots.positions(last);
    this.map.setPoints(x, y);
    await this.colour(snapshots);
    this.theme();
    this.framed.keepInView([x, y]);
    this.show(last);
    void this.decodeAhead(snapshots, last);
  }

  private async decodeAhead(snapshots: Snapshots, last: number): Promise<void> {
    try {
      for (let i = last; i >= 0 && !this.disposed; i--) await snapshots.decoded(i);
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
  }

  private async colour(snapshots: Snapshots): Promise<void> {
    const column = snapshots.model.columns.find((c) => c.names);
    if (!column) return;
    const { categories } = await new Library(snapshots.model, this.appRoot + snapshots.model.base).column(column.key);
    if (categories) this.framed.setClasses(categories, column.names!, column.colours);
  }

  /** The epoch of the current decoder. */
  private get epoch(): number {
    return this.snapshots?.snapshots[Math.round(this.t)].epoch ?? 0;
  }

  private show(t: number): void {
    const { snapshots } = this;
    if (!snapshots) return;
    this.t = t;
    this.slider.value = String(t);
    this.map.setPoints(...snapshots.positions(t));
    const now = Math.round(t);
    const { epoch, test, branch } = snapshots.snapshots[now];
    const moment = `epoch ${epoch}${test === null ? "" : ` · validation ${figure(test, 1)} nats`}`;
    this.readout.textContent = moment;
    this.slider.setAttribute("aria-valuetext", moment);
    this.offerBranch(epoch, branch);
    void this.paint(now);
  }

  /** Go to the snapshot `by` away from the current one. */
  private step(by: number): void {
    this.playback.stop();
    const last = (this.snapshots?.snapshots.length ?? 1) - 1;
    this.show(Math.max(0, Math.min(last, Math.round(this.t) + by)));
  }

  private offerBranch(epoch: number, possible: boolean): void {
    if (!this.branch || !this.snapshots) return;
    const others = this.snapshots.snapshots.filter((s) => s.branch).map((s) => s.epoch);
    this.branch.textContent = possible ? `Branch at epoch ${epoch}` : `No branch at epoch ${epoch}`;
    this.branch.disabled = !possible;
    this.branch.title = possible
      ? "start a new training from this snapshot with other settings"
      : `The training state is kept at epochs ${others.join(", ")} only: move the slider to one of these.`;
  }

  private async paint(i: number): Promise<void> {
    if (i === this.paintedIndex || !this.snapshots || !this.sheets) return;
    const { snapshots, sheets } = this;
    try {
      const rgba = await snapshots.decoded(i);
      if (this.disposed || Math.round(this.t) !== i) return;
      this.paintedIndex = i;
      const size = 4 * snapshots.model.imageShape[1] * snapshots.model.imageShape[2];
      sheets.traversals.paint(rgba.subarray(0, snapshots.traversals * size));
      sheets.samples.paint(rgba.subarray(snapshots.traversals * size));
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
  }

  private toggle(): void {
    if (this.playback.playing) return this.playback.stop();
    if (!this.snapshots) return;
    const last = this.snapshots.snapshots.length - 1;
    let t = this.t >= last ? 0 : this.t;
    this.playback.play((seconds) => {
      t = Math.min(last, t + seconds / PACE);
      this.show(calm() ? Math.floor(t) : t);
      return t < last;
    });
  }

  private async record(): Promise<void> {
    const { snapshots } = this;
    const theme = themeOf(this.framed.root);
    const { extent } = this.framed;
    if (!snapshots || !theme || !extent) return;
    this.save.disabled = true;
    try {
      const sheet = new Sheet(snapshots.model.imageShape, COLUMNS, SAMPLES / COLUMNS, "");
      const skip = snapshots.traversals * 4 * snapshots.model.imageShape[1] * snapshots.model.imageShape[2];
      const count = (snapshots.snapshots.length - 1) * BETWEEN + 1;
      const shot = async (k: number) => {
        const t = k / BETWEEN;
        const [x, y] = snapshots.positions(t);
        sheet.paint((await snapshots.decoded(Math.round(t))).subarray(skip));
        this.save.textContent = `${Math.round((100 * k) / count)} %`;
        return { x, y, samples: sheet.canvas, caption: `${this.run} · epoch ${snapshots.snapshots[Math.round(t)].epoch}` };
      };
      const bytes = await film(count, shot, { theme, extent, colourOf: (i) => this.map.colourOf(i) });
      download(bytes, `${this.run}-training.gif`, "image/gif");
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
    this.save.textContent = "Save as GIF";
    this.save.disabled = false;
  }
}
