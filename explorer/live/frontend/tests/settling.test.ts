import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FrameLoop } from "../src/engine/frames";
import { Settling } from "../src/settling";
import { Topics } from "../src/topics";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a state is reported once it rests, once, and only if it is new", () => {
  let state = { z: 0 };
  const told: number[] = [];
  const settling = new Settling(() => state, ({ z }) => told.push(z));
  settling.begin();
  settling.rest();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([]);
  for (const z of [1, 2, 3]) {
    state = { z };
    settling.rest();
    vi.advanceTimersByTime(100);
  }
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([3]);
  settling.rest();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([3]);
  state = { z: 4 };
  settling.rest();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([3, 4]);
  state = { z: 5 };
  settling.rest();
  settling.stop();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([3, 4]);
});

test("listeners hear their topic, with the model it is about, until they stop", () => {
  const topics = new Topics<"z" | "image">();
  const heard: [string, number][] = [];
  const stop = topics.on("z", (lane) => heard.push(["first", lane]));
  topics.on("z", (lane) => heard.push(["second", lane]));
  topics.emit("z");
  topics.emit("image", 1);
  stop();
  topics.emit("z", 2);
  topics.hush();
  topics.emit("z", 3);
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
