import { expect, it } from "vitest";
import { measure, unwound } from "../../src/compare/moments";

const SIDE = 64;

/** A filled ellipse of brightness 1: centre in pixels, half axes, direction in degrees with y up. */
function ellipse(cx: number, cy: number, a: number, b: number, degrees: number): Uint8ClampedArray {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const rgba = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [dx, dy] = [(i % SIDE) + 0.5 - cx, cy - (Math.floor(i / SIDE) + 0.5)];
    const [u, v] = [dx * c + dy * s, -dx * s + dy * c];
    rgba.fill((u / a) ** 2 + (v / b) ** 2 <= 1 ? 255 : 0, 4 * i, 4 * i + 4);
  }
  return rgba;
}

it.each([0, 30, -75, 90])("finds place, size and direction of an ellipse at %d°", (degrees) => {
  const found = measure(ellipse(24, 40, 14, 6, degrees), SIDE);
  expect(found.x).toBeCloseTo((24 - 16) / 32, 2);
  expect(found.y).toBeCloseTo((40 - 16) / 32, 2);
  expect(found.size).toBeCloseTo(Math.sqrt(Math.PI * 14 * 6), 0);
  expect(Math.abs(((found.angle - degrees + 270) % 180) - 90)).toBeLessThan(1.5);
});

it("gives a disc no direction, and the dark no place", () => {
  expect(measure(ellipse(30, 30, 9, 9, 0), SIDE).angle).toBeNaN();
  expect(measure(new Uint8ClampedArray(4 * SIDE * SIDE), SIDE)).toMatchObject({ x: NaN, y: NaN, size: 0 });
});

it("follows a direction through the half turn", () => {
  expect(unwound([80, 89, -82, -70])).toEqual([80, 89, 98, 110]);
  expect(unwound([NaN, -85, 88])).toEqual([NaN, -85, -92]);
});
