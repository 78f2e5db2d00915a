import { quantile } from "../latent/dimensions";
import { squaredDistance } from "../latent/vectors";

/** Codes whose nearest other one is looked for: a sample of this size fixes a median well enough for a colour. */
const MOST = 300;
/** Share of codes that count as near to others. */
const INSIDE = 0.95;

/**
 * How far codes (N, d) lie apart: the typical distance to the nearest other one, and the multiple of it within which
 * most have one. As `explorer.live.samples_payload.support_bytes` has it, over a sample of the codes.
 */
export function apart(codes: Float32Array, d: number): { unit: number; reach: number } {
  const count = codes.length / d;
  const code = (i: number) => codes.subarray(i * d, (i + 1) * d);
  const step = Math.max(1, Math.ceil(count / MOST));
  const distances: number[] = [];
  for (let i = 0; i < count; i += step) {
    let least = Infinity;
    for (let j = 0; j < count; j++) if (j !== i) least = Math.min(least, squaredDistance(code(i), code(j)));
    distances.push(Math.sqrt(least));
  }
  distances.sort((a, b) => a - b);
  const unit = quantile(distances.filter((distance) => distance > 0), 0.5) || 1;
  return { unit, reach: Math.max(quantile(distances, INSIDE) / unit, 1) };
}
