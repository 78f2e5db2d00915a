import { expect, it } from "vitest";
import type { Engine } from "../src/engine/engine";
import { Library } from "../src/library";
import type { Model } from "../src/model";
import { Session } from "../src/session";
import { DimensionRow, STEPS } from "../src/views/dimension-row";

const model: Model = {
  name: "m",
  base: "checkpoints/m/1/",
  latentSize: 2,
  imageShape: [1, 8, 8],
  body: "mlp",
  count: 3,
  rate: [1, 2],
  variance: [1, 1],
  labelNames: [],
  columns: [],
  projections: [],
};

function rows(): [Session, DimensionRow[]] {
  const engine = { decode: async () => new Uint8ClampedArray(4 * 64) } as unknown as Engine;
  const session = new Session(model, engine, new Library(model, "/"), {}, () => undefined, () => undefined);
  const made = [0, 1].map((k) => new DimensionRow(session, k, "t"));
  for (const row of made) {
    row.fit(300);
    row.setRange(-3, 3);
  }
  return [session, made];
}

it("asks for a strip only when it would show something else", () => {
  const [session, [first, second]] = rows();
  expect(first.batch("p/")).toMatchObject({ channel: "p/0", count: STEPS, row: first.strip.row });
  expect(first.batch("p/")).toBeNull();
  expect(second.batch("p/")).not.toBeNull();
  session.setCoordinate(0, 1.5);
  expect(first.batch("p/")).toBeNull(); // it sweeps this dimension, wherever its slider stands
  expect([...second.batch("p/")!.z].filter((_, i) => i % 2 === 0)).toEqual(Array(STEPS).fill(1.5));
  first.setRange(-2, 2);
  expect(first.batch("p/")!.z[0]).toBe(-2);
  first.fit(140); // another layout clears the canvas
  expect(first.batch("p/")).not.toBeNull();
});

it("shows z in slider and number, and puts back what was typed and is no number", () => {
  const [session, [first]] = rows();
  const [slider, number] = first.root.querySelectorAll("input");
  session.setCoordinate(0, -1.25);
  first.show();
  expect([slider.value, number.value, slider.getAttribute("aria-valuetext")]).toEqual(["-1.25", "-1.25", "−1.25"]);
  number.value = "";
  number.dispatchEvent(new Event("change"));
  expect(number.value).toBe("-1.25");
});
