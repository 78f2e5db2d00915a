import type { ReportStatus, SampledModel } from "../schema";

const DENSITIES = [
  ["mixture", "a mixture of Gaussians"],
  ["gaussian-full", "one Gaussian with full covariance"],
  ["gaussian-diagonal", "a Gaussian per dimension"],
] as const;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** One or two sentences on the metrics of random codes; empty until they are computed. */
export function summarize(models: Pick<SampledModel, "rate" | "title">[], numbers: Record<string, ReportStatus>[]): string {
  const value = (i: number, kind: string, name: string) => numbers[i]?.[kind]?.report?.measures[name]?.mean;
  const [coverage, pixels] = ["coverage", "coverage_pixels"];
  const name = models.some((_, i) => value(i, "prior", coverage) !== undefined) ? coverage : pixels;
  const plain = models.findIndex((model, i) => !model.rate && value(i, "prior", name) !== undefined);
  const other = models.findIndex((model, i) => model.rate && value(i, "prior", name) !== undefined);
  if (plain < 0) return "";
  const holes = (i: number, kind: string) => (value(i, kind, "holes") === undefined ? "" : `, and ${percent(value(i, kind, "holes")!)} of its samples lie in a hole`);
  const told = (i: number, kind: string) => `cover ${percent(value(i, kind, name)!)} of real images${name === pixels ? " in pixels" : ""}${holes(i, kind)}`;
  const comparison = other < 0 ? "" : `; those of ${models[other].title} ${told(other, "prior")}`;
  const first = `Codes from N(0, I): those of ${models[plain].title} ${told(plain, "prior")}${comparison}.`;
  const [kind, density] = DENSITIES.find(([kind]) => value(plain, kind, name) !== undefined) ?? [];
  if (!kind) return first;
  const gains = value(plain, kind, name)! - value(plain, "prior", name)!;
  const meaning = gains > 0.1 ? "The decoder was not the trouble: N(0, I) is not where its codes lie." : "The fit changes little.";
  return `${first} Codes from ${density} fitted to its codes ${told(plain, kind)}. ${meaning}`;
}
