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

export const supportRgb = (distance: number): Rgb => between(STOPS, distance);

function between(stops: typeof STOPS, distance: number): Rgb {
  if (!Number.isFinite(distance)) return [128, 128, 128];
  const last = stops.length - 1;
  let k = 0;
  while (k < last - 1 && distance > stops[k + 1][0]) k++;
  const [[from, a], [to, b]] = [stops[k], stops[k + 1]];
  const t = Math.max(0, Math.min(1, (distance - from) / (to - from)));
  return [0, 1, 2].map((c) => a[c] + (b[c] - a[c]) * t) as unknown as Rgb;
}

/** Beyond 1, where 95 % of real test images lie, an image is in a hole: the colour says so at once. */
const HOLE_STOPS: readonly (readonly [number, Rgb])[] = [
  [0, STOPS[0][1]],
  [0.9, STOPS[1][1]],
  [1.05, STOPS[2][1]],
  [1.4, STOPS[3][1]],
];

/** Colour of an image's distance to the nearest real one. */
export const holeColour = (distance: number): string => css(between(HOLE_STOPS, distance));

/** Legend of where codes lie, 0 to FAR. */
export const supportScale = (before = ""): HTMLElement => scale(STOPS, `${before}near the codes `, " far from all of them");

/** Legend of what images look like. */
export const holeScale = (before = ""): HTMLElement => scale(HOLE_STOPS, `${before}near a real image `, " in a hole");

function scale(stops: typeof STOPS, before: string, after: string): HTMLElement {
  const far = stops[stops.length - 1][0];
  const gradient = `linear-gradient(90deg, ${stops.map(([at, colour]) => `${css(colour)} ${(100 * at) / far}%`).join(", ")})`;
  return h("span", { className: "support-scale" }, before, swatch(gradient), after);
}
