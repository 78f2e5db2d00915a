import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Engine } from "../src/engine/engine";
import { Library } from "../src/library";
import type { Model, StageState } from "../src/model";
import { Session } from "../src/session";

const model: Model = {
  name: "m",
  base: "checkpoints/m/1/",
  latentSize: 2,
  imageShape: [1, 2, 2],
  body: "mlp",
  count: 3,
  rate: [1, 2],
  variance: [1, 1],
  labelNames: [],
  columns: [],
  projections: [],
};

let reports: StageState[];
let decoded: number[][];

function open(state: StageState = {}): Session {
  const decode = async (z: Float32Array) => {
    decoded.push([...z]);
    return new Uint8ClampedArray(16);
  };
  const engine = { decode, dispose: () => undefined } as unknown as Engine;
  const session = new Session(model, engine, new Library(model, "/"), state, (s) => reports.push(s), () => undefined);
  session.setCodes(Float32Array.of(0, 0, 1, 1, 2, 2));
  return session;
}

beforeEach(() => {
  vi.useFakeTimers();
  [reports, decoded] = [[], []];
});
afterEach(() => void vi.useRealTimers());

describe("what Python hears", () => {
  it("is nothing while the input moves, and one state when it has rested", () => {
    const session = open();
    for (let i = 1; i <= 20; i++) {
      session.setCoordinate(0, i / 10);
      vi.advanceTimersByTime(100);
    }
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(reports.map((r) => r.z)).toEqual([[2, 0]]);
  });

  it("comes once, and without the image that was left", () => {
    const session = open({ selected: 1 });
    session.setCoordinate(1, -1);
    session.rest();
    vi.advanceTimersByTime(1000);
    expect(reports).toHaveLength(1);
    expect(reports[0].selected).toBeNull();
  });

  it("names the test image until its code is moved", () => {
    const session = open();
    session.setZ(session.codeOf(2)!, 2);
    vi.advanceTimersByTime(1000);
    session.setCoordinate(0, 0.5);
    vi.advanceTimersByTime(1000);
    expect(reports.map((r) => [r.z, r.selected])).toEqual([[[2, 2], 2], [[0.5, 2], null]]);
  });
});

describe("what Python says", () => {
  it("is where the stage begins", () => {
    const session = open({ z: [0.25, -1], selected: 1, path: "spherical", range: { kind: "prior", k: 2 } });
    expect([[...session.z], session.source, session.pathKind, session.range.k]).toEqual([[0.25, -1], 1, "spherical", 2]);
  });

  it("is ignored where it cannot be a code", () => {
    expect([...open({ z: [1] }).z]).toEqual([0, 0]);
    expect([...open({ z: [1, NaN] }).z]).toEqual([0, 0]);
    expect(open({ selected: 3 }).source).toBeNull();
  });

  it("moves the stage, unless it is the echo of what was reported", async () => {
    const session = open();
    session.setCoordinate(0, 0.123456);
    vi.advanceTimersByTime(1000);
    session.adopt(reports[0]);
    expect(session.z[0]).toBeCloseTo(0.123456, 6); // not the rounded echo
    session.adopt({ z: [1, 1], selected: 1 });
    expect([[...session.z], session.source]).toEqual([[1, 1], 1]);
  });
});

it("decodes once per frame, and always the latest code", async () => {
  const session = open();
  for (let i = 0; i < 5; i++) session.setCoordinate(0, i + 1);
  await vi.advanceTimersByTimeAsync(20);
  expect(decoded).toEqual([[5, 0]]);
});

describe("the image that comes with the page", () => {
  it("is shown until there is one of our own, and never after", async () => {
    const session = open();
    const shown: number[] = [];
    session.on("image", () => shown.push(session.image![0]));
    session.begin(new Uint8ClampedArray(16).fill(7));
    session.refresh();
    await vi.advanceTimersByTimeAsync(50);
    session.begin(new Uint8ClampedArray(16).fill(9));
    expect(shown).toEqual([7, 0]);
  });
});
