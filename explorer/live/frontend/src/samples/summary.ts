import type { Judged, Measure, SampledModel } from "../schema";

const FITTED = [
  ["mixture", "a mixture of Gaussians"],
  ["gaussian-full", "one Gaussian with full covariance"],
  ["gaussian-diagonal", "a Gaussian per dimension"],
] as const;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What the numbers of these models say about random codes, in a sentence or two; empty while they are not there. */
export function summarize(models: Pick<SampledModel, "rate" | "title">[], numbers: Record<string, Judged>[], measures: Record<string, Measure>): string {
  const value = (i: number, kind: string, name: string) => numbers[i]?.[kind]?.report?.measures[name]?.mean;
  const plain = models.findIndex((model, i) => !model.rate && value(i, "prior", "precision") !== undefined);
  const other = models.findIndex((model, i) => model.rate && value(i, "prior", "precision") !== undefined);
  if (plain < 0 || !measures["precision"]) return "";
  const both = (i: number, kind: string) => `${percent(value(i, kind, "precision")!)} look like real images and ${percent(value(i, kind, "coverage")!)} of real images have one close by`;
  const beside = other < 0 ? "" : `; of ${models[other].title} samples ${percent(value(other, "prior", "precision")!)} and ${percent(value(other, "prior", "coverage")!)}`;
  const first = `Codes from N(0, I): of ${models[plain].title} samples ${both(plain, "prior")}${beside}.`;
  const [kind, name] = FITTED.find(([kind]) => value(plain, kind, "precision") !== undefined) ?? [];
  if (!kind) return first;
  const gains = value(plain, kind, "precision")! - value(plain, "prior", "precision")!;
  const fitted = `Drawn from ${name} fitted to its codes, ${percent(value(plain, kind, "precision")!)} and ${percent(value(plain, kind, "coverage")!)}`;
  const meaning = gains > 0.1 ? "much of the quality was in the decoder all along, only N(0, I) is not where its codes lie." : "here the fit changes little.";
  return `${first} ${fitted}: ${meaning}`;
}
