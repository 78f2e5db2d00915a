/**
 * Work by channel, one item at a time, where a newer item takes the place of a waiting older one.
 *
 * A replaced item keeps its place in line, so that under a constant stream of changes every channel gets its turn.
 */
export class LatestQueue<T> {
  private readonly waiting = new Map<string, T>();
  private busy = false;

  /** `work` handles one item; `pause` lets newer requests come in between two items. */
  constructor(
    private readonly work: (channel: string, item: T) => Promise<void>,
    private readonly pause: () => Promise<void> = async () => undefined,
  ) {}

  put(channel: string, item: T): void {
    this.waiting.set(channel, item);
    if (!this.busy) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    await this.pause();
    for (;;) {
      const next = this.waiting.entries().next();
      if (next.done) break;
      const [channel, item] = next.value;
      this.waiting.delete(channel);
      await this.work(channel, item);
      await this.pause();
    }
    this.busy = false;
  }
}
