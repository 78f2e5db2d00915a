import { FramedMap } from "../page/framed-map";
import { View } from "../page/view";
import { betaText } from "../page/beta-control";
import { button, h } from "../ui/dom";
import { rateBands } from "./bands";
import { BetaTurn } from "./beta-turn";
import { Chart } from "./chart";
import type { Feed } from "./feed";
import { busy, megabytes, sentenceOf } from "./phrases";
import { drawRange } from "./scale";
import type { Act, RunRow } from "../schema";

const [TOTAL, RECONSTRUCTION, TEST] = ["var(--accent)", "var(--quiet)", "#fb811c"];

/** One training: its status, curves, reconstructions of a fixed batch, and a map of test images. */
export class LiveView extends View {
  private readonly name = h("h3");
  private readonly line = h("p", { className: "run-status", role: "status" });
  private readonly notes = h("div", { className: "notes" });
  private readonly buttons = h("div", { className: "actions" });
  private readonly loss = this.own(new Chart("Loss", "nats per image", "The training objective: reconstruction + β · rate. Dots: the same on test images."));
  private readonly rate = this.own(new Chart("Rate", "nats per image", "Information about an image: KL(q‖p), one band per latent dimension."));
  private readonly framed = this.own(new FramedMap());
  private readonly map = this.framed.map;
  private readonly codesTitle = h("b", {}, "Codes of test images");
  private readonly codes = h("figure", { className: "codes" }, h("header", {}, this.codesTitle), this.framed.root, this.framed.legend.root);
  private readonly originals = h("img", { alt: "fixed test images" });
  private readonly rebuilt = h("img", { alt: "the same images, reconstructed by the model" });
  private readonly turn = new BetaTurn((beta) => this.act({ do: "turn", run: this.run, beta }));
  private run = "";
  private readonly batch = h(
    "figure",
    { className: "batch" },
    h("div", {}, h("small", {}, "test images"), this.originals),
    h("div", {}, h("small", {}, "reconstructed"), this.rebuilt),
  );
  /** Keys of the current preview, curves and buttons. */
  private previewKey = "";
  private curvesKey = "";
  private actionsKey = "";
  readonly root = h(
    "section",
    { className: "live" },
    h("header", { className: "head" }, h("div", {}, this.name, this.line), this.buttons),
    this.notes,
    this.turn.root,
    h("div", { className: "panels" }, this.loss.root, this.rate.root, this.codes),
    this.batch,
  );

  constructor(private readonly act: (act: Act) => void, private readonly closed: boolean) {
    super();
    this.onDispose(() => this.turn.dispose());
  }

  update(row: RunRow, feed: Feed): void {
    this.name.textContent = `${row.name} · ${row.title}`;
    this.line.textContent = sentenceOf(row, feed.lines.at(-1));
    this.line.classList.toggle("failed", row.state === "failed");
    this.run = row.name;
    this.turn.root.hidden = this.closed || row.state !== "running" || !row.turns;
    this.turn.show(feed.lines.at(-1)?.beta);
    this.offer(row);
    this.curves(row, feed);
    this.preview(row, feed);
  }

  private offer(row: RunRow): void {
    const key = `${row.name} ${row.state} ${row.model} ${busy(row.state) ? "" : row.bytes}`;
    if (key === this.actionsKey) return;
    this.actionsKey = key;
    const action = (label: string, what: Act["do"], hint: string, more: Partial<Act> = {}) => button(label, () => this.act({ do: what, run: row.name, ...more }), hint);
    const actions: HTMLElement[] = [];
    if (row.model) {
      const open = action("Explore this model", "open", "open it on the Explore page");
      open.className = busy(row.state) ? "" : "primary";
      actions.push(open);
    }
    if (!this.closed) {
      if (busy(row.state)) actions.push(action("Pause", "pause", "pause here; resuming continues bit for bit"));
      if (row.state === "running") actions.push(action("Stop and keep", "stop", "end the training and keep the current model"));
      if (row.state === "paused" || row.state === "failed" || row.state === "stopped") actions.push(action("Resume", "resume", "continue from the last saved state"));
      if (row.state !== "running") actions.push(this.remove(row));
    }
    this.buttons.replaceChildren(...actions);
  }

