import { expect, it } from "vitest";
import { Plane } from "../../src/latent/plane";
import { standardNormal } from "../../src/latent/vectors";

const d = 5;
const plane = Plane.of({
  key: "pca",
  label: "PCA",
  axes: ["", ""],
  mean: [1, 2, 3, 4, 5],
  components: [0.6, 0.8, 0, 0, 0, 0, 0, 0.8, 0, 0.6],
})!;
const v = [2, 1, 1, 0.5, -0.5];

/** Vectors on the boundary of the cone of half-angle θ about v. */
function boundary(theta: number, count: number): Float32Array[] {
  const length = Math.hypot(...v);
  const normal = standardNormal(count * d, 3);
  return Array.from({ length: count }, (_, i) => {
    const w = Array.from(normal.subarray(i * d, (i + 1) * d));
    const along = w.reduce((sum, value, k) => sum + value * v[k], 0) / length ** 2;
    const across = w.map((value, k) => value - along * v[k]);
    const size = Math.hypot(...across);
    return Float32Array.from(across, (value, k) => Math.cos(theta) * (v[k] / length) + Math.sin(theta) * (value / size));
  });
}

const angle = ([x, y]: readonly number[], [px, py]: readonly number[]) => Math.abs(Math.atan2(x * py - y * px, x * px + y * py));

it("a cone of directions lies on the map where its sampled boundary lies", () => {
  const apex = Float32Array.of(0.5, -1, 2, 0, 1);
  const at = (sign: number) => apex.map((value, k) => value + sign * 3 * v[k]);
  const origin = plane.drop(apex);
  const dropped = (code: Float32Array) => plane.drop(code).map((value, i) => value - origin[i]);
  for (const theta of [0.05, 0.3, 0.5]) {
    const fan = plane.fan(apex, at(-1), at(1), theta)!;
    expect(fan).toHaveLength(12);
    const edge = angle([fan[8] - origin[0], fan[9] - origin[1]], dropped(at(1)));
    const seen = boundary(theta, 20_000).map((u) => angle(dropped(apex.map((value, k) => value + u[k])), dropped(at(1))));
    const widest = seen.reduce((most, one) => Math.max(most, one), 0);
    expect(widest).toBeLessThan(edge + 1e-4);
    expect(widest).toBeGreaterThan(0.95 * edge);
    // the triangle is as long as the line
    expect(Math.hypot(fan[8] - origin[0], fan[9] - origin[1])).toBeCloseTo(Math.hypot(...dropped(at(1))), 4);
  }
});

it("a cone that covers every direction of the map has no place on it", () => {
  const [low, high] = [-1, 1].map((sign) => Float32Array.from([0, 0, 0, 0, 3 * sign])); // |Pv| = 0.6: sin θ may be no more
  const apex = new Float32Array(d);
  expect(plane.fan(apex, low, high, Math.asin(0.59))).not.toBeNull();
  expect(plane.fan(apex, low, high, Math.asin(0.61))).toBeNull();
});
