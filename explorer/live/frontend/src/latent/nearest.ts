/** The row of `codes` (N, d) nearest to `z` (d), and its Euclidean distance; [0, Infinity] if there are none. */
export function nearestRow(codes: Float32Array, z: Float32Array): [row: number, distance: number] {
  const d = z.length;
  let best = Infinity;
  let row = 0;
  for (let i = 0, at = 0; at < codes.length; i++, at += d) {
    let sum = 0;
    for (let k = 0; k < d && sum < best; k++) {
      const difference = codes[at + k] - z[k];
      sum += difference * difference;
    }
    if (sum < best) [best, row] = [sum, i];
  }
  return [row, Math.sqrt(best)];
}
