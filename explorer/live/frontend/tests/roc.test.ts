import { describe, expect, it } from "vitest";
import { roc, sharesFrom } from "../src/latent/roc";

describe("the area under a ROC curve", () => {
  const of = (positive: number[]) => (row: number) => positive.includes(row);

  it("is the share of pairs that are in order, a tie counting half", () => {
    const score = Array.from({ length: 300 }, (_, i) => Math.round(6 * Math.sin(12.9 * i) + (i % 3 === 0 ? 1 : 0)));
    const positive = (row: number) => row % 3 === 0;
    let [pairs, ordered] = [0, 0];
    for (let i = 0; i < score.length; i++)
      for (let j = 0; j < score.length; j++)
        if (positive(i) && !positive(j)) {
          pairs++;
          ordered += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0;
        }
    expect(roc(score, positive)!.auc).toBeCloseTo(ordered / pairs, 12);
  });

  it("is one or zero where the classes are apart, and half where the score says nothing", () => {
    expect(roc([1, 2, 3, 4], of([2, 3]))!.auc).toBe(1);
    expect(roc([1, 2, 3, 4], of([0, 1]))!.auc).toBe(0);
    expect(roc([5, 5, 5, 5], of([0, 1]))!.auc).toBe(0.5);
  });

  // by sklearn.metrics.roc_curve(..., drop_intermediate=False) and roc_auc_score
  it("is scikit-learn's, and so is the curve", () => {
    const found = roc([0.1, 0.4, 0.35, 0.8, 0.4, 0.2, 0.7], of([2, 3, 4]))!;
    expect(found.falseShare).toEqual([0, 0, 0.25, 0.5, 0.5, 0.75, 1]);
    expect(found.trueShare.map((share) => Number(share.toFixed(6)))).toEqual([0, 0.333333, 0.333333, 0.666667, 1, 1, 1]);
    expect(found.auc).toBeCloseTo(0.7083333333, 9);
  });

  it("is none where there is no such image, or no other", () => {
    expect(roc([1, 2], of([]))).toBeNull();
    expect(roc([1, 2], of([0, 1]))).toBeNull();
  });
});

it("tells which shares score at least as high as a value", () => {
  expect(sharesFrom([1, 2, 3, 4], (row) => row > 1, 3)).toEqual([0, 1]);
  expect(sharesFrom([1, 2, 3, 4], (row) => row % 2 === 1, 2)).toEqual([0.5, 1]);
});
