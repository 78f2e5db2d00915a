/** Colours for classes and for values, and what it takes to read a CSS colour. */

export type Rgb = readonly [number, number, number];

/**
 * Ten colours found by search: the smallest perceptual distance (OKLab) between any two is as large as it gets while
 * all keep their contrast on white and on near-black. With normal colour vision it is at least twice the distance that
 * remains with each of the three kinds of colour blindness (Machado et al. 2009). The order puts the most different
 * first, and keeps digits that resemble each other apart: 2 and 6, or 3, 5 and 8.
 */
export const CLASS_COLOURS: readonly string[] = [
  "#2057ff",
  "#d18800",
  "#1c7c16",
  "#fc3eca",
  "#e5102f",
  "#1cc174",
  "#9b3dc5",
  "#858cff",
  "#7c7678",
  "#e09abd",
];

/** Viridis (van der Walt & Smith 2015) at eleven even steps: even in lightness, readable by colour-blind people. */
const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

/** Colour of a value: t in [0, 1] along the ramp. Outside it is clamped. */
export function ramp(t: number): Rgb {
  const at = Math.max(0, Math.min(1, t)) * (VIRIDIS.length - 1);
  const k = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const a = VIRIDIS[k]!;
  const b = VIRIDIS[k + 1]!;
  const u = at - k;
  return [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u];
}

/** `count` class colours: the ten, then further hues a golden angle apart at three lightnesses. */
export function classColours(count: number): string[] {
  return Array.from({ length: count }, (_, k) => {
    const known = CLASS_COLOURS[k];
    if (known !== undefined) return known;
    const hue = (k * 137.508) % 360;
    return hslToHex(hue, 0.55, [0.48, 0.6, 0.4][k % 3]!);
  });
}

function hslToHex(hue: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

export const css = (c: Rgb, alpha = 1): string =>
  `rgba(${Math.round(c[0])}, ${Math.round(c[1])}, ${Math.round(c[2])}, ${alpha})`;

const cache = new Map<string, Rgb>();

/** Red, green and blue (0 to 255) of any CSS colour; what cannot be read is mid-grey. */
export function parseColour(text: string): Rgb {
  const known = cache.get(text);
  if (known) return known;
  const rgb = fromHex(text) ?? fromFunction(text) ?? fromCanvas(text) ?? [128, 128, 128];
  cache.set(text, rgb);
  return rgb;
}

function fromHex(text: string): Rgb | null {
  const match = /^#([0-9a-f]{3,8})$/i.exec(text.trim());
  const digits = match?.[1];
  if (!digits || digits.length === 5 || digits.length === 7) return null;
  const wide = digits.length >= 6;
  const part = (k: number): number =>
    wide ? parseInt(digits.slice(2 * k, 2 * k + 2), 16) : parseInt(digits[k]!.repeat(2), 16);
  return [part(0), part(1), part(2)];
}

function fromFunction(text: string): Rgb | null {
  const match = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** Let the browser read names, hsl(), oklch() and what else it knows. */
function fromCanvas(text: string): Rgb | null {
  if (typeof CSS === "undefined" || !CSS.supports("color", text)) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext("2d");
  if (!ctx) return null;
  ctx.fillStyle = text;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b] = ctx.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!];
}

/** Relative luminance (WCAG), 0 black to 1 white. */
export function luminance(c: Rgb): number {
  const linear = (v: number): number => (v <= 10.31475 ? v / 255 / 12.92 : Math.pow((v / 255 + 0.055) / 1.055, 2.4));
  return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
}

/** Least contrast of a point with the background. */
const LEAST_CONTRAST = 1.45;

/** The colour, mixed with grey as far as it takes to show on a background: black hair on a dark page, white clothes on a light one. */
export function standOut(colour: Rgb, background: Rgb): Rgb {
  const ground = luminance(background);
  const contrast = (c: Rgb) => (Math.max(luminance(c), ground) + 0.05) / (Math.min(luminance(c), ground) + 0.05);
  let mixed = colour;
  for (let share = 0.1; share < 1 && contrast(mixed) < LEAST_CONTRAST; share += 0.1)
    mixed = [0, 1, 2].map((k) => colour[k]! + share * (128 - colour[k]!)) as unknown as Rgb;
  return mixed;
}

/** The part of the ramp that stays visible on a background: dark purple sinks into black, yellow into white. */
export function rampSpan(background: Rgb): readonly [number, number] {
  return luminance(background) < 0.2 ? [0.18, 1] : [0, 0.9];
}
