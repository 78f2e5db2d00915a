import { expect, it } from "vitest";
import { DimensionRow, STEPS } from "../src/explore/dimension-row";
import { ExploreStore } from "../src/explore/store";
import { liveModel, model } from "./model";

function rows(): [ExploreStore, DimensionRow[]] {
  const live = liveModel({ ...model, imageShape: [1, 8, 8] }, async () => new Uint8ClampedArray(4 * 64));
  const store = new ExploreStore(live, {}, () => undefined);
  const made = [0, 1].map((k) => new DimensionRow(store, k, "t"));
  for (const row of made) {
    row.fit(300);
    row.setRange(-3, 3);
  }
  return [store, made];
}

it("asks for a strip only when it would show something else", () => {
  const [store, [first, second]] = rows();
  expect(first.batch("p/")).toMatchObject({ channel: "p/0", count: STEPS, row: first.strip.row });
  expect(first.batch("p/")).toBeNull();
  expect(second.batch("p/")).not.toBeNull();
  store.setCoordinate(0, 1.5);
  expect(first.batch("p/")).toBeNull(); // it sweeps this dimension, wherever its slider stands
  expect([...second.batch("p/")!.z].filter((_, i) => i % 2 === 0)).toEqual(Array(STEPS).fill(1.5));
  first.setRange(-2, 2);
  expect(first.batch("p/")!.z[0]).toBe(-2);
  first.fit(140); // another layout clears the canvas
  expect(first.batch("p/")).not.toBeNull();
});

it("shows z in slider and number, and puts back what was typed and is no number", () => {
  const [store, [first]] = rows();
  const [slider, number] = first.root.querySelectorAll("input");
  store.setCoordinate(0, -1.25);
  first.show();
  expect([slider.value, number.value, slider.getAttribute("aria-valuetext")]).toEqual(["-1.25", "-1.25", "−1.25"]);
  number.value = "";
  number.dispatchEvent(new Event("change"));
  expect(number.value).toBe("-1.25");
});
