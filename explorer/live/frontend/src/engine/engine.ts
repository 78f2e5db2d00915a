import type { Model } from "../schema";
import { type Assets, fetchBytes } from "./assets";
import { WorkerPool } from "./worker-pool";
import { type Decoder, type DecoderSource, type LocalDecoder, openDecoder, serverDecoder } from "./decoder";
import { type Encoder, openEncoder, type Posterior } from "./encoder";
import { inRow, type Row, toRgba } from "./pixels";
import type { Reply } from "./protocol";
import { LatestQueue } from "./queue";
import type { Labels } from "./session";
import { timings } from "./timing";

type Images = (rgba: Uint8ClampedArray<ArrayBuffer>, count: number) => void;
type Distances = (distance: Float32Array, row: Uint32Array) => void;
type Departures = (distance: Float32Array) => void;
type Metric = (metric: Float64Array, done: number) => void;

export interface Batch {
  channel: string;
  z: Float32Array;
  count: number;
  /** Asks for one picture of the images in a row instead of one after the other. */
  row?: Row;
  /** For a conditional model; without them those of the engine. */
  labels?: Labels;
  done: Images;
}

/** What a model makes of an image: its posterior, and what the mean decodes to as numbers (C, H, W) and as pixels. */
export interface Seen {
  posterior: Posterior;
  values: Float32Array;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Decodes one image at once on the page's thread, and many in workers.
 *
 * Where the browser cannot run the decoder, the server does, and `notice` says so in one sentence.
 */
export class Engine {
  private one: LocalDecoder | undefined;
  private encoder: Promise<Encoder> | undefined;
  private pool: WorkerPool | undefined;
  private server: Decoder | undefined;
  private readonly waiting = new Map<string, Batch>();
  private readonly distanceWaiting = new Map<string, Distances>();
  private readonly departureWaiting = new Map<string, Departures>();
  private readonly metricWaiting = new Map<string, Metric>();
  private readonly serverQueue = new LatestQueue<Batch>((_, batch) => this.decodeOnServer(batch));
  private disposed = false;
  private opening: Promise<void> | undefined;
  /** The decoder's bytes, for whoever wants to save them. */
  source: DecoderSource | undefined;
  /** Of a model of a range of β: the one at which all is encoded and decoded from now on. */
  beta: number | undefined;
  /** Of a conditional model: the class of all that is encoded and decoded from now on; without one, the classes in turn. */
  label: number | undefined;
  /** What stays true of this engine and is worth saying; empty while the browser decodes. */
  standing = "";

  constructor(
    private readonly model: Model,
    private readonly base: string,
    private readonly assets: Promise<Assets>,
    private readonly notice: (sentence: string) => void,
    /** How many engines share the machine on this page. */
    private readonly sharing = 1,
  ) {
    if (model.betaRange) this.beta = model.beta!;
  }

  /** Resolves when one image can be decoded; rejects with a sentence if neither browser nor server can. */
  open(): Promise<void> {
    return (this.opening ??= this.begin());
  }

  private async begin(): Promise<void> {
    try {
      const source: DecoderSource = {
        onnx: await fetchBytes(this.base + "decoder.onnx"),
        latentSize: this.model.latentSize,
        shape: this.model.imageShape,
      };
      this.source = source;
      const assets = await this.assets;
      if (this.disposed) return;
      this.pool = this.newPool(source, assets);
      this.one = await openDecoder(assets, source, "wasm");
      timings().backend = "wasm";
    } catch (error) {
      await this.fallBack(error);
    }
    if (this.disposed) this.dispose();
  }

  /** One image, as soon as that can be decoded. */
  async decode(z: Float32Array, label = this.label): Promise<Uint8ClampedArray<ArrayBuffer>> {
    if (!this.one && !this.server) await this.open();
    const decoder = this.one ?? this.server;
    if (!decoder) throw lost();
    const labels = this.labelsOf(label);
    try {
      return await decoder.decode(z, 1, this.beta, labels);
    } catch (error) {
      if (decoder === this.server) throw lost();
      await this.fallBack(error);
      return this.server!.decode(z, 1, this.beta, labels);
    }
  }

  /**
   * Encode an image (C, H, W) in [0, 1] and decode the mean of its posterior, on the page's thread, so that both are
   * done in the frame in which a stroke is drawn. Rejects with a sentence where the browser cannot.
   */
  async see(image: Float32Array): Promise<Seen> {
    const encoder = await this.openEncoder();
    const posterior = await encoder.encode(image, this.beta ?? 1, this.label);
    const values = await this.values(posterior.mean);
    return { posterior, values, rgba: toRgba(values, 1, this.model.imageShape) };
  }

  /** The image (C, H, W) of one code, as numbers in [0, 1]. */
  async values(z: Float32Array): Promise<Float32Array> {
    await this.open();
    if (!this.one) throw new Error("This browser cannot run the networks itself, so it cannot encode an image.");
    return this.one.values(z, 1, this.beta, this.labelsOf(this.label));
  }

  /** Fetch and open the encoder; the first image does so by itself. */
  openEncoder(): Promise<Encoder> {
    if (!this.encoder) {
      const { imageShape, latentSize } = this.model;
      const arrived = fetchBytes(this.base + "encoder.onnx");
      const opened = this.open(); // the runtime starts once: for the decoder
      this.encoder = Promise.all([arrived, this.assets, opened]).then(([onnx, assets]) => openEncoder(assets, onnx, imageShape, latentSize));
      this.encoder.catch(() => (this.encoder = undefined)); // the next image tries again
    }
    return this.encoder;
  }

