import { expect, it } from "vitest";
import { explained, local, nameOf, principal } from "../../src/directions/components";
import { Slices } from "../../src/directions/slices";
import { standardNormal } from "../../src/latent/vectors";

it("principal components are those that were planted, with their shares", async () => {
  const [n, d] = [4000, 3];
  const codes = standardNormal(n * d, 1);
  // variances 9 and 1 along (1, 1)/√2 and (1, −1)/√2, and 4 along the third
  for (let i = 0; i < n; i++) {
    const [a, b] = [3 * codes[3 * i], codes[3 * i + 1]];
    [codes[3 * i], codes[3 * i + 1]] = [(a + b) * Math.SQRT1_2, (a - b) * Math.SQRT1_2];
    codes[3 * i + 2] *= 2;
  }
  const { vectors, strengths } = await principal(codes, d, 2, new Slices());
  expect(Math.abs(vectors[0][0] * Math.SQRT1_2 + vectors[0][1] * Math.SQRT1_2)).toBeGreaterThan(0.999);
  expect(Math.abs(vectors[1][2])).toBeGreaterThan(0.999);
  expect(strengths[0]).toBeCloseTo(9 / 14, 1);
  expect(strengths[1]).toBeCloseTo(4 / 14, 1);
  expect(vectors[0].reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 8);
});

it("local components are those of the neighbourhood: along the circle on which the codes lie", async () => {
  const n = 5000;
  const codes = Float32Array.from({ length: 2 * n }, (_, i) => 10 * (i % 2 ? Math.sin : Math.cos)((2 * Math.PI * Math.floor(i / 2)) / n));
  for (const angle of [0, 1, 2.5]) {
    const { vectors, strengths } = await local(codes, Float32Array.of(10 * Math.cos(angle), 10 * Math.sin(angle)), 1, new Slices());
    expect(Math.abs(vectors[0][0] * -Math.sin(angle) + vectors[0][1] * Math.cos(angle))).toBeGreaterThan(0.999);
    expect(strengths[0]).toBeGreaterThan(0.98);
  }
});

it("a factor explains all, half or nothing of some places", () => {
  const places = Float32Array.of(-1, -1, 1, 1);
  expect(explained(places, [0, 0, 1, 1])).toBeCloseTo(1, 6);
  expect(explained(places, [0, 1, 0, 1])).toBeCloseTo(0, 6);
  expect(explained(Float32Array.of(-3, -1, 1, 3), [0, 0, 1, 1])).toBeCloseTo(0.8, 6); // 16 of 20
  expect(explained(new Float32Array(4), [0, 0, 1, 1])).toBe(0);
  const column = (label: string, categories: number[]) => ({ column: { key: label, label, names: ["a", "b"] }, categories: Uint8Array.from(categories) });
  expect(nameOf(places, [column("size", [0, 1, 0, 1]), column("shape", [0, 0, 0, 1])])).toBe("shape, 33 %");
  expect(nameOf(places, [column("size", [0, 1, 0, 1])])).toBe("");
});
