/** q = N(μ, σ²) against p = N(0, 1), in nats, with derivatives by μ and σ. Every one is minimal in μ at 0. */
export interface Divergence {
  key: string;
  label: string;
  about: string;
  value(mu: number, sigma: number): number;
  /** [∂/∂μ, ∂/∂σ] */
  gradient(mu: number, sigma: number): [number, number];
}

const LOG_2PI = Math.log(2 * Math.PI);
const reverse = (mu: number, s: number): [number, number] => [mu / s ** 2, 1 / s - (1 + mu ** 2) / s ** 3];

export const DIVERGENCES: readonly Divergence[] = [
  {
    key: "klqp",
    label: "KL(q‖p)",
    about: "the rate of a VAE: pulls μ to 0 and σ to 1",
    value: (mu, s) => 0.5 * (mu ** 2 + s ** 2 - 1) - Math.log(s),
    gradient: (mu, s) => [mu, s - 1 / s],
  },
  {
    key: "klpq",
    label: "KL(p‖q)",
    about: "the same minimum, but a narrow q costs most: q has to cover all of p",
    value: (mu, s) => 0.5 * ((1 + mu ** 2) / s ** 2 - 1) + Math.log(s),
    gradient: reverse,
  },
  {
    key: "hpq",
    label: "H(p, q)",
    about: "KL(p‖q) plus the entropy of p, which is constant: the same gradient",
    value: (mu, s) => 0.5 * (LOG_2PI + (1 + mu ** 2) / s ** 2) + Math.log(s),
    gradient: reverse,
  },
  {
    key: "hqp",
    label: "H(q, p)",
    about: "without the entropy of q nothing keeps it wide: σ goes to 0 and q collapses to a point",
    value: (mu, s) => 0.5 * (LOG_2PI + mu ** 2 + s ** 2),
    gradient: (mu, s) => [mu, s],
  },
];

export const MU: readonly [number, number] = [-3, 3];
export const SIGMA: readonly [number, number] = [0.05, 3];

/** One step of gradient descent, clipped to `most` per coordinate and to the range of the plot. */
export function descend(divergence: Divergence, mu: number, sigma: number, rate: number, most = 0.06): [number, number] {
  const [byMu, bySigma] = divergence.gradient(mu, sigma);
  const step = (slope: number) => Math.max(-most, Math.min(most, rate * slope));
  const within = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));
  return [within(mu - step(byMu), MU), within(sigma - step(bySigma), SIGMA)];
}
