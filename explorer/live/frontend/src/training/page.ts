import type { ActingComponent } from "../page/mount";
import { Page } from "../page/page";
import { calm, h } from "../ui/dom";
import { Feed } from "./feed";
import { RunList } from "./list";
import { LiveView } from "./live-view";
import { Replay } from "./replay";
import own from "./training.css";
import type { Act, TrainingData } from "../schema";
import { busy } from "./phrases";

/** The train page: the list of trainings, the selected one and its replay. */
export class TrainingPage extends Page<TrainingData> {
  private readonly main = h("div", { className: "main" });
  private readonly list = new RunList((name) => this.choose(name));
  private readonly body = h("div", { className: "trainings" }, this.list.root, this.main);
  private readonly feed: Feed;
  private live: LiveView | null = null;
  private replay: Replay | null = null;
  private replayKey = "";
  private selected = "";
  /** The training to bring on screen once it is drawn: the one that was just started, or that a link names. */
  private arriving = "";
  private closed = false;

  constructor(
    root: ParentNode,
    appRoot: string,
    private readonly component: () => ActingComponent<TrainingData>,
  ) {
    super(root, appRoot, "training", own);
    this.frame.replaceWith(this.body);
    this.feed = new Feed(appRoot, () => this.changed(), this.notice);
  }

  /** The page has one subject: this server. */
  protected subject(): string {
    return this.appRoot;
  }

  protected open(): void {}

  protected override refresh(data: TrainingData, before: TrainingData | null): void {
    this.closed = data.closed;
    if (data.serial === before?.serial) return void this.feed.poll(); // an action is done
    if (data.select) {
      this.select(data.select);
      this.arriving = data.select;
    }
    this.feed.follow(this.selected);
  }

  protected override theme(): void {
    this.live?.theme();
    this.replay?.theme();
  }

  override dispose(): void {
    this.feed.dispose();
    this.live?.dispose();
    this.replay?.dispose();
    super.dispose();
  }

  /** Select a training, also in the page's address. */
  private select(name: string): void {
    this.selected = name;
    this.component().setStateValue("run", name);
  }

  private choose(name: string): void {
    this.select(name);
    this.feed.follow(name);
  }

  private act(act: Act): void {
    this.component().setTriggerValue("act", act);
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
      this.live = new LiveView((act) => this.act(act), this.closed);
      this.main.replaceChildren(this.live.root);
    }
    this.live.update(row, feed);
    if (this.arriving === row.name) {
      this.arriving = "";
      this.body.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    }
    this.rewind(row.name, busy(row.state) ? 0 : feed.snapshots);
  }

  /** Open the replay once a training rests. */
  private rewind(run: string, snapshots: number): void {
    const key = snapshots > 1 ? `${run} ${snapshots}` : "";
    if (key === this.replayKey) return;
    this.replayKey = key;
    this.replay?.dispose();
    this.replay?.root.remove();
    this.replay = null;
    if (!key) return;
    this.replay = new Replay(run, this.appRoot, this.closed ? null : (epoch) => this.act({ do: "branch", run, epoch }));
    this.main.append(this.replay.root);
  }
}
