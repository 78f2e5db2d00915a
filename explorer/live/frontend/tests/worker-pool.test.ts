import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkerPool } from "../src/engine/worker-pool";
import type { Item, Reply, Request } from "../src/engine/protocol";

class FakeWorker {
  static all: FakeWorker[] = [];
  onmessage: (event: { data: Reply }) => void = () => undefined;
  onerror: (event: { message: string }) => void = () => undefined;
  heard: Request[] = [];
  ended = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(request: Request): void {
    this.heard.push(request);
  }
  terminate(): void {
    this.ended = true;
  }
  says(data: Reply): void {
    this.onmessage({ data });
  }
  ready(milliseconds: number, backend = "wasm"): void {
    this.says({ kind: "ready", backend, milliseconds });
  }
  /** Answer what it was asked for, one batch after the other, until nothing more comes. */
  works(most = Infinity): void {
    for (; most > 0 && this.answered < this.asked.length; most--) {
      const { channel, asked } = this.asked[this.answered++];
      this.says({ kind: "images", channel, rgba: new Uint8ClampedArray(4), count: 1, asked });
    }
  }
  private answered = 0;
  get asked(): Item[] {
    return this.heard.flatMap((r) => (r.kind === "decode" ? [r.item] : []));
  }
}

let heard: Reply[] = [];
const workers = FakeWorker.all;
const rows = (asked: number, count = 10): Item[] =>
  Array.from({ length: count }, (_, i) => ({ channel: `z${i}`, z: new Float32Array(2), count: 1, asked }));
const shown = () => heard.flatMap((r) => (r.kind === "images" ? [`${r.channel} ${r.asked}`] : []));
const open = (size: number, tryGpu = false, besideHand = 1) =>
  new WorkerPool({} as never, {} as never, size, besideHand, tryGpu, (reply) => heard.push(reply));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("Worker", FakeWorker);
  [workers.length, heard] = [0, []];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("how many workers decode", () => {
  it("is one where the decoder is quick, and as many as allowed where it is not", () => {
    open(3);
    workers[0].ready(1);
    expect(workers).toHaveLength(1);
    open(3);
    for (const n of [1, 2, 3]) workers[n].ready(9);
    expect(workers).toHaveLength(4);
    expect(heard.map((reply) => reply.kind)).toEqual(["ready", "ready"]); // once for each pool
  });

  it("is one again where a graphics card takes over, or no further one can start", () => {
    const pool = open(4, true);
    workers[0].ready(9);
    expect(workers[1].heard[0]).toMatchObject({ kind: "open", tryGpu: false });
    workers[1].ready(9);
    workers[0].ready(4, "webgpu");
    expect(workers.map((w) => w.ended)).toEqual([false, true, true]);
    pool.decode(rows(0));
    workers[0].works();
    expect(shown()).toHaveLength(10);

    open(2);
    workers[3].ready(9);
    workers[4].says({ kind: "failed", reason: "no memory" });
    expect(workers[4].ended).toBe(true);
    expect(heard.some((reply) => reply.kind === "failed")).toBe(false);
    workers[3].says({ kind: "failed", reason: "no memory" });
    expect(heard.at(-1)).toEqual({ kind: "failed", reason: "no memory" });
  });
});

describe("who decodes what", () => {
  const two = () => {
    const pool = open(2);
    pool.decode(rows(-1)); // nobody is ready
    for (const n of [0, 1]) workers[n].ready(9);
    return pool;
  };

  it("is whoever has time, each batch once", () => {
    two().decode(rows(0));
    expect(workers.map((w) => w.asked.length)).toEqual([2, 2]);
    workers[1].works(5);
    workers[0].works();
    workers[1].works();
    expect(workers.map((w) => w.asked.length)).toEqual([3, 7]);
    expect(new Set(shown()).size).toBe(10);
  });

  it("is one worker while a hand moves, and all when it rests", () => {
    const pool = two();
    for (let at = 0; at < 160; at += 16) {
      pool.decode(rows(at));
      vi.advanceTimersByTime(16);
      workers[0].works(1);
    }
    const before = workers[1].asked.length;
    expect(before).toBe(2); // of the first move, which may have been the only one
    workers[1].works();
    expect(workers[1].asked).toHaveLength(before);
    vi.advanceTimersByTime(100);
    expect(workers[1].asked).toHaveLength(before + 2);
    for (let i = 0; i < 10; i++) for (const worker of workers) worker.works(1);
    for (const { channel } of rows(0)) expect(shown().filter((s) => s.startsWith(`${channel} `)).at(-1)).toBe(`${channel} 144`);
  });

  it("is all that leave a core to the hand, where there are more", () => {
    const pool = open(3, false, 2);
    for (const n of [0, 1, 2]) workers[n].ready(9);
    pool.decode(rows(0));
    for (const worker of workers) worker.works(2);
    pool.decode(rows(16));
    for (const worker of workers) worker.works();
    const before = workers.map((w) => w.asked.length);
    pool.decode(rows(32));
    expect(workers.map((w, i) => w.asked.length - before[i])).toEqual([2, 2, 0]);
  });

  it("matters not where an older batch is done after a newer one: it is not shown", () => {
    const pool = two();
    pool.decode(rows(0, 1)); // the first worker has it
    pool.decode(rows(200, 1)); // the other
    workers[1].works();
    workers[0].works();
    expect(shown()).toEqual(["z0 200"]);
  });

  it("does not go on with what is dropped, and one alone measures distances", () => {
    const pool = two();
    pool.decode(rows(0));
    pool.drop("z");
    for (const worker of workers) worker.works();
    expect(shown()).toHaveLength(4); // what they had in hand
    pool.tell({ kind: "codes", codes: new Float32Array(2) });
    expect(workers.map((w) => w.heard.at(-1)?.kind)).toEqual(["codes", "decode"]);
    pool.dispose();
    pool.decode(rows(300));
    vi.advanceTimersByTime(100);
    expect(workers.map((w) => [w.ended, w.heard.at(-1)?.kind])).toEqual([[true, "codes"], [true, "decode"]]);
  });
});
