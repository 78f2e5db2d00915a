import type { Engine } from "../engine/engine";
import { eigenSteps } from "../latent/symmetric";
import { spreadRows } from "../latent/rows";
import type { Components } from "./components";
import type { Slices } from "./slices";

/** Test images over which the decoder's directions are a mean. */
const CODES = 16;

/**
 * The leading right singular vectors of the decoder's Jacobian, at one code z (d) or on average over codes (N, d), and
 * how far the image moves per unit along each; as explorer/latents/decoder_axes.py finds them.
 */
export async function decoderAxes(
  engine: Engine,
  channel: string,
  at: Float32Array,
  d: number,
  count: number,
  slices: Slices,
  progress: (done: number, of: number) => void,
): Promise<Components> {
  const rows = spreadRows(0, CODES, at.length / d);
  const codes = new Float32Array(rows.length * d);
  rows.forEach((row, i) => codes.set(at.subarray(row * d, (row + 1) * d), i * d));
  await engine.open();
  progress(0, rows.length);
  const metric = await new Promise<Float64Array>((resolve) =>
    engine.metric(channel, codes, rows.length, (sum, done) => {
      progress(done, rows.length);
      if (done === rows.length) resolve(sum);
    }),
  );
  const { values, vectors } = await slices.run(eigenSteps(metric, d));
  return { vectors: vectors.slice(0, count), strengths: Array.from(values.slice(0, count), (value) => Math.sqrt(Math.max(value, 0))) };
}
