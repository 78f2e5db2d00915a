import { describe, expect, it } from "vitest";
import { applyRegion, indicesOf, insideBox, insidePolygon } from "../../src/map/select";
import { random } from "../../src/map/shuffle";

const next = random(23);
const spread = (): number => 2 * next() - 1;

/** Even-odd by a ray straight up, whereas the code under test looks sideways. */
function insideByRayUp(corners: readonly number[], x: number, y: number): boolean {
  const n = corners.length / 2;
  let crossings = 0;
  for (let k = 0; k < n; k++) {
    const [ax, ay] = [corners[2 * k]!, corners[2 * k + 1]!];
    const [bx, by] = [corners[2 * ((k + 1) % n)]!, corners[2 * ((k + 1) % n) + 1]!];
    if (ax > x === bx > x) continue;
    if (ay + ((by - ay) * (x - ax)) / (bx - ax) > y) crossings++;
  }
  return crossings % 2 === 1;
}

describe("lasso", () => {
  it("agrees with an independent test on random polygons, also self-crossing ones", () => {
    for (let trial = 0; trial < 60; trial++) {
      const corners = Array.from({ length: 2 * (3 + (trial % 30)) }, spread);
      const inside = insidePolygon(corners);
      for (let k = 0; k < 100; k++) {
        const [x, y] = [1.2 * spread(), 1.2 * spread()];
        expect(inside(x, y)).toBe(insideByRayUp(corners, x, y));
      }
    }
  });

  it("agrees on a long wiggly lasso", () => {
    const corners = Array.from({ length: 800 }, (_, k) => {
      const angle = (2 * Math.PI * (k >> 1)) / 400;
      const radius = 1 + 0.3 * Math.sin(17 * angle);
      return k % 2 === 0 ? radius * Math.cos(angle) : radius * Math.sin(angle);
    });
    const inside = insidePolygon(corners);
    for (let k = 0; k < 500; k++) {
      const [x, y] = [1.5 * spread(), 1.5 * spread()];
      expect(inside(x, y)).toBe(Math.hypot(x, y) < 0.69 || insideByRayUp(corners, x, y));
    }
  });

  it("holds nothing when it has no area", () => {
    expect(insidePolygon([0, 0, 1, 1])(0.5, 0.5)).toBe(false);
    expect(insidePolygon([0, 1, 5, 1, 9, 1])(3, 1)).toBe(false);
    expect(insidePolygon([0, 0, 1, 0, 1, 1])(Number.NaN, 0.5)).toBe(false);
  });
});

describe("box", () => {
  it("does not mind from which corner it was drawn", () => {
    for (const inside of [insideBox(-1, 2, 3, 0), insideBox(3, 0, -1, 2), insideBox(-1, 0, 3, 2)]) {
      expect([inside(0, 1), inside(3, 2), inside(3.1, 1), inside(0, -0.1)]).toEqual([true, true, false, false]);
    }
  });
});

describe("selection", () => {
  it("replaces, adds and removes like sets do, and never takes hidden points", () => {
    const n = 500;
    const x = Float32Array.from({ length: n }, spread);
    const y = Float32Array.from({ length: n }, spread);
    const keep = (i: number): boolean => i % 5 !== 0;
    const mask = new Uint8Array(n);
    let expected = new Set<number>();
    for (let step = 0; step < 30; step++) {
      const [xa, ya, xb, yb] = [spread(), spread(), spread(), spread()];
      const op = (["replace", "add", "remove"] as const)[step % 3]!;
      const hit = [...x.keys()].filter(
        (i) => keep(i) && (x[i]! - xa) * (x[i]! - xb) <= 0 && (y[i]! - ya) * (y[i]! - yb) <= 0,
      );
      if (op === "replace") expected = new Set(hit);
      for (const i of hit) {
        if (op === "add") expected.add(i);
        if (op === "remove") expected.delete(i);
      }
      applyRegion(mask, x, y, insideBox(xa, ya, xb, yb), keep, op);
      expect([...indicesOf(mask)]).toEqual([...expected].sort((a, b) => a - b));
    }
  });
});
