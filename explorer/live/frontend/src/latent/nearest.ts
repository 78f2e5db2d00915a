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

/** The `count` rows of `codes` (N, d) nearest to `z` (d), the nearest first. */
export function nearestRows(codes: Float32Array, z: Float32Array, count: number): number[] {
  const d = z.length;
  const found: { row: number; square: number }[] = [];
  let worst = Infinity;
  for (let row = 0, at = 0; at < codes.length; row++, at += d) {
    let square = 0;
    for (let k = 0; k < d && square < worst; k++) square += (codes[at + k] - z[k]) ** 2;
    if (square >= worst) continue;
    let place = found.length;
    while (place > 0 && found[place - 1].square > square) place--;
    found.splice(place, 0, { row, square });
    if (found.length > count) found.pop();
    if (found.length === count) worst = found[count - 1].square;
  }
  return found.map(({ row }) => row);
}
