import { timings } from "./timing";

/**
 * One decode per animation frame, always of the latest code; or one encode, of the latest image.
 *
 * The networks run on the page's own thread: their promises resolve in the same frame, so what is dragged is painted
 * in the frame in which it moved.
 */
export class FrameLoop<T = Uint8ClampedArray<ArrayBuffer>> {
  private pending: { z: Float32Array; asked: number } | null = null;
  private scheduled = false;
  private stopped = false;

  constructor(
    private readonly decode: (z: Float32Array) => Promise<T>,
    private readonly paint: (result: T, z: Float32Array) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** `asked`: when the input came that asks for it, in ms of performance.now(). */
  request(z: Float32Array, asked = performance.now()): void {
    this.pending = { z: z.slice(), asked: this.pending?.asked ?? asked };
    this.schedule();
  }

  /** Stop for good; a pending request is not decoded. */
  stop(): void {
    this.pending = null;
    this.stopped = true;
  }

  private schedule(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    requestAnimationFrame(() => void this.frame());
  }

  private async frame(): Promise<void> {
    const next = this.pending;
    this.pending = null;
    if (next) {
      const start = performance.now();
      try {
        const result = await this.decode(next.z);
        if (this.stopped) return;
        this.paint(result, next.z);
        timings().paints.push(next.asked, start, performance.now());
      } catch (error) {
        if (!this.stopped) this.failed(error);
      }
    }
    this.scheduled = false;
    if (this.pending) this.schedule();
  }
}
