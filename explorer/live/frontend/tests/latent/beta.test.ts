import { describe, expect, it } from "vitest";
import { BetaCodes, fromHalves } from "../../src/latent/beta-codes";
import { atBeta, betaWithin, carriedAtAll, placeOf } from "../../src/latent/beta-range";
import { Plane } from "../../src/latent/plane";
import { apart } from "../../src/samples/apart";
import type { BetaRange, Model } from "../../src/schema";

const range: BetaRange = {
  betas: [0.5, 2, 8],
  rate: [[3, 1], [2, 0.5], [1, 0]],
  variance: [[0.9, 0.5], [0.8, 0.25], [0.5, 0]],
  distortion: [10, 20, 40],
  error: 0.01,
};
const model = { beta: 2, betaRange: range, rate: [2, 0.5], variance: [0.8, 0.25] } as unknown as Model;

describe("a model of a range of β", () => {
  it("is what was measured at its β, and lies on monotone cubics in log β between them", () => {
    expect(placeOf(range, 1)).toEqual({ low: 0, part: 0.5 });
    expect(placeOf(range, 8)).toEqual({ low: 1, part: 1 });
    expect(placeOf(range, 100).part).toBe(1);
    range.betas.forEach((beta, i) => {
      const { rate, totalRate, distortion, variance } = atBeta(range, beta);
      expect(rate).toEqual(range.rate[i]);
      expect(totalRate).toBe(rate[0] + rate[1]);
      expect(distortion).toBe(range.distortion[i]);
      expect(variance).toEqual(range.variance[i]);
    });
    // of scipy.interpolate.PchipInterpolator(range(5), [1, 2, 5, 12, 11])
    const scipy = { 1.25: 2.4828125, 1.5: 3.1625, 1.9: 4.5893, 2.5: 9.025 };
    const five: BetaRange = { betas: [1, 2, 4, 8, 16], rate: Array(5).fill([0]), variance: Array(5).fill([0]), distortion: [1, 2, 5, 12, 11], error: 0 };
    for (const [octave, value] of Object.entries(scipy)) expect(atBeta(five, 2 ** Number(octave)).distortion).toBeCloseTo(value, 10);
  });

  it("takes β from a link only within its range", () => {
    expect([undefined, NaN, 0, 0.1, 3, 99].map((beta) => betaWithin(model, beta))).toEqual([2, 2, 2, 0.5, 3, 8]);
  });

  it("has the dimensions that its smallest β uses", () => {
    expect(carriedAtAll(model).variance).toEqual([0.9, 0.5]);
    expect(carriedAtAll({ rate: null, variance: [1] })).toEqual({ rate: null, variance: [1] });
  });
});

describe("codes at several β", () => {
  // two images, two dimensions
  const codes = new BetaCodes(range, Float32Array.from([0, 0, 4, 4, /**/ 2, 2, 0, 4, /**/ 2, 0, 0, 0]), 2);

  it("lie on the line between those of the neighbouring β", () => {
    expect([...codes.at(2)]).toEqual([2, 2, 0, 4]);
    expect([...codes.at(1)]).toEqual([1, 1, 2, 4]);
    expect([...codes.row(4, 1)]).toEqual([0, 2]);
  });

  it("are on the map where a plane puts them", () => {
    const plane = Plane.of({ key: "", label: "", axes: ["", ""], mean: [1, 0], components: [0, 1, 1, 0] })!;
    const [x, y] = codes.places(plane).xy(1);
    const [wantedX, wantedY] = plane.dropAll(codes.at(1), 2);
    expect([...x]).toEqual([...wantedX]);
    expect([...y]).toEqual([...wantedY]);
  });
});

it("reads half precision: zero, the smallest, one, a third, the largest, and negative numbers", () => {
  const bits = Uint16Array.from([0x0000, 0x0001, 0x3c00, 0x3555, 0x7bff, 0xc000, 0x7c00]);
  expect([...fromHalves(bits.buffer)]).toEqual([0, 2 ** -24, 1, 0.333251953125, 65504, -2, Infinity]);
});

it("measures how far codes lie apart", () => {
  // on a line, 0 1 2 ... 9, and one far off
  const codes = Float32Array.from([...Array(10).keys(), 109]);
  const { unit, reach } = apart(codes, 1);
  expect(unit).toBe(1);
  expect(reach).toBeCloseTo(50.5); // halfway from the tenth to the eleventh of the sorted distances
});
