/** `count` of n rows from number `start` on, spread far apart, as stored images may be sorted. */
export function spreadRows(start: number, count: number, n: number): number[] {
  let stride = Math.max(1, Math.floor(0.618 * n));
  while (gcd(stride, n) > 1) stride--;
  return Array.from({ length: Math.min(count, n) }, (_, i) => ((start + i) * stride) % n);
}

const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);
