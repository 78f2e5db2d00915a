/** The longest piece of work without a break, in ms: a decode fits into the same frame. */
const SLICE = 3;

/** Long work in slices, between which the page paints and listens. */
export class Slices {
  private until = performance.now() + SLICE;

  /** `over` says that the result is no longer wanted. */
  constructor(private readonly over: () => boolean = () => false) {}

  get due(): boolean {
    return performance.now() >= this.until;
  }

  /** Take all steps of some work. */
  async run<T>(steps: Generator<void, T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (this.due) await this.rest();
    }
  }

  /** Give way to the page. Rejects with Superseded once the result is no longer wanted. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.over()) throw new Superseded();
    this.until = performance.now() + SLICE;
  }
}

/** Newer work has taken the place of this one. */
export class Superseded extends Error {}
