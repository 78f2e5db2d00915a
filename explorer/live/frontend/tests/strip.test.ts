import { expect, it } from "vitest";
import { Strip } from "../src/ui/strip";

it.each([
  [8, 440],
  [28, 300],
  [28, 640],
  [64, 440],
  [64, 700],
  [128, 440],
])("a strip of %i-pixel images fits into %i pixels, with even pixels", (side, room) => {
  const strip = new Strip([1, side, side], 11, "strip");
  strip.fit(room);
  expect(strip.width).toBeLessThanOrEqual(room);
  expect(strip.width).toBeGreaterThan(room / 2);
  expect(parseFloat(strip.canvas.style.width)).toBeCloseTo(strip.width, 6);
  expect((strip.width / strip.canvas.width) % 0.5).toBe(0);
});
