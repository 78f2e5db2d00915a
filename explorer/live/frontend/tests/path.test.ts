import { expect, test } from "vitest";
import { along } from "../src/gallery/path";

const frames = Float32Array.from([0, 1, 2, -1, 4, 0, 1, 3]); // four keyframes of two numbers
const at = (place: number) => [...along(frames, 2, place, new Float32Array(2))];

test("the path goes through its keyframes, round and round", () => {
  for (let k = 0; k < 4; k++)
    for (const turns of [-2, 0, 3]) expect(at(k + 4 * turns)).toEqual([...frames.subarray(2 * k, 2 * k + 2)]);
});

test("half way it is where Catmull and Rom say", () => {
  const middle = (a: number, b: number, c: number, d: number) => (-a + 9 * b + 9 * c - d) / 16;
  expect(at(1.5)[0]).toBeCloseTo(middle(0, 2, 4, 1), 6);
  expect(at(3.5)[1]).toBeCloseTo(middle(0, 3, 1, -1), 6);
});

test("it has no corners: the speed is the same on both sides of a keyframe", () => {
  const step = 1e-3;
  for (let k = 0; k < 4; k++) {
    const [before, here, after] = [at(k - step), at(k), at(k + step)];
    for (let i = 0; i < 2; i++) expect((after[i] - here[i]) / step).toBeCloseTo((here[i] - before[i]) / step, 1);
  }
});

test("a straight line at even pace stays one", () => {
  const line = Float32Array.from([0, 1, 2, 3, 4, 5]);
  expect(along(line, 1, 2.25, new Float32Array(1))[0]).toBeCloseTo(2.25, 6);
});
