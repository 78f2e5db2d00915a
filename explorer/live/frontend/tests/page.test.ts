import { expect, it, vi } from "vitest";
import { Page } from "../src/page/page";
import { View } from "../src/page/view";
import { Playback } from "../src/ui/playback";

const ends: string[] = [];

class Name extends View {
  readonly root = document.createElement("b");
  constructor(name: string) {
    super();
    this.root.textContent = name;
    this.onDispose(() => ends.push(`view ${name}`));
  }
}

class NamePage extends Page<{ name: string; size: number }> {
  readonly seen: [number, number | undefined][] = [];
  protected subject(data: { name: string }): string {
    return data.name;
  }
  protected open({ name }: { name: string }): void {
    this.own({ dispose: () => ends.push(`part ${name}`) });
    this.show(new Name(name));
  }
  protected override refresh(data: { size: number }, before: { size: number } | null): void {
    this.seen.push([data.size, before?.size]);
  }
}

it("opens a page anew only for another subject, and ends what the one before began", () => {
  const root = document.createElement("div");
  const page = new NamePage(root, "/", "names", "");
  page.update({ name: "a", size: 1 });
  page.update({ name: "a", size: 2 });
  expect([root.querySelector("b")?.textContent, ends]).toEqual(["a", []]);
  page.notice("There is no a.");
  page.update({ name: "b", size: 3 });
  expect(page.seen).toEqual([[1, undefined], [2, 1], [3, undefined]]);
  expect([root.querySelector("b")?.textContent, root.querySelector(".notice")?.textContent]).toEqual(["b", ""]);
  expect(ends).toEqual(["view a", "part a"]);
  page.dispose();
  expect([ends.slice(2), root.childElementCount]).toEqual([["view b", "part b"], 0]);
});

it("plays by the time that passes, until the step is over or it is stopped", () => {
  let frame: (now: number) => void = () => undefined;
  vi.stubGlobal("requestAnimationFrame", (act: typeof frame) => ((frame = act), 7));
  const start = performance.now();
  const states: boolean[] = [];
  const playback = new Playback(() => states.push(playback.playing));
  let time = 0;
  playback.play((seconds) => (time += seconds) < 1);
  for (const at of [500, 2000]) frame(start + at);
  expect(time).toBeCloseTo(2, 1);
  expect(states).toEqual([true, false]);
  playback.play(() => true);
  playback.stop();
  frame(start + 3000);
  expect([playback.playing, states]).toEqual([false, [true, false, true, false]]);
  vi.unstubAllGlobals();
});
