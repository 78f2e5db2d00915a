// The worker: grids and strips of decodes, and distances to codes and to real images, so that the page only ever decodes one image.
import { nearestRow } from "../latent/nearest";
import type { Assets } from "./assets";
import { type Decoder, type DecoderSource, type LocalDecoder, openDecoder } from "./decoder";
import { inRow } from "./pixels";
import type { Item, Reply, Request } from "./protocol";
import { Pullback } from "./pullback";
import { LatestQueue } from "./queue";
import { RealImages } from "./real-images";

type Job = Item | Pullback | { path: Float32Array; count: number } | { rgba: Uint8ClampedArray; count: number };

const scope = self as unknown as { postMessage(reply: Reply, transfer?: Transferable[]): void };
let decoder: LocalDecoder | undefined;
let codes: Float32Array = new Float32Array(0);
let assets: Assets | undefined;
let realImages: Promise<RealImages> | undefined;
let shape: DecoderSource["shape"] = [1, 1, 1];
let latentSize = 0;
let served = 0;

const yielding = (() => {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return () => new Promise<void>((resolve) => (waiting.push(resolve), channel.port2.postMessage(0)));
})();

const queue = new LatestQueue<Job>(async (channel, job) => {
  try {
    if ("path" in job) await reportDistances(channel, job.path, job.count);
    else if ("rgba" in job) await reportDepartures(channel, job.rgba, job.count);
    else if (job instanceof Pullback) await reportMetric(channel, job);
    else if (decoder) await reportImages(decoder, job);
  } catch (error) {
    scope.postMessage({ kind: "failed", reason: String(error) });
  }
}, yielding);

async function reportImages(by: Decoder, { channel, z, count, asked, row, beta, labels }: Item): Promise<void> {
  const images = await by.decode(z, count, beta, labels);
  const rgba = row ? inRow(images, count, shape, row) : images;
  scope.postMessage({ kind: "images", channel, rgba, count, asked }, [rgba.buffer]);
}

async function reportDistances(channel: string, z: Float32Array, count: number): Promise<void> {
  const distance = new Float32Array(count);
  const row = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    [row[i], distance[i]] = nearestRow(codes, z.subarray(i * latentSize, (i + 1) * latentSize));
    if (i % 8 === 7) await yielding();
  }
  scope.postMessage({ kind: "distances", channel, distance, row });
}

/** What is still wanted; codes of none end it. */
const metrics = new Map<string, Pullback>();

function beginMetric(name: string, { codes, count, beta, labels }: Extract<Request, { kind: "metric" }>): void {
  if (!count) return void metrics.delete(name);
  const job = new Pullback(codes, count, beta, labels);
  metrics.set(name, job);
  queue.put(name, job);
}

/** A part at a time, so that strips are decoded meanwhile. */
async function reportMetric(name: string, job: Pullback): Promise<void> {
  await opened();
  if (!decoder || metrics.get(name) !== job) return;
  const before = job.done;
  const complete = await job.advance(decoder);
  if (job.done > before) scope.postMessage({ kind: "metric", channel: name.replace("metric ", ""), metric: job.metric, done: job.done });
  if (!complete && metrics.get(name) === job) queue.put(name, job);
}

/** Without an answer where the network does not run here: images are then shown without a verdict. */
async function reportDepartures(name: string, rgba: Uint8ClampedArray, count: number): Promise<void> {
  const channel = name.replace("real ", "");
  try {
    const distance = await (await realImages)?.distances(rgba, count);
    if (distance) scope.postMessage({ kind: "departures", channel, distance });
  } catch (error) {
    console.warn("Images cannot be compared with real ones:", error);
  }
}

/** How long the largest usual request takes, in ms: the better of two runs. */
async function timed(candidate: Decoder): Promise<number> {
  const z = new Float32Array(11 * latentSize);
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await candidate.decode(z, 11);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

let opening: Promise<void> | undefined;
/** Once the decoder is there: it comes first. */
const opened = async () => void (await opening?.catch(() => undefined));

async function open(request: Extract<Request, { kind: "open" }>): Promise<void> {
  const { source } = request;
  assets = request.assets;
  ({ latentSize, shape } = source);
  decoder = await openDecoder(assets, source, "wasm");
  const milliseconds = await timed(decoder);
  scope.postMessage({ kind: "ready", backend: "wasm", milliseconds });
  if (!request.tryGpu) return;
  try {
    const gpuAccess = (navigator as unknown as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
    if (!(await gpuAccess?.requestAdapter())) return;
    // a GPU pays only for decoders of some size: it replaces wasm where it is measured to be faster
    const gpu = await openDecoder(assets, source, "webgpu");
    const took = await timed(gpu);
    if (took >= milliseconds) return gpu.dispose();
    decoder = gpu;
    scope.postMessage({ kind: "ready", backend: "webgpu", milliseconds: took });
  } catch {
    // wasm goes on
  }
}

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  if (request.kind === "open")
    (opening = open(request)).catch((error) => scope.postMessage({ kind: "failed", reason: String(error) }));
  else if (request.kind === "codes") codes = request.codes;
  else if (request.kind === "real") realImages = opened().then(() => RealImages.open(assets!, request.onnx, shape));
  else if (request.kind === "metric") beginMetric(`metric ${request.channel}`, request);
  else if (request.kind === "departures") queue.put(`real ${request.channel}`, { rgba: request.rgba, count: request.count });
  else if (request.kind === "distances")
    queue.put(request.channel, { path: request.path, count: request.count });
  else queue.put(`images ${served++}`, request.item); // each is answered: the pool counts on it
};
