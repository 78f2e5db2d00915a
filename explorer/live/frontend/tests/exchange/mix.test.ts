import { expect, it } from "vitest";
import { Exchange } from "../../src/exchange/exchange";
import { factorsOf, ValueMeans } from "../../src/exchange/lines";
import { blends, mix, orderByDifference, spanOf, spreadOf } from "../../src/exchange/mix";
import type { Entry, Shelf } from "../../src/directions/shelf";
import { standardNormal } from "../../src/latent/vectors";
import { model } from "../model";

const a = Float32Array.of(1, 2, 3, 4);
const b = Float32Array.of(-1, 0, 7, 4.5);

it("dimensions that are taken are exactly B's, and the others exactly A's", () => {
  const taken = spanOf(new Set([1, 2]), []);
  expect([...mix(a, b, taken)]).toEqual([1, 0, 7, 4]);
  expect([...mix(a, b, taken, 0)]).toEqual([...a]);
  expect([...mix(a, b, spanOf(new Set([0, 1, 2, 3]), []))]).toEqual([...b]);
  expect([...blends(a, b, taken, 3)]).toEqual([1, 2, 3, 4, 1, 1, 5, 4, 1, 0, 7, 4]);
});

it("what is taken along vectors is the projection of B − A on their span, whatever their order and length", () => {
  const u = Float64Array.of(1, 1, 0, 0);
  const v = Float64Array.of(0, 3, 3, 1);
  const mixed = mix(a, b, spanOf(new Set([3]), [u, v]));
  // at right angles to what is left
  const left = b.map((value, k) => value - mixed[k]);
  for (const vector of [u, v, Float64Array.of(0, 0, 0, 1)]) expect(vector.reduce((sum, value, k) => sum + value * left[k], 0)).toBeCloseTo(0, 5);
  const other = mix(a, b, spanOf(new Set([3]), [v.map((value) => -2 * value), u]));
  mixed.forEach((value, k) => expect(other[k]).toBeCloseTo(value, 5));
  // a vector within the dimensions adds nothing
  expect(spanOf(new Set([0, 1]), [u]).basis).toHaveLength(0);
  expect(spanOf(new Set(), [u, u.map((value) => 5 * value)]).basis).toHaveLength(1);
});

it("dimensions are ordered by their difference in standard deviations", () => {
  const [n, d] = [5000, 3];
  const codes = standardNormal(n * d, 1).map((value, i) => value * [1, 4, 0][i % d] + [0, 7, 2][i % d]);
  const { mean, deviation } = spreadOf(codes, d);
  expect(mean[1]).toBeCloseTo(7, 0);
  expect(deviation[0]).toBeCloseTo(1, 1);
  expect(deviation[1]).toBeCloseTo(4, 0);
  const order = orderByDifference(Float32Array.of(0, 0, 0), Float32Array.of(2, 4, 9), deviation);
  expect(order.map(({ k }) => k)).toEqual([0, 1, 2]);
  expect(order[0].far).toBeCloseTo(2, 1);
  expect(order[2].far).toBe(0); // a constant dimension tells nothing
});

it("lines lead between the mean codes of two values, and nowhere between equal ones", () => {
  const codes = Float32Array.of(0, 0, 2, 4, 10, 10, 12, 20);
  const means = new ValueMeans(codes, 2, [0, 0, 1, 1]);
  expect([...means.line(0, 3)!]).toEqual([10, 13]);
  expect([...means.line(2, 1)!]).toEqual([-10, -13]);
  expect(means.line(2, 3)).toBeNull();
});

const shelf = (kept: object[] = []) => ({ kept, entries: kept.map((one) => ({ kept: one, found: null }) as Entry) }) as unknown as Shelf;
const wide = { ...model, latentSize: 4, count: 50 };

it("its state is read as it was written, without what the model does not have", () => {
  const kept = [{ name: "smile" }, { name: "hair" }];
  const state = { pair: [3, 9], taken: ["z2", "z4", "direction:1"], blend: 0.25, gridA: [3, 5], gridB: [9, 7] };
  const exchange = new Exchange(wide, shelf(kept), state);
  expect(exchange.state()).toEqual(state);
  expect(exchange.fresh).toBe(false);
  const odd = new Exchange(wide, shelf(), { pair: [3, 9], taken: ["z5", "z1", "class", "direction:1", "means:0"] });
  expect(odd.state()).toEqual({ pair: [3, 9], taken: ["z1"] });
  expect(new Exchange(wide, shelf(), { pair: [3, 50] }).state()).toEqual({});
  const named = { ...wide, classes: 10, columns: [{ key: "rate", label: "rate" }, { key: "labels", label: "class", names: ["a", "b"] }] };
  expect(new Exchange(named, shelf(), { pair: [0, 1], taken: ["class", "means:1", "means:0"] }).state()).toEqual({ pair: [0, 1], taken: ["class", "means:1"] });
});

it("images of a grid are different ones, and follow the pair", () => {
  const exchange = new Exchange(wide, shelf(), { pair: [3, 9] });
  exchange.openGrid();
  expect(exchange.grid!.a[0]).toBe(3);
  expect(exchange.grid!.b[0]).toBe(9);
  expect(new Set([...exchange.grid!.a, ...exchange.grid!.b]).size).toBe(8);
  exchange.put(1, 40);
  expect(exchange.grid!.b[0]).toBe(40);
  exchange.swap();
  expect(exchange.pair).toEqual([40, 3]);
  expect(exchange.grid!.a[0]).toBe(40);
});

it("factors are what can be exchanged; without any, the class, unless the model is given it", () => {
  const labels = { key: "labels", label: "class", names: ["a", "b"] };
  const hair = { key: "factor:hair", label: "hair", names: ["bun", "none"] };
  const known = { factor: "hair", dimensions: [1, 2], exact: 0.5 };
  expect(factorsOf({ ...wide, columns: [labels, hair], factors: [known] })).toEqual([{ column: hair, known }]);
  expect(factorsOf({ ...wide, columns: [labels] })).toEqual([{ column: labels, known: null }]);
  expect(factorsOf({ ...wide, columns: [labels], classes: 2 })).toEqual([]);
});
