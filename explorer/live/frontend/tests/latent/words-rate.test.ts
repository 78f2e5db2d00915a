import { expect, it } from "vitest";
import { placesOf, rateTitle } from "../../src/latent/words-rate";

it("a model of discrete codes stands at its rate under uniform words and, where it has one, under its learned prior", () => {
  const model = { title: "VQ", rate: 237.74, learned: 142.2, distortion: 29.6 };
  const places = placesOf(model);
  expect(places).toEqual([[237.74, 29.6], [142.2, 29.6]]);
  expect(places.map((place, i) => rateTitle(model, place, i > 0))).toEqual(["VQ: 237.7 nats, distortion 29.6", "VQ: 142.2 nats under its learned prior, distortion 29.6"]);
  const { learned: _, ...without } = model;
  for (const other of [without, { ...model, learned: null } as unknown as typeof model]) expect(placesOf(other)).toEqual([[237.74, 29.6]]);
});
