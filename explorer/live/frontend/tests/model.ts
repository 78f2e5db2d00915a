import type { Engine } from "../src/engine/engine";
import type { Model } from "../src/schema";
import { Library } from "../src/page/library";
import { LiveModel } from "../src/page/live-model";

/** A model of two dimensions and three test images of 2 × 2 pixels. */
export const model: Model = {
  name: "m",
  base: "checkpoints/m/1/",
  latentSize: 2,
  imageShape: [1, 2, 2],
  body: "mlp",
  count: 3,
  beta: 1,
  diagonal: true,
  rate: [1, 2],
  variance: [1, 0],
  labelNames: [],
  columns: [],
  projections: [],
};

/** That model with a decoder of the test's own. */
export function liveModel(model: Model, decode: Engine["decode"]): LiveModel {
  const engine = { decode, dispose: () => undefined };
  const fields = { model, engine, library: new Library(model, "/"), notice: () => undefined, dispose: () => undefined };
  return Object.assign(Object.create(LiveModel.prototype), fields) as LiveModel;
}
