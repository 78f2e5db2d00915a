/** How long the input must rest before Python hears of it, in ms. What Python then does would hold up the strips. */
const REST = 250;

/** Python hears of a state once it has come to rest, and only if it is another than it knows. */
export class Settling<S> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sent = "";

  constructor(
    private readonly state: () => S,
    private readonly report: (state: S) => void,
  ) {}

  /** This is where Python begins. */
  begin(): void {
    this.sent = JSON.stringify(this.state());
  }

  /** Call while something changes. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST);
  }

  private settle(): void {
    const now = JSON.stringify(this.state());
    if (now === this.sent) return;
    this.sent = now;
    this.report(this.state());
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
