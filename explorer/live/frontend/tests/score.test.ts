import { describe, expect, it } from "vitest";
import { nearestRow, nearestRows } from "../src/latent/nearest";
import { distortion, draw, rate, shareBelow } from "../src/latent/score";
import { judge } from "../src/latent/verdict";

const x = Float32Array.of(0, 0.25, 1, 0.6);
const mean = Float32Array.of(0.1, 0.3, 0.9, 0.5);

describe("distortion", () => {
  it("is the cross entropy of Bernoulli pixels", () => {
    const by = -(Math.log(0.9) + 0.25 * Math.log(0.3) + 0.75 * Math.log(0.7) + Math.log(0.9) + 0.6 * Math.log(0.5) + 0.4 * Math.log(0.5));
    expect(distortion(x, mean, { likelihood: "bernoulli", variance: 1 })).toBeCloseTo(by, 5);
  });

  it("is finite where a decoder is certain and wrong", () => {
    expect(distortion(Float32Array.of(1), Float32Array.of(0), { likelihood: "bernoulli", variance: 1 })).toBeGreaterThan(16);
  });

  it("is the squared error of Gaussian pixels of variance one half, plus a constant", () => {
    const squares = 0.01 + 0.0025 + 0.01 + 0.01;
    expect(distortion(x, mean, { likelihood: "gaussian", variance: 0.5 })).toBeCloseTo(squares + 2 * Math.log(Math.PI), 5);
  });

  it("integrates to one for continuous Bernoulli pixels, and has their mean", () => {
    for (const m of [0.03, 0.2, 0.4999, 0.5, 0.7, 0.99]) {
      const steps = 20_000;
      let [mass, first] = [0, 0];
      for (let i = 0; i < steps; i++) {
        const value = (i + 0.5) / steps;
        const density = Math.exp(-distortion(Float32Array.of(value), Float32Array.of(m), { likelihood: "continuous-bernoulli", variance: 1 }));
        mass += density / steps;
        first += (value * density) / steps;
      }
      expect(mass).toBeCloseTo(1, 3);
      expect(first).toBeCloseTo(m, 3);
    }
  });
});

describe("rate", () => {
  it("is zero for the prior, and that of its parts otherwise", () => {
    expect(rate(Float32Array.of(0, 0), Float32Array.of(1, 1))).toBeCloseTo(0);
    expect(rate(Float32Array.of(2, 0), Float32Array.of(1, 0.5))).toBeCloseTo(2 + (0.25 - 1) / 2 - Math.log(0.5), 5);
  });

  it("of a full covariance counts its correlation", () => {
    const r = 0.8; // covariance [[1, r], [r, 1]]: mutual information −½ log(1 − r²)
    const tril = Float32Array.of(1, 0, r, Math.sqrt(1 - r * r));
    expect(rate(Float32Array.of(0, 0), Float32Array.of(1, 1), tril)).toBeCloseTo(-0.5 * Math.log(1 - r * r), 5);
  });
});

it("draws μ + σ·ε, or μ + L·ε", () => {
  const [mu, epsilon] = [Float32Array.of(1, 2), Float32Array.of(1, -1)];
  expect([...draw(mu, Float32Array.of(0.5, 0.25), null, epsilon)]).toEqual([1.5, 1.75]);
  expect([...draw(mu, Float32Array.of(2, 5), Float32Array.of(2, 0, 3, 4), epsilon)]).toEqual([3, 1]);
});

it("tells which share of the test images lies below a value", () => {
  const values = Float32Array.of(1, 2, 2, 5);
  expect([0, 1, 2, 3, 9].map((v) => shareBelow(values, v))).toEqual([0, 0, 0.25, 0.75, 1]);
  expect(shareBelow(new Float32Array(0), 1)).toBeNaN();
});

it("judges by whichever is further out, and by distortion alone where there is no rate", () => {
  expect([judge(0.5, 0.2), judge(0.96, 0.2), judge(0.3, 0.97), judge(0.3, 1), judge(0.9995, NaN), judge(0.1, NaN)]).toEqual([
    "familiar", "unusual", "unusual", "unknown", "unknown", "familiar",
  ]);
});

it("finds the nearest rows in order", () => {
  const codes = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i));
  const z = Float32Array.of(0.1, 0.2, -0.3);
  const far = (row: number) => Math.hypot(...z.map((v, k) => v - codes[3 * row + k]));
  const all = Array.from({ length: 20 }, (_, row) => row).sort((a, b) => far(a) - far(b));
  expect(nearestRows(codes, z, 6)).toEqual(all.slice(0, 6));
  expect(nearestRows(codes, z, 99)).toEqual(all);
  expect(nearestRow(codes, z)[0]).toBe(all[0]);
});
