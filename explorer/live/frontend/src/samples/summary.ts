import type { Judged, Measure, SampledModel } from "../schema";

const DENSITIES = [
  ["mixture", "a mixture of Gaussians"],
  ["gaussian-full", "one Gaussian with full covariance"],
  ["gaussian-diagonal", "a Gaussian per dimension"],
] as const;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** One or two sentences on the metrics of random codes; empty until they are computed. */
export function summarize(models: Pick<SampledModel, "rate" | "title">[], numbers: Record<string, Judged>[], measures: Record<string, Measure>): string {
  const value = (i: number, kind: string, name: string) => numbers[i]?.[kind]?.report?.measures[name]?.mean;
  const plain = models.findIndex((model, i) => !model.rate && value(i, "prior", "precision") !== undefined);
  const other = models.findIndex((model, i) => model.rate && value(i, "prior", "precision") !== undefined);
  if (plain < 0 || !measures["precision"]) return "";
  const pair = (i: number, kind: string) => [percent(value(i, kind, "precision")!), percent(value(i, kind, "coverage")!)];
  const [precision, coverage] = pair(plain, "prior");
  const comparison = other < 0 ? "" : ` (${models[other].title}: ${pair(other, "prior").join(" and ")})`;
  const first = `Codes from N(0, I): ${precision} of ${models[plain].title} samples look like real images, and ${coverage} of real images have a sample close by${comparison}.`;
  const [kind, name] = DENSITIES.find(([kind]) => value(plain, kind, "precision") !== undefined) ?? [];
  if (!kind) return first;
  const gains = value(plain, kind, "precision")! - value(plain, "prior", "precision")!;
  const fitted = `Codes from ${name} fitted to its codes: ${pair(plain, kind).join(" and ")}`;
  const meaning = gains > 0.1 ? "the decoder has much of the quality, but N(0, I) does not match its codes." : "the fit changes little.";
  return `${first} ${fitted}; ${meaning}`;
}
