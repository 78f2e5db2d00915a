import { describe, expect, it } from "vitest";
import { Spectrum } from "../../src/latent/spectrum";
import { distortionAt, keptOf, levelAt, liveAt, rateAt, rateOf } from "../../src/latent/water-filling";
import stored from "./water.json";

// what `tests/metrics/test_water_filling.py` computes by the code of the server
const bytes = Uint8Array.from(atob(stored.bytes), (c) => c.charCodeAt(0)).buffer;
const spectrum = new Spectrum(bytes, stored.image.length);
const { eigenvalues } = spectrum;

it("reads what the server writes", () => {
  expect([spectrum.size, spectrum.pixels, spectrum.images, eigenvalues.length]).toEqual([4, 6, 77, 6]);
  expect(spectrum.rest).toBeCloseTo(0.5, 5);
  for (let i = 0; i < 4; i++)
    for (let k = 0; k <= i; k++) {
      const [u, v] = [i, k].map((n) => spectrum.components.subarray(6 * n, 6 * n + 6));
      expect(u.reduce((sum, value, p) => sum + value * v[p], 0)).toBeCloseTo(i === k ? 1 : 0, 1);
    }
});

describe.each(stored.levels)("at level $level", ({ level, live, rates, kept, distortion, restored }) => {
  it("has the live directions, rates, shares and error of the server", () => {
    expect(liveAt(eigenvalues, level)).toBe(live);
    eigenvalues.forEach((lambda, i) => {
      expect(rateOf(lambda, level)).toBeCloseTo(rates[i], 6);
      expect(keptOf(lambda, level)).toBeCloseTo(kept[i], 6);
    });
    expect(rateAt(eigenvalues, level)).toBeCloseTo(rates.reduce((sum, nats) => sum + nats), 5);
    expect(distortionAt(eigenvalues, level)).toBeCloseTo(distortion, 5);
    expect(spectrum.distortion(level)).toBeCloseTo(distortion + 0.5, 5);
  });

  it("restores an image as the server does", () => {
    const out = new Float32Array(6);
    spectrum.restore(spectrum.coordinates(stored.image), level, out);
    out.forEach((value, p) => expect(value).toBeCloseTo(restored[p], 5));
  });
});

it.each(stored.curve as [number, number, number][])("inverts a squared error of %f", (distortion, level, rate) => {
  expect(levelAt(eigenvalues, distortion)).toBeCloseTo(level, 5);
  expect(rateAt(eigenvalues, levelAt(eigenvalues, distortion))).toBeCloseTo(rate, 5);
});

it("knows where a squared error is out of reach", () => {
  expect(levelAt(eigenvalues, 100)).toBe(Infinity);
  expect(levelAt(eigenvalues, 0)).toBeNaN();
});

it("begins where some live and some do not, and ends where none does", () => {
  const [lowest, highest] = spectrum.levels;
  expect([liveAt(eigenvalues, lowest), liveAt(eigenvalues, spectrum.begin), liveAt(eigenvalues, highest)]).toEqual([3, 1, 0]);
});
