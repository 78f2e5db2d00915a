/**
 * A point of the closed smooth curve through keyframes, each `size` numbers: Catmull and Rom's cubic between the two
 * keyframes around `at`, which counts keyframes and may be any number. At a whole number it is that keyframe.
 */
export function along(keyframes: Float32Array, size: number, at: number, out: Float32Array): Float32Array {
  const count = keyframes.length / size;
  const whole = Math.floor(at);
  const t = at - whole;
  const frame = (k: number) => ((((whole + k) % count) + count) % count) * size;
  const [a, b, c, d] = [frame(-1), frame(0), frame(1), frame(2)];
  const weights = [
    t * (t * (2 - t) - 1) / 2,
    (t * t * (3 * t - 5) + 2) / 2,
    t * (t * (4 - 3 * t) + 1) / 2,
    t * t * (t - 1) / 2,
  ];
  for (let i = 0; i < size; i++)
    out[i] =
      weights[0] * keyframes[a + i] + weights[1] * keyframes[b + i] + weights[2] * keyframes[c + i] + weights[3] * keyframes[d + i];
  return out;
}
