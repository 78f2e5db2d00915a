import { fetchBytes } from "../engine/assets";
import { messageOf } from "../ui/dom";
import type { CurveLine, LiveRun, Preview, RunRow, Standings } from "../schema";
import { busy } from "./phrases";

/** Polling intervals while a training runs, while none does, and after a failure, in ms. */
const [RUNNING, RESTING, LOST] = [500, 2500, 4000];

/** State of the trainings, polled while the page is visible. */
export class Feed {
  rows: RunRow[] | null = null;
  lines: CurveLine[] = [];
  preview: Preview | null = null;
  snapshots = 0;
  private run = "";
  private next = 0;
  private seen = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private readonly resume = () => void (document.hidden || this.poll());

  constructor(
    private readonly appRoot: string,
    private readonly changed: () => void,
    private readonly notice: (sentence: string) => void,
  ) {
    document.addEventListener("visibilitychange", this.resume);
  }

  get selected(): RunRow | undefined {
    return this.rows?.find((row) => row.name === this.run);
  }

  /** Follow this training in full. */
  follow(run: string): void {
    if (run !== this.run) {
      this.run = run;
      [this.next, this.seen, this.snapshots] = [0, "", 0];
      [this.lines, this.preview] = [[], null];
    }
    void this.poll();
  }

  /** Poll now, and then at intervals. */
  async poll(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const run = this.run;
    let wait = RESTING;
    try {
      const query = new URLSearchParams({ run, after: String(this.next), seen: this.seen });
      const bytes = await fetchBytes(`${this.appRoot}trainings/standings?${query}`);
      if (this.stopped) return;
      const standings = JSON.parse(new TextDecoder().decode(bytes)) as Standings;
      this.rows = standings.runs;
      if (standings.live && standings.live.name === this.run) this.take(standings.live);
      this.notice("");
      if (standings.runs.some((row) => busy(row.state))) wait = RUNNING;
      this.changed();
    } catch (error) {
      this.notice(messageOf(error));
      wait = LOST;
    }
    clearTimeout(this.timer);
    if (!this.stopped && !document.hidden) this.timer = setTimeout(() => void this.poll(), run === this.run ? wait : 0);
  }

  dispose(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.resume);
  }

  private take(live: LiveRun): void {
    if (live.start === 0) this.lines = [];
    else if (live.start !== this.next) return; // the response to an older request
    this.lines.push(...live.lines);
    this.next = live.next;
    this.snapshots = live.snapshots;
    if (live.seen !== undefined) [this.preview, this.seen] = [live.preview ?? null, live.seen];
  }
}
