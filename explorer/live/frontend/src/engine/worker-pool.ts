import type { Assets } from "./assets";
import type { DecoderSource } from "./decoder";
import type { Item, Reply, Request } from "./protocol";

/** Ten strips of batches that take longer are too slow for one worker, in ms per batch. */
const LONG = 3;
/** The most batches that a worker holds: the one it decodes, and the next. */
const AHEAD = 2;
/** Batches that follow each other faster than this are those of a drag, in ms. */
const MOVING = 60;

/**
 * Workers that decode side by side, each one the next batch that waits; a newer batch of a channel takes the place of
 * an older one. During a drag, a core is left to the image under the pointer. There is only one worker where the decoder is
 * measured to be quick.
 */
export class WorkerPool {
  private readonly workers: Worker[] = [];
  /** The workers that can decode, and how many batches each has. */
  private readonly held = new Map<Worker, number>();
  private readonly waiting = new Map<string, Item>();
  /** When what was decoded last for a channel was asked for. */
  private readonly shown = new Map<string, number>();
  private asked = -Infinity;
  private moving = false;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly assets: Assets,
    private readonly source: DecoderSource,
    private size: number,
    /** How many of them decode during a drag. */
    private readonly besideHand: number,
    tryGpu: boolean,
    /** Takes the replies of the first worker, and all that is decoded. */
    private readonly hear: (reply: Reply) => void,
  ) {
    this.add(tryGpu);
  }

  /** Decode these batches; those that come before a worker is ready are dropped. */
  decode(items: Item[]): void {
    if (!this.held.size || !items.length) return;
    for (const item of items) this.waiting.set(item.channel, item);
    this.moving = items[0].asked - this.asked < MOVING;
    this.asked = items[0].asked;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.moving = false;
      this.feed();
    }, MOVING);
    this.feed();
  }

  drop(prefix: string): void {
    for (const channel of [...this.waiting.keys()]) if (channel.startsWith(prefix)) this.waiting.delete(channel);
  }

  /** Send what one worker alone answers. */
  tell(request: Extract<Request, { kind: "codes" | "distances" | "metric" | "real" | "departures" }>): void {
    if (this.workers[0]) post(this.workers[0], request);
  }

  dispose(): void {
    clearTimeout(this.rest);
    this.keep(0);
  }

  private add(tryGpu: boolean): void {
    const worker = new Worker(this.assets.worker, { type: globalThis.inlinedFiles ? "classic" : "module" });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(worker, data);
    worker.onerror = (event) => this.receive(worker, { kind: "failed", reason: event.message });
    post(worker, { kind: "open", assets: this.assets, source: this.source, tryGpu });
    this.workers.push(worker);
  }

  private receive(worker: Worker, reply: Reply): void {
    const first = worker === this.workers[0];
    if (reply.kind === "ready") this.grown(worker, reply.backend, reply.milliseconds);
    else if (reply.kind === "images") this.decoded(worker, reply);
    else if (reply.kind === "failed" && !first && !this.held.has(worker)) return this.keep(1);
    if (reply.kind === "ready" ? first : reply.kind !== "images") this.hear(reply);
  }

  /** A worker can decode, or has moved to a graphics card, which was measured to be faster. */
  private grown(worker: Worker, backend: string, milliseconds: number): void {
    if (backend === "webgpu") this.keep(1);
    if (!this.held.has(worker)) this.held.set(worker, 0);
    if (milliseconds > LONG && this.workers.length < this.size) this.add(false);
    this.feed();
  }

  private decoded(worker: Worker, reply: Extract<Reply, { kind: "images" }>): void {
    this.held.set(worker, this.held.get(worker)! - 1);
    this.feed();
    if (reply.asked < (this.shown.get(reply.channel) ?? 0)) return; // another worker was quicker with what is newer
    this.shown.set(reply.channel, reply.asked);
    this.hear(reply);
  }

  /** Send waiting batches to the least busy worker. */
  private feed(): void {
    const at = [...this.held.keys()].slice(0, this.moving ? this.besideHand : undefined);
    for (const [channel, item] of this.waiting) {
      const worker = at.reduce((best, other) => (this.held.get(other)! < this.held.get(best)! ? other : best));
      const has = this.held.get(worker)!;
      if (has >= AHEAD) return;
      this.waiting.delete(channel);
      this.held.set(worker, has + 1);
      post(worker, { kind: "decode", item });
    }
  }

  /** Terminate all workers but the first `count`. */
  private keep(count: number): void {
    this.size = count;
    for (const worker of this.workers.splice(count)) {
      worker.terminate();
      this.held.delete(worker);
    }
  }
}

const post = (worker: Worker, request: Request) => worker.postMessage(request);
