import { describe, expect, it } from "vitest";
import { random } from "../../src/map/shuffle";
import {
  between,
  easeInOut,
  fitted,
  isView,
  panned,
  screenX,
  screenY,
  worldX,
  worldY,
  zoomedAbout,
} from "../../src/map/viewport";

const next = random(11);
const within = (low: number, high: number): number => low + (high - low) * next();
const view = () => ({ cx: within(-5, 5), cy: within(-5, 5), scale: Math.exp(within(0, 9)) });
const times = (n: number, body: () => void): void => {
  for (let k = 0; k < n; k++) body();
};

describe("viewport", () => {
  it("goes from world to screen and back", () => {
    times(200, () => {
      const v = view();
      const [x, y] = [within(-9, 9), within(-9, 9)];
      expect(worldX(v, 900, screenX(v, 900, x))).toBeCloseTo(x, 9);
      expect(worldY(v, 640, screenY(v, 640, y))).toBeCloseTo(y, 9);
    });
  });

  it("puts the centre in the middle and y up, with one scale for both axes", () => {
    const v = { cx: 1, cy: 2, scale: 50 };
    expect([screenX(v, 900, 1), screenY(v, 640, 2)]).toEqual([450, 320]);
    expect([screenX(v, 900, 2), screenY(v, 640, 3)]).toEqual([500, 270]);
  });

  it("zooms about the pointer: the world point under it stays", () => {
    times(200, () => {
      const v = view();
      const [sx, sy] = [within(0, 900), within(0, 640)];
      const z = zoomedAbout(v, 900, 640, sx, sy, v.scale * Math.exp(within(-2, 2)));
      expect(screenX(z, 900, worldX(v, 900, sx))).toBeCloseTo(sx, 6);
      expect(screenY(z, 640, worldY(v, 640, sy))).toBeCloseTo(sy, 6);
    });
  });

  it("pans by screen pixels: the world follows the finger", () => {
    const v = view();
    const p = panned(v, 30, -12);
    expect(screenX(p, 900, 0.3)).toBeCloseTo(screenX(v, 900, 0.3) + 30, 6);
    expect(screenY(p, 640, 0.3)).toBeCloseTo(screenY(v, 640, 0.3) - 12, 6);
  });

  it("fits an extent inside the margin and touches it along one axis", () => {
    times(100, () => {
      const [xa, xb, ya, yb] = [within(-9, 9), within(-9, 9), within(-9, 9), within(-9, 9)];
      const e = { x0: Math.min(xa, xb), x1: Math.max(xa, xb), y0: Math.min(ya, yb), y1: Math.max(ya, yb) };
      const v = fitted(e, 900, 640, 40);
      const gapX = screenX(v, 900, e.x0);
      const gapY = screenY(v, 640, e.y1);
      expect(Math.min(gapX, gapY)).toBeCloseTo(40, 6);
      expect(screenX(v, 900, e.x1)).toBeCloseTo(900 - gapX, 6);
      expect(screenY(v, 640, e.y0)).toBeCloseTo(640 - gapY, 6);
    });
  });

  it("fits a single point without dividing by zero", () => {
    expect(isView(fitted({ x0: 2, x1: 2, y0: 3, y1: 3 }, 900, 640, 40))).toBe(true);
    expect(isView({ cx: 0, cy: Number.NaN, scale: 1 })).toBe(false);
    expect(isView({ cx: 0, cy: 0, scale: 0 })).toBe(false);
  });

  it("glides from view to view; a zoom about a point keeps that point still all the way", () => {
    times(50, () => {
      const a = view();
      const [sx, sy] = [within(0, 900), within(0, 640)];
      const b = zoomedAbout(a, 900, 640, sx, sy, a.scale * within(1.5, 20));
      for (const t of [0, 0.2, 0.5, 0.9, 1]) {
        const m = between(a, b, t);
        expect(screenX(m, 900, worldX(a, 900, sx))).toBeCloseTo(sx, 4);
        expect(screenY(m, 640, worldY(a, 640, sy))).toBeCloseTo(sy, 4);
      }
      expect(between(a, b, 1)).toBe(b);
    });
    const pan = between({ cx: 0, cy: 0, scale: 10 }, { cx: 4, cy: 2, scale: 10 }, 0.25);
    expect([pan.cx, pan.cy, pan.scale]).toEqual([1, 0.5, 10]);
  });

  it("eases from 0 to 1 without going back", () => {
    const steps = Array.from({ length: 101 }, (_, k) => easeInOut(k / 100));
    expect([steps[0], steps[50], steps[100]]).toEqual([0, 0.5, 1]);
    expect(steps.every((s, k) => k === 0 || s >= steps[k - 1]!)).toBe(true);
  });
});
