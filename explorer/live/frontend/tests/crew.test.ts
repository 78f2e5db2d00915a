import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Crew } from "../src/engine/crew";
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
  channels(): string[] {
    return this.heard.flatMap((r) => (r.kind === "decode" ? r.items.map((item) => item.channel) : []));
  }
}

let heard: Reply[] = [];
const workers = FakeWorker.all;
const item = (channel: string): Item => ({ channel, z: new Float32Array(2), count: 1, asked: 0 });
const images = (channel: string): Reply => ({ kind: "images", channel, rgba: new Uint8ClampedArray(4), count: 1, asked: 0 });
const rows = Array.from({ length: 10 }, (_, i) => item(`z${i}`));
const open = (size: number, tryGpu = false) =>
  new Crew({} as never, {} as never, size, tryGpu, (reply) => heard.push(reply));

beforeEach(() => {
  vi.stubGlobal("Worker", FakeWorker);
  [workers.length, heard] = [0, []];
});
afterEach(() => vi.unstubAllGlobals());

describe("how many workers decode", () => {
  it("is one where the decoder is quick, and as many as allowed where it is not", () => {
    open(3);
    expect(workers).toHaveLength(1);
    workers[0].ready(1);
    expect(workers).toHaveLength(1);
    open(3);
    workers[1].ready(9);
    workers[2].ready(9);
    workers[3].ready(9);
    expect(workers).toHaveLength(4);
  });

  it("is one again where a graphics card takes over, or no further one can start", () => {
    const crew = open(4, true);
    workers[0].ready(9);
    expect(workers[1].heard[0]).toMatchObject({ kind: "open", tryGpu: false });
    workers[1].ready(9);
    workers[0].ready(4, "webgpu");
    expect(workers.map((w) => w.ended)).toEqual([false, true, true]);
    crew.decode(rows);
    expect(workers[0].channels()).toHaveLength(10);

    open(2);
    workers[3].ready(9);
    workers[4].says({ kind: "failed", reason: "no memory" });
    expect(workers[4].ended).toBe(true);
    expect(heard.some((reply) => reply.kind === "failed")).toBe(false);
    workers[3].says({ kind: "failed", reason: "no memory" });
    expect(heard.at(-1)).toEqual({ kind: "failed", reason: "no memory" });
  });
});

describe("which worker decodes", () => {
  it("is for each channel always the same, and as many fall to each", () => {
    const crew = open(2);
    crew.decode(rows); // nobody is ready
    workers[0].ready(9);
    crew.decode(rows);
    expect(workers[0].channels()).toHaveLength(10);
    workers[1].ready(9);
    crew.decode(rows.slice(0, 1));
    crew.decode(rows);
    crew.decode([...rows].reverse());
    const second = workers[1].channels();
    expect(second).toHaveLength(10);
    expect(new Set(second).size).toBe(5);
    expect(workers[0].channels().slice(10).some((channel) => second.includes(channel))).toBe(false);
  });

  it("changes when one comes in, and what the former still had is not shown over what is newer", () => {
    const crew = open(2);
    workers[0].ready(9);
    crew.decode(rows);
    workers[1].ready(9);
    workers[0].says(images("z1"));
    expect(heard.at(-1)).toMatchObject({ channel: "z1" }); // nothing newer was asked for
    crew.decode(rows);
    const [moved] = workers[1].channels();
    const before = heard.length;
    workers[0].says(images(moved));
    expect(heard).toHaveLength(before);
    workers[1].says(images(moved));
    expect(heard).toHaveLength(before + 1);
  });

  it("is told what is no longer wanted, and one alone measures distances", () => {
    const crew = open(2);
    workers[0].ready(9);
    workers[1].ready(9);
    crew.drop("z");
    expect(workers.map((w) => w.heard.at(-1))).toEqual([{ kind: "drop", prefix: "z" }, { kind: "drop", prefix: "z" }]);
    crew.tell({ kind: "codes", codes: new Float32Array(2) });
    expect(workers.map((w) => w.heard.at(-1)?.kind)).toEqual(["codes", "drop"]);
    crew.dispose();
    crew.tell({ kind: "codes", codes: new Float32Array(2) });
    crew.decode(rows);
    expect(workers.map((w) => [w.ended, w.heard.at(-1)?.kind])).toEqual([[true, "codes"], [true, "drop"]]);
  });
});
