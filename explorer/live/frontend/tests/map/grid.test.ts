import { describe, expect, it } from "vitest";
import { Grid } from "../../src/map/grid";
import { random } from "../../src/map/shuffle";
import { coreBounds } from "../../src/map/stats";

type Points = { x: Float32Array; y: Float32Array };

function points(n: number, place: (k: number) => readonly [number, number]): Points {
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  for (let k = 0; k < n; k++) [x[k], y[k]] = place(k);
  return { x, y };
}

function built({ x, y }: Points, keep: (i: number) => boolean = () => true): Grid {
  const packed = new Float32Array(2 * x.length);
  x.forEach((v, k) => packed.set([v, y[k]!], 2 * k));
  const core = coreBounds(packed, 8192, 0.002) ?? { x0: 0, x1: 1, y0: 0, y1: 1 };
  const steps = Grid.build(x, y, core, keep);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Squared distance of the nearest kept point by looking at all of them. */
function nearestSquare({ x, y }: Points, px: number, py: number, keep: (i: number) => boolean): number {
  let best = Infinity;
  for (let i = 0; i < x.length; i++) {
    if (keep(i)) best = Math.min(best, (x[i]! - px) ** 2 + (y[i]! - py) ** 2 || Infinity);
  }
  return best;
}

const next = random(5);
const spread = (): number => 2 * next() - 1;
const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const clouds: Record<string, (n: number) => Points> = {
  uniform: (n) => points(n, () => [spread(), spread()]),
  blobs: (n) => points(n, (k) => [(k % 7) + 0.05 * normal(), (k % 3) + 0.02 * normal()]),
  "a line": (n) => points(n, () => [spread(), 0.25]),
  "far outliers": (n) => points(n, (k) => (k % 50 === 0 ? [1e4 * spread(), 1e4 * spread()] : [normal(), normal()])),
  "one place": (n) => points(n, () => [0.5, -0.5]),
};

describe("grid", () => {
  for (const [name, cloud] of Object.entries(clouds)) {
    for (const n of [1, 2, 37, 3000]) {
      it(`finds what brute force finds: ${name}, ${n} points`, () => {
        const p = cloud(n);
        const grid = built(p);
        for (let k = 0; k < 60; k++) {
          const reach = k % 3 === 0 ? 30 : 1.5;
          const [px, py] = [reach * spread(), reach * spread()];
          const i = grid.nearest(px, py);
          expect((p.x[i]! - px) ** 2 + (p.y[i]! - py) ** 2).toBe(nearestSquare(p, px, py, () => true));
        }
      });
    }
  }

  it("returns the very point at its own place", () => {
    const p = clouds["uniform"]!(2000);
    const grid = built(p);
    for (let i = 0; i < 2000; i += 13) expect(grid.nearest(p.x[i]!, p.y[i]!)).toBe(i);
  });

  it("leaves out what is hidden or not finite", () => {
    const p = clouds["blobs"]!(2000);
    p.x[3] = Number.NaN;
    p.y[9] = Infinity;
    const keep = (i: number): boolean => i % 4 === 1 && i !== 9;
    const grid = built(p, (i) => i % 4 === 1);
    expect(grid.size).toBe(499); // 500 kept, one of them at infinity
    for (let k = 0; k < 100; k++) {
      const [px, py] = [3 + 4 * spread(), 1 + 2 * spread()];
      const i = grid.nearest(px, py);
      expect(keep(i)).toBe(true);
      expect((p.x[i]! - px) ** 2 + (p.y[i]! - py) ** 2).toBe(nearestSquare(p, px, py, keep));
    }
  });

  it("is empty without points", () => {
    expect(built(points(0, () => [0, 0])).nearest(0, 0)).toBe(-1);
    expect(built(clouds["uniform"]!(100), () => false).nearest(0, 0)).toBe(-1);
  });
});
