import { describe, expect, it } from "vitest";
import { descend, DIVERGENCES } from "../src/lessons/divergences";

const normal = (x: number, mu: number, s: number) => Math.exp(-0.5 * ((x - mu) / s) ** 2) / (s * Math.sqrt(2 * Math.PI));
const log = (x: number, mu: number, s: number) => -0.5 * ((x - mu) / s) ** 2 - Math.log(s * Math.sqrt(2 * Math.PI));

/** ∫ f by the midpoint rule over 60 000 cells. */
function integral(f: (x: number) => number, low = -30, high = 30, cells = 60_000): number {
  const width = (high - low) / cells;
  let sum = 0;
  for (let i = 0; i < cells; i++) sum += f(low + (i + 0.5) * width);
  return sum * width;
}

const definitions: Record<string, (mu: number, s: number) => number> = {
  klqp: (mu, s) => integral((x) => normal(x, mu, s) * (log(x, mu, s) - log(x, 0, 1))),
  klpq: (mu, s) => integral((x) => normal(x, 0, 1) * (log(x, 0, 1) - log(x, mu, s))),
  hpq: (mu, s) => integral((x) => -normal(x, 0, 1) * log(x, mu, s)),
  hqp: (mu, s) => integral((x) => -normal(x, mu, s) * log(x, 0, 1)),
};

const places: [number, number][] = [[0, 1], [1.3, 0.4], [-2, 1.7], [0.5, 2.6], [-0.1, 0.15]];

describe.each([...DIVERGENCES])("$label", (divergence) => {
  it.each(places)("is the integral that defines it at μ = %f, σ = %f", (mu, s) => {
    expect(divergence.value(mu, s)).toBeCloseTo(definitions[divergence.key](mu, s), 6);
  });

  it.each(places)("has the slope of its values at μ = %f, σ = %f", (mu, s) => {
    const h = 1e-5;
    const [byMu, bySigma] = divergence.gradient(mu, s);
    const numeric = [
      (divergence.value(mu + h, s) - divergence.value(mu - h, s)) / (2 * h),
      (divergence.value(mu, s + h) - divergence.value(mu, s - h)) / (2 * h),
    ];
    expect(byMu).toBeCloseTo(numeric[0], 3);
    expect(bySigma / (1 + Math.abs(bySigma))).toBeCloseTo(numeric[1] / (1 + Math.abs(numeric[1])), 5);
  });

  it("pulls to the prior, or to a point where no entropy holds it", () => {
    let [mu, s] = [2, 0.3];
    for (let i = 0; i < 4000; i++) [mu, s] = descend(divergence, mu, s, 0.02);
    expect(mu).toBeCloseTo(0, 2);
    expect(s).toBeCloseTo(divergence.key === "hqp" ? 0.05 : 1, 2);
  });
});
