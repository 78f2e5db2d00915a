import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FrameLoop } from "../src/engine/frames";
import { Store } from "../src/page/store";

class Counter extends Store<"z" | "image", { z: number }> {
  z = 0;
  constructor(report: (state: { z: number }) => void) {
    super(report, () => undefined);
    this.begin();
  }
  state() {
    return { z: this.z };
  }
  set(z: number): void {
    this.put("z", z, "z");
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a state is reported once it rests, once, and only if it is new", () => {
  const reports: number[] = [];
  const store = new Counter(({ z }) => reports.push(z));
  store.rest();
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([]);
  for (const z of [1, 2, 3]) {
    store.set(z);
    vi.advanceTimersByTime(100);
  }
  expect(reports).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([3]);
  store.rest();
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([3]);
  store.set(4);
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([3, 4]);
  store.set(5);
  store.dispose();
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([3, 4]);
});

test("no state is reported while a pointer is pressed, be it at rest, and it is once that is let go", () => {
  const reports: number[] = [];
  const store = new Counter(({ z }) => reports.push(z));
  const point = (type: string, buttons: number) => window.dispatchEvent(new PointerEvent(type, { buttons }));
  point("pointerdown", 1);
  store.set(1);
  vi.advanceTimersByTime(5000);
  point("pointermove", 1);
  store.set(2);
  vi.advanceTimersByTime(5000);
  expect(reports).toEqual([]);
  point("pointerup", 0);
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([2]);
  point("pointerdown", 1);
  store.set(3);
  point("pointermove", 0); // it was let go outside of the window
  vi.advanceTimersByTime(1000);
  expect(reports).toEqual([2, 3]);
});

test("listeners hear their topic, with the model it is about, until they stop", () => {
  const store = new Counter(() => undefined);
  const heard: [string, number][] = [];
  const stop = store.on("z", (model) => heard.push(["first", model]));
  store.on("z", (model) => heard.push(["second", model]));
  store.emit("z");
  store.emit("image", 1);
  stop();
  store.emit("z", 2);
  store.dispose();
  store.emit("z", 3);
  expect(heard).toEqual([["first", -1], ["second", -1], ["second", 2]]);
});

test("a stopped loop neither paints nor complains, not even of what it had begun", async () => {
  vi.stubGlobal("requestAnimationFrame", (act: () => void) => setTimeout(act, 16));
  const [painted, failed] = [vi.fn(), vi.fn()];
  const loop = new FrameLoop(async () => new Promise((_, refuse) => setTimeout(() => refuse(new Error("gone")), 50)), painted, failed);
  loop.request(new Float32Array(2));
  await vi.advanceTimersByTimeAsync(30); // the decode has begun
  loop.request(new Float32Array(2));
  loop.stop();
  loop.request(new Float32Array(2));
  await vi.advanceTimersByTimeAsync(500);
  expect(painted).not.toHaveBeenCalled();
  expect(failed).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});
