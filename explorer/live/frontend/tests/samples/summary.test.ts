import { expect, it } from "vitest";
import { summarize } from "../../src/samples/summary";
import type { Judged } from "../../src/schema";

const judged = (precision: number, coverage: number): Judged => ({
  report: {
    ...{ seeds: 5, samples: 10, images: 10, real: {} },
    measures: { precision: { mean: precision, low: 0, high: 1 }, coverage: { mean: coverage, low: 0, high: 1 } },
  },
});
const measures = { precision: { label: "precision", about: "", share: true } };
const models = [
  { title: "AE", rate: null },
  { title: "VAE", rate: [1] },
];

it("says what a fitted density gives back", () => {
  const said = summarize(models, [{ prior: judged(0.31, 0.23), mixture: judged(0.96, 0.88) }, { prior: judged(0.99, 0.95) }], measures);
  for (const part of ["31 %", "23 %", "99 %", "95 %", "96 %", "88 %", "a mixture", "much of the quality"]) expect(said).toContain(part);
});

it("claims no gain where there is none", () => {
  const said = summarize(models, [{ prior: judged(0.9, 0.8), "gaussian-full": judged(0.92, 0.8) }, {}], measures);
  expect(said).not.toContain("much");
  expect(said).toContain("changes little");
});

it("says nothing while there are no numbers", () => {
  expect(summarize(models, [{ prior: { fraction: 0.5 } }, { prior: judged(1, 1) }], measures)).toBe("");
  expect(summarize(models.slice(1), [{ prior: judged(1, 1) }], measures)).toBe("");
});