  /** Decode batches in the workers; a newer batch on the same channel replaces one that still waits. */
  decodeMany(batches: Batch[]): void {
    if (this.server) {
      for (const batch of batches) this.serverQueue.put(batch.channel, batch);
      return;
    }
    const [asked, { beta }] = [performance.now(), this];
    for (const batch of batches) this.waiting.set(batch.channel, batch);
    const items = batches.map(({ channel, z, count, row, labels = this.labelsOf(this.label) }) => ({ channel, z, count, asked, row, beta, labels }));
    this.pool?.decode(items); // else once it is ready
  }

  drop(prefix: string): void {
    for (const channel of [...this.waiting.keys()]) if (channel.startsWith(prefix)) this.waiting.delete(channel);
    this.pool?.drop(prefix);
  }

  setCodes(codes: Float32Array): void {
    this.pool?.tell({ kind: "codes", codes });
  }

  /** Distance from each of `count` codes to the nearest stored code, and that code's row. */
  distances(channel: string, path: Float32Array, count: number, done: Distances): void {
    this.distanceWaiting.set(channel, done);
    this.pool?.tell({ kind: "distances", channel, path, count });
  }

  /** The mean of JᵀJ over `count` codes, J the decoder's Jacobian: `done` is called after each code, with the sum so far. */
  metric(channel: string, codes: Float32Array, count: number, done: Metric): void {
    if (this.server) throw new Error("This browser cannot run the decoder itself, so it cannot differentiate it.");
    this.metricWaiting.set(channel, done);
    this.pool?.tell({ kind: "metric", channel, codes, count, beta: this.beta, labels: this.labelsOf(this.label) });
  }

  dropMetric(channel: string): void {
    this.metricWaiting.delete(channel);
    this.pool?.tell({ kind: "metric", channel, codes: new Float32Array(0), count: 0 });
  }

  /** The network that tells how far an image lies from every real one. */
  setReal(onnx: ArrayBuffer): void {
    this.pool?.tell({ kind: "real", onnx });
  }

  /** How far each of `count` images lies from every real one: above 1, farther than 95 % of real test images. */
  departures(channel: string, rgba: Uint8ClampedArray, count: number, done: Departures): void {
    this.departureWaiting.set(channel, done);
    this.pool?.tell({ kind: "departures", channel, rgba, count });
  }

  dispose(): void {
    this.disposed = true;
    this.pool?.dispose();
    this.one?.dispose();
    void this.encoder?.then((encoder) => encoder.dispose(), () => undefined);
    this.one = this.pool = this.encoder = undefined;
    this.waiting.clear();
  }

  /** The engines of a page share its cores. During a drag, one core is left to the page. */
  private newPool(source: DecoderSource, assets: Assets): WorkerPool {
    const cores = navigator.hardwareConcurrency || 2;
    const share = (of: number) => Math.max(1, Math.min(4, Math.floor(of / this.sharing)));
    const tryGpu = this.model.body === "conv" && "Suspending" in WebAssembly && "gpu" in navigator && assets.gpu !== undefined;
    return new WorkerPool(assets, source, share(Math.max(2, cores - 1)), share(cores - 1), tryGpu, (reply) => this.receive(reply));
  }

  private receive(reply: Reply): void {
    if (reply.kind === "ready") {
      timings().backend = reply.backend;
      this.decodeMany([...this.waiting.values()]); // what came before, or lay with a worker that has left
    } else if (reply.kind === "failed") void this.fallBack(reply.reason);
    else if (reply.kind === "distances") this.distanceWaiting.get(reply.channel)?.(reply.distance, reply.row);
    else if (reply.kind === "metric") this.metricWaiting.get(reply.channel)?.(reply.metric, reply.done);
    else if (reply.kind === "departures") this.departureWaiting.get(reply.channel)?.(reply.distance);
    else {
      const batch = this.waiting.get(reply.channel);
      if (!batch) return;
      batch.done(reply.rgba, reply.count);
      timings().strips.push(reply.asked, performance.now(), reply.count);
    }
  }

  private labelsOf(label: number | undefined): Labels | undefined {
    return this.model.classes && label !== undefined ? [label] : undefined;
  }

  private async decodeOnServer({ z, count, row, labels = this.labelsOf(this.label), done }: Batch): Promise<void> {
    try {
      const images = await this.server!.decode(z, count, this.beta, labels);
      done(row ? inRow(images, count, this.model.imageShape, row) : images, count);
    } catch {
      this.notice(lost().message);
    }
  }

  /** From now on the server decodes. Throws a sentence if it cannot either. */
  private async fallBack(reason: unknown): Promise<void> {
    if (this.disposed || this.server) return;
    const server = serverDecoder(this.base + "decode", this.model.imageShape);
    this.server = server;
    this.one?.dispose();
    this.one = undefined;
    console.warn("The stage decodes on the server:", reason);
    if (globalThis.inlinedFiles) {
      this.notice(lost().message);
      throw lost();
    }
    this.standing = "This browser cannot run the decoder itself, so images come from the server and follow more slowly.";
    this.notice(this.standing);
    try {
      await server.decode(new Float32Array(this.model.latentSize), 1);
    } catch {
      throw lost();
    }
    this.decodeMany([...this.waiting.values()]);
  }
}

const lost = () =>
  new Error(
    globalThis.inlinedFiles
      ? "This browser cannot run the decoder; open the page in a newer one."
      : "Neither this browser nor the server can run the decoder; check the connection and reload the page.",
  );
