import { describe, expect, it } from "vitest";
import { blackAndWhite, decibels, squaredError, terms } from "../../src/inside/compute";
import { bits, rate, rates } from "../../src/latent/score";

const vision = { likelihood: "bernoulli", variance: 1 } as const;
const posterior = (mean: number[], scale: number[], tril: number[] | null = null) => ({ mean: Float32Array.from(mean), scale: Float32Array.from(scale), tril: tril && Float32Array.from(tril) });

describe("the rate of each dimension", () => {
  it("is KL of two Gaussians, as an integral gives it", () => {
    const [mu, sigma] = [0.8, 0.35];
    const [low, high, steps] = [mu - 12 * sigma, mu + 12 * sigma, 200_000];
    let integral = 0;
    for (let i = 0; i < steps; i++) {
      const z = low + ((i + 0.5) * (high - low)) / steps;
      const logQ = -((z - mu) ** 2) / (2 * sigma ** 2) - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
      const logP = -(z ** 2) / 2 - 0.5 * Math.log(2 * Math.PI);
      integral += (Math.exp(logQ) * (logQ - logP) * (high - low)) / steps;
    }
    expect(rates(Float32Array.of(mu), Float32Array.of(sigma))[0]).toBeCloseTo(integral, 5);
  });

  it("is zero where q is the prior, and its sum is the whole rate, also with a full covariance", () => {
    expect(rates(Float32Array.of(0, 3), Float32Array.of(1, 1))).toEqual([0, 4.5]);
    const tril = Float32Array.of(0.5, 0, 0.3, 0.7);
    const [mean, scale] = [Float32Array.of(1, -2), Float32Array.of(0.5, Math.hypot(0.3, 0.7))];
    // KL = ½ (tr Σ + |μ|² − d − ln det Σ)
    const whole = 0.5 * (0.25 + 0.09 + 0.49 + 5 - 2 - Math.log((0.5 * 0.7) ** 2));
    expect(rate(mean, scale, tril)).toBeCloseTo(whole, 6);
    expect(rates(mean, scale, tril).reduce((a, b) => a + b)).toBeCloseTo(whole, 6);
  });

  it("in bits: one of two equal choices is a bit", () => {
    expect(bits(-Math.log(0.5))).toBe(1);
    expect(bits(8 * Math.LN2)).toBeCloseTo(8, 12);
  });
});

describe("the terms of the loss", () => {
  const x = Float32Array.of(1, 0, 1);
  const decoded = Float32Array.of(0.9, 0.2, 0.5);
  const lost = -Math.log(0.9) - Math.log(0.8) - Math.log(0.5);

  it("meet as distortion + β·rate", () => {
    const q = posterior([1, 0], [0.5, 1]);
    const kl = (1 + 0.25 - 1) / 2 - Math.log(0.5);
    for (const beta of [1, 4]) {
      const found = terms({ beta, diagonal: true, vision }, x, decoded, q);
      expect(found.distortion).toBeCloseTo(lost, 5);
      expect(found.rate).toBeCloseTo(kl, 6);
      expect(found.loss).toBeCloseTo(lost + beta * kl, 5);
    }
  });

  it("of a plain autoencoder are one: it has no rate", () => {
    const found = terms({ beta: null, diagonal: false, vision }, x, decoded, posterior([9, 9], [0, 0]));
    expect([found.rate, found.rates]).toEqual([null, null]);
    expect(found.loss).toBeCloseTo(lost, 5);
  });

  it("are not made up where something is missing", () => {
    const q = posterior([1, 0], [0.5, 1]);
    expect(terms({ beta: 1, diagonal: true, vision }, null, decoded, q).distortion).toBeNaN();
    expect(terms({ beta: 1, diagonal: true }, x, decoded, q).loss).toBeNaN();
    expect(terms({ beta: 1, diagonal: false, vision }, x, decoded, q).rate).toBeNaN(); // the widths do not tell a covariance
  });
});

it("measures what is restored: 20 dB is an error of a tenth", () => {
  expect(squaredError(Float32Array.of(0, 1), Float32Array.of(0.1, 0.9))).toBeCloseTo(0.01, 6);
  expect(decibels(0.01)).toBeCloseTo(20, 9);
  expect(decibels(0)).toBe(Infinity);
});

it("knows an image of black and white from a grey one", () => {
  expect([blackAndWhite(Float32Array.of(0, 1, 1)), blackAndWhite(Float32Array.of(0, 0.5, 1))]).toEqual([true, false]);
});
