import type { Assets } from "./assets";
import type { DecoderSource } from "./decoder";
import type { Item, Reply, Request } from "./protocol";

/** Ten strips of batches that take longer are too slow for one worker, in ms per batch. */
const LONG = 3;

/**
 * Workers that decode side by side. Each channel keeps to one of them, where its newer batch takes the place of an
 * older one that waits. There is one worker where the decoder is measured to be quick.
 */
export class Crew {
  private readonly workers: Worker[] = [];
  private readonly ready: Worker[] = [];
  private readonly places = new Map<string, Worker>();

  constructor(
    private readonly assets: Assets,
    private readonly source: DecoderSource,
    private size: number,
    tryGpu: boolean,
    /** Hears what the workers say. */
    private readonly hear: (reply: Reply) => void,
  ) {
    this.add(tryGpu);
  }

  /** Send each batch to its worker; those that come before there is one are not kept. */
  decode(items: Item[]): void {
    if (!this.ready.length) return;
    const shares = new Map<Worker, Item[]>();
    for (const item of items) {
      const worker = this.placed(item.channel);
      shares.set(worker, [...(shares.get(worker) ?? []), item]);
    }
    for (const [worker, share] of shares) post(worker, { kind: "decode", items: share });
  }

  drop(prefix: string): void {
    for (const channel of [...this.places.keys()]) if (channel.startsWith(prefix)) this.places.delete(channel);
    for (const worker of this.workers) post(worker, { kind: "drop", prefix });
  }

  /** Send what one worker alone answers. */
  tell(request: Extract<Request, { kind: "codes" | "distances" }>): void {
    if (this.workers[0]) post(this.workers[0], request);
  }

  dispose(): void {
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
    if (reply.kind === "images" && (this.places.get(reply.channel) ?? worker) !== worker) return; // another has it now
    if (reply.kind === "ready") this.grown(worker, reply.backend, reply.milliseconds);
    if (reply.kind === "failed" && worker !== this.workers[0] && !this.ready.includes(worker)) return this.keep(this.size = 1);
    this.hear(reply);
  }

  /** One more can decode, or a graphics card has taken over, which was measured to be faster. */
  private grown(worker: Worker, backend: string, milliseconds: number): void {
    if (backend === "webgpu") this.keep(this.size = 1);
    if (!this.ready.includes(worker)) this.ready.push(worker);
    this.places.clear();
    if (milliseconds > LONG && this.workers.length < this.size) this.add(false);
  }

  private keep(count: number): void {
    for (const worker of this.workers.splice(count)) worker.terminate();
    this.ready.splice(count);
    this.places.clear();
  }

  /** The worker of a channel: at first the one that has the fewest. */
  private placed(channel: string): Worker {
    let worker = this.places.get(channel);
    if (!worker) {
      const held = [...this.places.values()];
      const load = (of: Worker) => held.filter((other) => other === of).length;
      worker = this.ready.reduce((best, other) => (load(other) < load(best) ? other : best));
      this.places.set(channel, worker);
    }
    return worker;
  }
}

const post = (worker: Worker, request: Request) => worker.postMessage(request);
