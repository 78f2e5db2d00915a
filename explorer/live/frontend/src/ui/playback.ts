/** Calls a step once per frame until it returns false or is stopped. */
export class Playback {
  private frame = 0;

  constructor(private readonly changed: () => void = () => undefined) {}

  get playing(): boolean {
    return this.frame !== 0;
  }

  /** `step` takes the seconds since the last frame, and returns whether to continue. */
  play(step: (seconds: number) => boolean): void {
    cancelAnimationFrame(this.frame);
    let before = performance.now();
    const next = (now: number) => {
      const more = step(Math.max(0, now - before) / 1000);
      before = now;
      if (!this.frame) return;
      if (more) this.frame = requestAnimationFrame(next);
      else this.stop();
    };
    this.frame = requestAnimationFrame(next);
    this.changed();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.changed();
  }
}
