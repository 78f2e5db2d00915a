import { describe, expect, it } from "vitest";
import { ellipseAxes } from "../../src/map/gaussian";
import { random } from "../../src/map/shuffle";

describe("ellipse of a covariance", () => {
  it("is its eigen-decomposition: A v = λ v, trace and determinant kept, longer axis first", () => {
    const next = random(8);
    for (let trial = 0; trial < 300; trial++) {
      // A = L Lᵀ with a random L is every possible covariance.
      const [a, b, c] = [4 * next() - 2, 4 * next() - 2, 4 * next() - 2];
      const [xx, xy, yy] = [a * a, a * b, b * b + c * c];
      const { major, minor, angle } = ellipseAxes({ xx, xy, yy });
      const [vx, vy] = [Math.cos(angle), Math.sin(angle)];
      expect(xx * vx + xy * vy).toBeCloseTo(major ** 2 * vx, 9);
      expect(xy * vx + yy * vy).toBeCloseTo(major ** 2 * vy, 9);
      expect(xx * -vy + xy * vx).toBeCloseTo(minor ** 2 * -vy, 6);
      expect(major ** 2 + minor ** 2).toBeCloseTo(xx + yy, 9);
      expect((major * minor) ** 2).toBeCloseTo(xx * yy - xy * xy, 6);
      expect(major).toBeGreaterThanOrEqual(minor);
    }
  });

  it("puts its contour at Mahalanobis distance 1", () => {
    const [xx, xy, yy] = [2, 0.7, 0.5];
    const { major, minor, angle } = ellipseAxes({ xx, xy, yy });
    const det = xx * yy - xy * xy;
    for (let k = 0; k < 12; k++) {
      const [u, v] = [major * Math.cos(k), minor * Math.sin(k)];
      const x = u * Math.cos(angle) - v * Math.sin(angle);
      const y = u * Math.sin(angle) + v * Math.cos(angle);
      expect((yy * x * x - 2 * xy * x * y + xx * y * y) / det).toBeCloseTo(1, 9);
    }
  });

  it("knows circles, flat ellipses and a slightly broken covariance", () => {
    expect(ellipseAxes({ xx: 4, xy: 0, yy: 4 })).toEqual({ major: 2, minor: 2, angle: 0 });
    expect(ellipseAxes({ xx: 0, xy: 0, yy: 9 }).angle).toBeCloseTo(Math.PI / 2, 12);
    expect(ellipseAxes({ xx: 1, xy: 1.0000001, yy: 1 }).minor).toBe(0);
  });
});
