import { expect, it } from "vitest";
import { LatestQueue } from "../src/engine/queue";

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

it("does only the latest of what waits on a channel, and every channel in turn", async () => {
  const done: string[] = [];
  let open: () => void = () => undefined;
  const queue = new LatestQueue<number>(async (channel, item) => {
    await new Promise<void>((resolve) => (open = resolve));
    done.push(channel + item);
  });
  queue.put("a", 1);
  await tick(); // a1 is being worked on
  for (let i = 2; i < 50; i++) for (const channel of ["b", "a", "c"]) queue.put(channel, i);
  for (let i = 0; i < 4; i++) {
    open();
    await tick();
  }
  expect(done).toEqual(["a1", "b49", "a49", "c49"]);
});

it("gives every channel its turn under a constant stream", async () => {
  const counts = new Map<string, number>();
  const queue = new LatestQueue<number>(async (channel) => {
    counts.set(channel, (counts.get(channel) ?? 0) + 1);
    for (const other of ["a", "b", "c"]) if (counts.get("a")! + (counts.get("b") ?? 0) < 40) queue.put(other, 0);
  });
  queue.put("a", 0);
  await tick();
  const [a, b, c] = ["a", "b", "c"].map((channel) => counts.get(channel)!);
  expect(Math.max(a, b, c) - Math.min(a, b, c)).toBeLessThanOrEqual(1);
});
