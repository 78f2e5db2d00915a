import { expect, it } from "vitest";
import { answerOf, chooseOperands, drawAnswers, nearestOthers, scalesOf, shareOfClass } from "../../src/directions/sum";

// four corners of a parallelogram, and one code far away
const codes = Float32Array.of(0, 0, 2, 0, 0, 1, 2, 1, 9, 9);

it("the fourth corner of a parallelogram is the answer, and its image is found", () => {
  const operands: [number, number, number] = [1, 0, 2];
  const answer = answerOf(codes, 2, operands);
  expect([...answer]).toEqual([2, 1]);
  expect(nearestOthers(codes, answer, operands, 2)).toEqual([3, 4]);
});

it("the variances of three posteriors add", () => {
  const scales = Float32Array.of(3, 1, 4, 1, 0, 1, 0, 0, 0, 0);
  const [x, y] = scalesOf(scales, 2, [0, 1, 2]);
  expect(x).toBeCloseTo(5, 5);
  expect(y).toBeCloseTo(Math.sqrt(3), 5);
  const draws = drawAnswers(Float32Array.of(10, -10), Float32Array.of(2, 0));
  const xs = Array.from({ length: draws.length / 2 }, (_, i) => draws[2 * i]);
  const mean = xs.reduce((sum, v) => sum + v, 0) / xs.length;
  expect(Math.abs(mean - 10)).toBeLessThan((3 * 2) / Math.sqrt(xs.length));
  expect(Math.sqrt(xs.reduce((sum, v) => sum + (v - mean) ** 2, 0) / xs.length)).toBeCloseTo(2, 0);
  expect(draws.filter((_, i) => i % 2)).toEqual(new Float32Array(xs.length).fill(-10));
});

it("the share of a class is 1 without spread, and falls where the spread reaches another class", () => {
  const labels = [0, 0, 1, 1, 1];
  const answer = Float32Array.of(2, 1);
  expect(shareOfClass(codes, drawAnswers(answer, new Float32Array(2)), answer, labels)).toBe(1);
  const share = shareOfClass(codes, drawAnswers(Float32Array.of(2, 0.5001), Float32Array.of(0, 1)), Float32Array.of(2, 0.5001), labels);
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
});

it("operands are two that differ little but in their group, and a third that differs much", () => {
  expect(chooseOperands(codes, 2, [[1], [0, 2, 4]])).toEqual([1, 0, 4]);
  expect(chooseOperands(codes, 2, null)).toEqual([0, 1, 2]);
  expect(chooseOperands(codes, 2, [[], [1]])).toEqual([0, 1, 2]);
});
