import { timings } from "../engine/timing";
import common from "../style.css";
import { h } from "../ui/dom";
import { Feed } from "./feed";
import { RunList } from "./list";
import { LiveView } from "./live-view";
import { Replay } from "./replay";
import own from "./training.css";
import { type Act, busy, type TrainingData } from "./types";

interface Outside {
  run(name: string): void;
  act(act: Act): void;
}

/** All trainings of this server: the list, the one that is looked at, and its time machine. */
export class Trainings {
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly main = h("div", { className: "main" });
  private readonly list = new RunList((name) => this.choose(name));
  private readonly body = h("div", { className: "trainings" }, this.list.root, this.main);
  private readonly element = h("div", { className: "stage training" }, h("style", {}, common + own), this.message, this.body);
  private readonly feed: Feed;
  private live: LiveView | null = null;
  private replay: Replay | null = null;
  private replayed = "";
  private selected = "";
  private serial = -1;
  private closed = false;

  constructor(
    root: ParentNode,
    private readonly appRoot: string,
    private readonly outside: Outside,
    private readonly bundle = import.meta.url,
  ) {
    timings();
    root.replaceChildren(this.element);
    this.feed = new Feed(appRoot, () => this.changed(), (sentence) => (this.message.textContent = sentence));
  }

  update(data: TrainingData): void {
    this.closed = data.closed;
    if (data.serial !== this.serial) {
      this.serial = data.serial;
      if (data.select) {
        this.selected = data.select;
        this.outside.run(data.select); // for the address
      }
      this.feed.follow(this.selected);
    } else void this.feed.look(); // something was asked for, and has been done
    // Streamlit calls again when the theme changes; its colours are in place by the next frame
    requestAnimationFrame(() => {
      this.live?.theme();
      this.replay?.theme();
    });
  }

  dispose(): void {
    this.feed.dispose();
    this.live?.dispose();
    this.replay?.dispose();
    this.element.remove();
  }

  private choose(name: string): void {
    this.selected = name;
    this.outside.run(name);
    this.feed.follow(name);
  }

  private changed(): void {
    const { feed } = this;
    const rows = feed.rows ?? [];
    this.body.hidden = !rows.length;
    if (!rows.length) return;
    if (!rows.some((row) => row.name === this.selected)) {
      this.selected = rows[0].name;
      return feed.follow(this.selected);
    }
    this.list.show(rows, this.selected);
    const row = feed.selected;
    if (!row) return;
    if (!this.live) {
      this.live = new LiveView((act) => this.outside.act(act), this.closed);
      this.main.replaceChildren(this.live.root);
    }
    this.live.update(row, feed);
    this.rewind(row.name, busy(row.state) ? 0 : feed.snapshots);
  }

  /** The time machine opens once a training rests. */
  private rewind(run: string, snapshots: number): void {
    const now = snapshots > 1 ? `${run} ${snapshots}` : "";
    if (now === this.replayed) return;
    this.replayed = now;
    this.replay?.dispose();
    this.replay?.root.remove();
    this.replay = null;
    if (!now) return;
    this.replay = new Replay(run, this.appRoot, this.bundle, this.closed ? null : (epoch) => this.outside.act({ do: "branch", run, epoch }));
    this.main.append(this.replay.root);
  }
}
