import { css, type Rgb } from "../map/palette";
import { h, swatch } from "../ui/dom";

/** End of the colour scale, in multiples of the codes' reach. */
export const FAR = 2.5;

// Blue to amber to vermilion: distinct with every kind of colour vision, visible on white and near-black.
const STOPS: readonly (readonly [number, Rgb])[] = [
  [0, [38, 132, 214]],
  [1, [96, 166, 200]],
  [1.6, [240, 160, 40]],
  [FAR, [222, 52, 24]],
];

/** Colour of a distance to the nearest code, in multiples of the codes' reach. */
export const supportColour = (distance: number): string => css(supportRgb(distance));

export function supportRgb(distance: number): Rgb {
  if (!Number.isFinite(distance)) return [128, 128, 128];
  const last = STOPS.length - 1;
  let k = 0;
  while (k < last - 1 && distance > STOPS[k + 1][0]) k++;
  const [[from, a], [to, b]] = [STOPS[k], STOPS[k + 1]];
  const t = Math.max(0, Math.min(1, (distance - from) / (to - from)));
  return [0, 1, 2].map((c) => a[c] + (b[c] - a[c]) * t) as unknown as Rgb;
}

/** Legend of these colours, 0 to FAR. */
export function supportScale(before = ""): HTMLElement {
  const gradient = `linear-gradient(90deg, ${STOPS.map(([at, colour]) => `${css(colour)} ${(100 * at) / FAR}%`).join(", ")})`;
  return h("span", { className: "support-scale" }, `${before}among the codes `, swatch(gradient), " in a hole");
}
