import { fetchBytes } from "../engine/assets";
import { themeOf } from "../map/theme";
import { View } from "../page/view";
import { download } from "../save/download";
import { button, calm, figure, h, messageOf, slider, stepByKeys } from "../ui/dom";
import { Playback } from "../ui/playback";
import { film } from "./film";
import { LatentPanels } from "./latent-panels";
import type { Panels } from "./panels";
import { WordPanels } from "./word-panels";
import type { SnapshotList, SnapshotRow } from "../schema";

/** From one snapshot to the next: seconds of playback and frames of the GIF. */
const [PACE, BETWEEN] = [0.6, 5];

/** Replay of one training: a slider through its snapshots moves what is shown of them. */
export class Replay extends View {
  readonly root: HTMLElement;
  private readonly slider = slider("position in the training", { min: 0, max: 100, step: 0.01 }, (t) => this.go(t));
  private readonly heading = h("p", { className: "hint" }, "The same test images at every snapshot.");
  private readonly readout = h("output", { className: "figure" });
  private readonly place = h("div", { className: "panels" });
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly play = button("Play", () => this.toggle(), "replay the training");
  private readonly save = button("Save as GIF", () => void this.record(), "as an animation");
  private readonly branch: HTMLButtonElement | null;
  private readonly transport = h("div", { className: "transport" }, this.play, this.slider, this.readout);
  private snapshots: readonly SnapshotRow[] = [];
  private panels: Panels | null = null;
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
    this.root = h(
      "section",
      { className: "replay", "aria-label": "training replay" },
      h("header", { className: "head" }, h("div", {}, h("h3", {}, "Training replay"), this.heading), h("div", { className: "actions" }, this.branch, this.save)),
      this.message,
      this.transport,
      this.place,
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
    if (this.disposed) return;
    const { model, snapshots } = history;
    const panels = this.own(model.code ? new WordPanels(history, this.appRoot, (i) => this.go(i)) : new LatentPanels(history, this.appRoot));
    this.place.replaceWith(panels.root);
    this.transport.append(...panels.below);
    await panels.open();
    if (this.disposed) return;
    this.snapshots = snapshots;
    this.panels = panels;
    this.heading.textContent = `${panels.heading} Arrow keys step from one to the next.`;
    this.slider.max = String(this.last);
    this.show(this.last);
    panels.theme();
    void this.decodeAhead(panels);
  }

  private get last(): number {
    return this.snapshots.length - 1;
  }

  private async decodeAhead(panels: Panels): Promise<void> {
    try {
      for (let i = this.last; i >= 0 && !this.disposed; i--) await panels.decode(i);
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
  }

  /** The epoch of the current decoder. */
  private get epoch(): number {
    return this.snapshots[Math.round(this.t)]?.epoch ?? 0;
  }

  private show(t: number): void {
    const { panels } = this;
    if (!panels) return;
    this.t = t;
    this.slider.value = String(t);
    panels.show(t);
    const now = Math.round(t);
    const { epoch, test, branch } = this.snapshots[now];
    const moment = `epoch ${epoch}${test === null ? "" : ` · validation ${figure(test, 1)} nats`}`;
    this.readout.textContent = moment;
    this.slider.setAttribute("aria-valuetext", [moment, panels.say(now)].filter(Boolean).join(" · "));
    this.offerBranch(epoch, branch);
    void this.paint(now);
  }

  /** Go to the snapshot `by` away from the current one. */
  private step(by: number): void {
    this.go(Math.max(0, Math.min(this.last, Math.round(this.t) + by)));
  }

  private go(t: number): void {
    this.playback.stop();
    this.show(t);
  }

  private offerBranch(epoch: number, possible: boolean): void {
    if (!this.branch) return;
    const others = this.snapshots.filter((s) => s.branch).map((s) => s.epoch);
    this.branch.textContent = possible ? `Branch at epoch ${epoch}` : `No branch at epoch ${epoch}`;
    this.branch.disabled = !possible;
    this.branch.title = possible
      ? "start a new training from this snapshot with other settings"
      : `The training state is kept at epochs ${others.join(", ")} only: move the slider to one of these.`;
  }

  private async paint(i: number): Promise<void> {
    const { panels } = this;
    if (i === this.paintedIndex || !panels) return;
    try {
      const paint = await panels.decode(i);
      if (this.disposed || Math.round(this.t) !== i) return;
      this.paintedIndex = i;
      paint();
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
  }

  private toggle(): void {
    if (this.playback.playing) return this.playback.stop();
    const { last } = this;
    if (last < 0) return;
    let t = this.t >= last ? 0 : this.t;
    this.playback.play((seconds) => {
      t = Math.min(last, t + seconds / PACE);
      this.show(calm() ? Math.floor(t) : t);
      return t < last;
    });
  }

  private async record(): Promise<void> {
    const { panels } = this;
    const theme = themeOf(this.root);
    if (!panels || !theme) return;
    this.save.disabled = true;
    try {
      const count = this.last * BETWEEN + 1;
      const shot = async (k: number) => {
        const t = k / BETWEEN;
        this.save.textContent = `${Math.round((100 * k) / count)} %`;
        return { sides: await panels.filmed(t, theme), caption: `${this.run} · epoch ${this.snapshots[Math.round(t)].epoch}` };
      };
      const bytes = await film(count, shot, theme);
      download(bytes, `${this.run}-training.gif`, "image/gif");
    } catch (error) {
      this.message.textContent = messageOf(error);
    }
    this.save.textContent = "Save as GIF";
    this.save.disabled = false;
  }
}
