import { beforeEach, describe, expect, it } from "vitest";
import { random } from "../../src/map/shuffle";
import { PointStore } from "../../src/map/store";

const theme = { background: "#ffffff", foreground: "#000000", accent: "#ff0000", muted: "#888888", grid: "#eeeeee", letter: 12 };
const next = random(31);
const n = 1000;
const x = Float32Array.from({ length: n }, next);
const y = Float32Array.from({ length: n }, next);

describe("point store", () => {
  let store: PointStore;

  beforeEach(() => {
    store = new PointStore();
    store.setPoints(x, y);
    store.paint(theme);
  });

  it("draws every point once, at its place and in its colour", () => {
    const classes = Uint8Array.from({ length: n }, (_, i) => i % 3);
    store.setCategories(classes, ["a", "b", "c"], ["#010203", "#040506", "#070809"]);
    store.paint(theme);
    expect(new Set(store.order).size).toBe(n);
    for (let k = 0; k < n; k++) {
      const i = store.order[k]!;
      expect([store.to[2 * k], store.to[2 * k + 1]]).toEqual([x[i], y[i]]);
      expect(store.slotColour(store.packedSlots[k]!)).toEqual([[1, 2, 3], [4, 5, 6], [7, 8, 9]][i % 3]);
      expect(store.colourOf(i)).toEqual(store.slotColour(store.packedSlots[k]!));
    }
  });

  it("hides classes, and draws values without a name muted", () => {
    store.setCategories(Uint16Array.from({ length: n }, (_, i) => (i === 5 ? 999 : i % 2)), ["a", "b"]);
    store.setVisible([true, false]);
    store.paint(theme);
    expect([store.isVisible(4), store.isVisible(7), store.isVisible(5)]).toEqual([true, false, true]);
    expect(store.colourOf(5)).toEqual([0x88, 0x88, 0x88]);
  });

  it("colours values from the lowest to the highest and mutes what is not a number", () => {
    const values = Float32Array.from({ length: n }, (_, i) => i - 300);
    values[17] = Number.NaN;
    store.setValues(values, "rate");
    store.paint(theme);
    expect(store.range).toEqual([-300, 699]);
    expect([store.slots[0], store.slots[999], store.slots[17]]).toEqual([0, 255, 256]);
    expect(store.colourOf(17)).toEqual([0x88, 0x88, 0x88]);
    store.setValues(new Float32Array(n).fill(2), "flat");
    expect(new Set(store.slots)).toEqual(new Set([0]));
  });

  it("keeps drawing order and colours through a move, and starts from where an unfinished move stands", () => {
    const order = store.order;
    const before = store.to;
    store.movePoints(x.map((v) => v + 1), y, 1);
    expect(store.order).toBe(order);
    expect(store.from).toBe(before);
    const target = store.to;
    store.movePoints(x, y, 0.25);
    for (let k = 0; k < 20; k++) expect(store.from[k]).toBeCloseTo(before[k]! + 0.25 * (target[k]! - before[k]!), 5);
  });

  it("measures the density of what is visible", () => {
    store.setCategories(Uint8Array.from({ length: n }, (_, i) => (i < 250 ? 0 : 1)), ["a", "b"]);
    store.paint(theme);
    store.measure();
    const all = store.density;
    store.setVisible([true, false]);
    store.paint(theme);
    store.measure();
    expect(store.density / all).toBeGreaterThan(0.15);
    expect(store.density / all).toBeLessThan(0.4);
  });

  it("finds the drawing positions of a selection", () => {
    const mask = Uint8Array.from({ length: n }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const picked = Array.from(store.ranksOf(mask), (k) => store.order[k]!);
    expect(picked.sort((a, b) => a - b)).toEqual([...Array(n).keys()].filter((i) => i % 7 === 0));
  });

  it("refuses arrays that do not belong together", () => {
    expect(() => store.setPoints(x, y.subarray(1))).toThrow("x has 1000 values and y has 999");
    expect(() => store.movePoints(x.subarray(1), y.subarray(1), 1)).toThrow("1000 points");
    expect(() => store.setCategories(new Uint8Array(3), ["a"])).toThrow("3 values for 1000 points");
    expect(() => store.setValues(new Float32Array(3), "v")).toThrow("3 values for 1000 points");
  });

  it("forgets colours when the number of points changes, not when only the places do", () => {
    store.setCategories(new Uint8Array(n).fill(1), ["a", "b"]);
    store.setPoints(y, x);
    expect(store.kind).toBe("categories");
    store.setPoints(x.subarray(1), y.subarray(1));
    expect([store.kind, store.packedSlots.length]).toEqual(["plain", n - 1]);
  });
});
