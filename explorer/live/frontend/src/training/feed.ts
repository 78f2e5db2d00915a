import { fetchBytes } from "../engine/assets";
import { messageOf } from "../ui/dom";
import { busy, type Line, type Live, type Preview, type Row, type Standings } from "./types";

/** Between looks at a training that runs, at others, and when the server does not answer, in ms. */
const [RUNNING, RESTING, LOST] = [500, 2500, 4000];

/** What is known of the trainings, asked for again and again while the page is looked at. */
export class Feed {
  rows: Row[] | null = null;
  lines: Line[] = [];
  preview: Preview | null = null;
  snapshots = 0;
  private run = "";
  private next = 0;
  private seen = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private readonly woken = () => void (document.hidden || this.look());

  constructor(
    private readonly appRoot: string,
    private readonly changed: () => void,
    private readonly notice: (sentence: string) => void,
  ) {
    document.addEventListener("visibilitychange", this.woken);
  }

  get selected(): Row | undefined {
    return this.rows?.find((row) => row.name === this.run);
  }

  /** Follow this training in full. */
  follow(run: string): void {
    if (run !== this.run) {
      this.run = run;
      [this.next, this.seen, this.snapshots] = [0, "", 0];
      [this.lines, this.preview] = [[], null];
    }
    void this.look();
  }

  /** Ask now, and from then on in time. */
  async look(): Promise<void> {
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
    if (!this.stopped && !document.hidden) this.timer = setTimeout(() => void this.look(), run === this.run ? wait : 0);
  }

  dispose(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.woken);
  }

  private take(live: Live): void {
    if (live.from === 0) this.lines = [];
    else if (live.from !== this.next) return; // an answer to an older question
    this.lines.push(...live.lines);
    this.next = live.next;
    this.snapshots = live.snapshots;
    if (live.seen !== undefined) [this.preview, this.seen] = [live.preview ?? null, live.seen];
  }
}
