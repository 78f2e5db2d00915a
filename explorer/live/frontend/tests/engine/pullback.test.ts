import { expect, it } from "vitest";
import { Pullback } from "../../src/engine/pullback";
import { standardNormal } from "../../src/latent/vectors";

const [d, pixels] = [6, 10];
const matrix = standardNormal(pixels * d, 3);

/** tanh of a linear map. */
async function values(z: Float32Array, count: number): Promise<Float32Array> {
  const out = new Float32Array(count * pixels);
  for (let i = 0; i < count; i++) for (let p = 0; p < pixels; p++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += matrix[p * d + k] * z[i * d + k];
    out[i * pixels + p] = Math.tanh(sum);
  }
  return out;
}

it("the metric is the mean of JᵀJ, which is known for a layer of tanh", async () => {
  const codes = standardNormal(3 * d, 8).map((z) => z / 4);
  const job = new Pullback(codes, 3);
  let steps = 1;
  while (!(await job.advance({ values }))) steps++;
  expect(steps).toBe(6); // two parts for each code
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) {
    let wanted = 0;
    for (let n = 0; n < 3; n++) for (let p = 0; p < pixels; p++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += matrix[p * d + k] * codes[n * d + k];
      wanted += ((1 - Math.tanh(sum) ** 2) ** 2 * matrix[p * d + i] * matrix[p * d + j]) / 3;
    }
    expect(job.metric[i * d + j]).toBeCloseTo(wanted, 2);
  }
});
