import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExploreStore } from "../src/explore/store";
import type { StageState } from "../src/schema";
import { liveModel, model } from "./model";

let reports: StageState[];
let decoded: number[][];

function open(state: StageState = {}): ExploreStore {
  const live = liveModel(model, async (z) => {
    decoded.push([...z]);
    return new Uint8ClampedArray(16);
  });
  const store = new ExploreStore(live, state, (s) => reports.push(s));
  store.setCodes(Float32Array.of(0, 0, 1, 1, 2, 2));
  return store;
}

beforeEach(() => {
  vi.useFakeTimers();
  [reports, decoded] = [[], []];
});
afterEach(() => void vi.useRealTimers());

describe("what Python hears", () => {
  it("is nothing while the input moves, and one state when it has rested", () => {
    const store = open();
    for (let i = 1; i <= 20; i++) {
      store.setCoordinate(0, i / 10);
      vi.advanceTimersByTime(100);
    }
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(reports.map((r) => r.z)).toEqual([[2, 0]]);
  });

  it("comes once, and without the image that was left", () => {
    const store = open({ selected: 1 });
    store.setCoordinate(1, -1);
    store.rest();
    vi.advanceTimersByTime(1000);
    expect(reports).toHaveLength(1);
    expect(reports[0].selected).toBeUndefined();
  });

  it("names the test image until its code is moved", () => {
    const store = open();
    store.setZ(store.codeOf(2)!, 2);
    vi.advanceTimersByTime(1000);
    store.setCoordinate(0, 0.5);
    vi.advanceTimersByTime(1000);
    expect(reports.map((r) => [r.z, r.selected])).toEqual([[[2, 2], 2], [[0.5, 2], undefined]]);
  });
});

describe("what Python says", () => {
  it("is where the stage begins", () => {
    const store = open({ z: [0.25, -1], selected: 1, path: "spherical", range: { kind: "prior", k: 2 } });
    expect([[...store.z], store.source, store.pathKind, store.range.k]).toEqual([[0.25, -1], 1, "spherical", 2]);
  });

  it("is ignored where it cannot be a code", () => {
    expect([...open({ z: [1] }).z]).toEqual([0, 0]);
    expect([...open({ z: [1, NaN] }).z]).toEqual([0, 0]);
    expect(open({ selected: 3 }).source).toBeNull();
  });

  it("moves the stage, unless it is the echo of what was reported", async () => {
    const store = open();
    store.setCoordinate(0, 0.123456);
    vi.advanceTimersByTime(1000);
    store.adopt(reports[0]);
    expect(store.z[0]).toBeCloseTo(0.123456, 6); // not the rounded echo
    store.adopt({ z: [1, 1], selected: 1 });
    expect([[...store.z], store.source]).toEqual([[1, 1], 1]);
  });
});

it("decodes once per frame, and always the latest code", async () => {
  const store = open();
  for (let i = 0; i < 5; i++) store.setCoordinate(0, i + 1);
  await vi.advanceTimersByTimeAsync(20);
  expect(decoded).toEqual([[5, 0]]);
});

describe("the image that comes with the page", () => {
  it("is shown until there is one of our own, and never after", async () => {
    const store = open();
    const shown: number[] = [];
    store.on("image", () => shown.push(store.image![0]));
    store.showFirst(new Uint8ClampedArray(16).fill(7));
    store.refresh();
    await vi.advanceTimersByTimeAsync(50);
    store.showFirst(new Uint8ClampedArray(16).fill(9));
    expect(shown).toEqual([7, 0]);
  });
});
