/** Measurements of one bright shape on black from its pixels. */
export interface Measured {
  /** Centre of mass, from 0 to 1 over the range of sprite centres. */
  x: number;
  y: number;
  /** Side of the square of the same area, in pixels. */
  size: number;
  /** Direction of the long axis in degrees, −90 to 90, y up; NaN for a shape without one. */
  angle: number;
}

const ROOM: [from: number, to: number] = [16, 48];
/** Minimum sum of brightness of a measurable shape. */
const DARK = 4;
const ROUND = 0.04;

/** Moments of the brightness of RGBA pixels (H, W, 4). */
export function measure(rgba: Uint8ClampedArray, width: number): Measured {
  let [mass, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let at = 0, i = 0; at < rgba.length; at += 4, i++) {
    const light = rgba[at] / 255;
    if (!light) continue;
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    mass += light;
    sx += light * x;
    sy += light * y;
    sxx += light * x * x;
    syy += light * y * y;
    sxy += light * x * y;
  }
  if (mass < DARK) return { x: NaN, y: NaN, size: Math.sqrt(mass), angle: NaN };
  const [cx, cy] = [sx / mass, sy / mass];
  const [xx, yy, xy] = [sxx / mass - cx * cx, syy / mass - cy * cy, -(sxy / mass - cx * cy)];
  const long = Math.hypot(xx - yy, 2 * xy) / (xx + yy);
  return {
    x: (cx - ROOM[0]) / (ROOM[1] - ROOM[0]),
    y: (cy - ROOM[0]) / (ROOM[1] - ROOM[0]),
    size: Math.sqrt(mass),
    angle: long > ROUND ? (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI) : NaN,
  };
}

/** Make directions continuous: opposite ones are equal, so steps are at most a quarter turn. */
export function unwound(angles: readonly number[]): number[] {
  let before = NaN;
  return angles.map((angle) => {
    if (!Number.isFinite(angle)) return NaN;
    if (Number.isFinite(before)) angle += 180 * Math.round((before - angle) / 180);
    return (before = angle);
  });
}