  private remove(row: RunRow): HTMLElement {
    const choose = (model: boolean) => () => this.act({ do: "delete", run: row.name, model });
    const choices = h("div", {}, h("p", { className: "hint" }, `The record is the curve and the snapshots (${megabytes(row.bytes)}).`), button("Delete the record, keep the model", choose(false)), button("Delete the record and the model", choose(true)));
    return h("details", { className: "menu" }, h("summary", {}, "Delete"), choices);
  }

  private curves(row: RunRow, feed: Feed): void {
    const { lines } = feed;
    const key = `${row.name} ${lines.length} ${lines.at(-1)?.epoch}`;
    if (key === this.curvesKey) return;
    this.curvesKey = key;
    const turns = (row.turns ?? []).map(([epoch, beta]): [number, string] => [epoch, `β ${betaText(beta)}`]);
    for (const chart of [this.loss, this.rate]) chart.mark(turns);
    const tests = lines.flatMap((line): [number, number][] => (line.test === null ? [] : [[line.epoch, line.test]]));
    const all = lines.flatMap((line) => (line.test === null ? [line.loss, line.distortion] : [line.loss, line.distortion, line.test]));
    const series = [
      { label: "total", colour: TOTAL, points: lines.map((line): [number, number] => [line.epoch, line.loss]) },
      { label: "reconstruction", colour: RECONSTRUCTION, points: lines.map((line): [number, number] => [line.epoch, line.distortion]) },
      { label: "validation", colour: TEST, points: tests, dots: true },
    ];
    const thin = tests.length > 120 ? series.map((s) => (s.dots ? { ...s, points: s.points.filter((_, i) => i % Math.ceil(tests.length / 120) === 0 || i === tests.length - 1) } : s)) : series;
    this.loss.lines(thin, row.epochs, drawRange(all));
    const plain = lines.length > 0 && lines.every((line) => line.rate === 0);
    this.rate.root.hidden = plain;
    if (!plain) this.rate.bands(rateBands(lines), lines.map((line) => line.epoch), row.epochs, 1.08 * Math.max(0.1, ...lines.map((line) => line.rate)));
  }

  private preview(row: RunRow, feed: Feed): void {
    const { preview } = feed;
    this.batch.hidden = this.codes.hidden = !preview;
    const notes = preview && row.state !== "waiting" ? preview.notes : [];
    if (notes.join() !== [...this.notes.children].map((p) => p.textContent).join()) this.notes.replaceChildren(...notes.map((text) => h("p", { className: "notice" }, text)));
    if (!preview) return;
    const key = `${row.name} ${preview.epoch}`;
    if (key === this.previewKey) return;
    const same = this.previewKey.startsWith(`${row.name} `);
    this.previewKey = key;
    if (!same) this.originals.src = preview.originals;
    this.rebuilt.src = preview.rebuilt;
    this.codesTitle.textContent = `Codes of ${preview.xy.length.toLocaleString("en")} test images`;
    const [x, y] = [0, 1].map((axis) => Float32Array.from(preview.xy, (place) => place[axis]));
    if (same) this.map.movePoints(x, y);
    else {
      this.map.setPoints(x, y);
      this.map.setAxes(row.latentSize === 2 ? { x: "z₁", y: "z₂" } : row.latentSize === 1 ? { x: "z₁", y: "" } : { x: "first component", y: "second component" });
      if (preview.labels.length) this.framed.setClasses(Uint8Array.from(preview.labels), preview.labelNames);
      else this.framed.legend.show([]);
      this.map.fit();
    }
    this.theme();
  }
}
