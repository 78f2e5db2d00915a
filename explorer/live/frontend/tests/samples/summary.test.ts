import { expect, it } from "vitest";
import { summarize } from "../../src/samples/summary";
import type { ReportStatus } from "../../src/schema";

const status = (measures: Record<string, number>): ReportStatus => ({
  report: {
    ...{ seeds: 5, samples: 10, images: 10, space: "", real: {} },
    measures: Object.fromEntries(Object.entries(measures).map(([name, mean]) => [name, { mean, low: 0, high: 1 }])),
  },
});
const seen = (coverage: number, holes: number) => status({ coverage, holes, coverage_pixels: 0.99 });
const models = [
  { title: "AE", rate: null },
  { title: "VAE", rate: [1] },
];

it("says what a fitted density gives back", () => {
  const said = summarize(models, [{ prior: seen(0.23, 0.87), mixture: seen(0.79, 0.05) }, { prior: seen(0.8, 0.2) }]);
  for (const part of ["AE cover 23 %", "87 % of its samples", "VAE cover 80 %", "20 %", "a mixture", "79 %", "5 %", "not the trouble"]) expect(said).toContain(part);
  expect(said).not.toContain("99 %");
});

it("claims no gain where there is none", () => {
  const said = summarize(models, [{ prior: seen(0.8, 0.1), "gaussian-full": seen(0.8, 0.1) }, {}]);
  expect(said).not.toContain("trouble");
  expect(said).toContain("changes little");
});

it("names pixels where there is nothing else to go by", () => {
  const said = summarize(models, [{ prior: status({ coverage_pixels: 0.4 }) }, { prior: status({ coverage_pixels: 0.9 }) }]);
  expect(said).toContain("40 % of real images in pixels");
  expect(said).not.toContain("hole");
});

it("says nothing while there are no numbers", () => {
  expect(summarize(models, [{ prior: { fraction: 0.5 } }, { prior: seen(1, 0) }])).toBe("");
  expect(summarize(models.slice(1), [{ prior: seen(1, 0) }])).toBe("");
});
