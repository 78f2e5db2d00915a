/** How many points a moving view can afford on this machine, learnt from the frames it gets. */

const LEAST = 6_000;
const SLOW_MS = 24;
const SMOOTH_MS = 18;
/** Smooth frames in a row before more is tried; doubled whenever more was too much, so that nothing pulses. */
const PATIENCE = 60;
const MOST_PATIENCE = 1920;

export class Pace {
  budget: number = this.most;
  private smooth = 0;
  /** Late frames, forgotten slowly: one alone is chance (a collection, another tab). */
  private late = 0;
  private patience = PATIENCE;
  private raised = false;

  constructor(private readonly most: number) {}

  /** A frame that drew the moving view was followed by the next one `interval` ms later. */
  record(interval: number): void {
    if (interval > SLOW_MS) {
      this.smooth = 0;
      this.late += 1;
      if (this.late < 2) return;
      this.late = 0;
      if (this.raised) this.patience = Math.min(MOST_PATIENCE, 2 * this.patience);
      this.raised = false;
      this.budget = Math.max(Math.min(LEAST, this.most), Math.round(this.budget * 0.7));
    } else if (interval < SMOOTH_MS) {
      this.late = Math.max(0, this.late - 0.05);
      this.smooth += 1;
      if (this.smooth < this.patience) return;
      this.smooth = 0;
      this.raised = true;
      this.budget = Math.min(this.most, Math.round(this.budget * 1.15));
    }
  }
}
