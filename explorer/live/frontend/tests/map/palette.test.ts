import { describe, expect, it } from "vitest";
import { CLASS_COLOURS, classColours, css, luminance } from "../../src/map/palette";
import { parseColour, ramp, rampSpan, standOut, type Rgb } from "../../src/map/palette";

const contrast = (a: Rgb, b: Rgb): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** Machado, Oliveira & Fernandes 2009, severity 1, applied to linear RGB. */
const SIGHT: Record<string, readonly number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const times3 = (m: readonly number[], v: readonly number[]): number[] =>
  [0, 3, 6].map((r) => m[r]! * v[0]! + m[r + 1]! * v[1]! + m[r + 2]! * v[2]!);

/** OKLab of a colour as seen with one kind of sight (Ottosson 2020). */
function seen(colour: Rgb, sight: readonly number[]): number[] {
  const linear = colour.map((c) => (c <= 10.31475 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const light = times3(sight, linear).map((c) => Math.max(0, Math.min(1, c)));
  const lms = times3(
    [
      0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376,
      0.6299787005,
    ],
    light,
  ).map(Math.cbrt);
  return times3(
    [
      0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662,
      -0.808675766,
    ],
    lms,
  );
}

describe("class colours", () => {
  const colours = CLASS_COLOURS.map(parseColour);

  it("stand out from white and from near-black", () => {
    expect(colours).toHaveLength(10);
    for (const c of colours) {
      expect(contrast(c, [255, 255, 255])).toBeGreaterThan(2.15);
      expect(contrast(c, [14, 17, 23])).toBeGreaterThan(3.4);
    }
  });

  for (const [name, sight] of Object.entries(SIGHT)) {
    it(`differ from each other with ${name} sight`, () => {
      // For scale: two neighbours of the ramp's 32 steps differ by 0.03, black and white by 1.
      const labs = colours.map((c) => seen(c, sight));
      for (let a = 0; a < labs.length; a++) {
        for (let b = 0; b < a; b++) {
          const distance = Math.hypot(...[0, 1, 2].map((k) => labs[a]![k]! - labs[b]![k]!));
          expect(distance, `${CLASS_COLOURS[a]} and ${CLASS_COLOURS[b]}`).toBeGreaterThan(name === "normal" ? 0.17 : 0.085);
        }
      }
    });
  }

  it("go on beyond ten without repeating", () => {
    const many = classColours(62);
    expect(many.slice(0, 10)).toEqual([...CLASS_COLOURS]);
    expect(new Set(many).size).toBe(62);
    for (const c of many) expect(c).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe("standOut", () => {
  it("leaves what shows already, and lifts what the background hides", () => {
    const [white, dark]: Rgb[] = [[255, 255, 255], [14, 17, 23]];
    for (const background of [white!, dark!]) {
      for (const c of CLASS_COLOURS.map(parseColour)) expect(standOut(c, background)).toEqual(c);
      for (const c of [[232, 233, 230], [44, 27, 24]] as const) expect(contrast(standOut(c, background), background)).toBeGreaterThan(1.45);
    }
  });
});

describe("ramp", () => {
  it("passes through the published ten-step viridis", () => {
    const dark = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e"];
    const light = ["#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];
    [...dark, ...light].forEach((text, k) => {
      const expected = parseColour(text);
      ramp(k / 9).forEach((c, channel) => expect(Math.abs(c - expected[channel]!)).toBeLessThan(7));
    });
  });

  it("only gets lighter, in even steps, for everybody", () => {
    for (const sight of Object.values(SIGHT)) {
      const light = Array.from({ length: 33 }, (_, k) => seen(ramp(k / 32), sight)[0]!);
      for (let k = 1; k < light.length; k++) expect(light[k]! - light[k - 1]!).toBeGreaterThan(0);
    }
  });

  it("clamps, and keeps off the end that the background hides", () => {
    expect(ramp(-1)).toEqual(ramp(0));
    expect(ramp(2)).toEqual(ramp(1));
    for (const background of [[255, 255, 255], [14, 17, 23]] as const) {
      const [low, high] = rampSpan(background);
      expect(contrast(ramp(low), background)).toBeGreaterThan(1.45);
      expect(contrast(ramp(high), background)).toBeGreaterThan(1.45);
    }
  });
});

describe("parseColour", () => {
  it("reads hex and rgb()", () => {
    expect(parseColour("#fff")).toEqual([255, 255, 255]);
    expect(parseColour("#0e1117")).toEqual([14, 17, 23]);
    expect(parseColour("#0E1117cc")).toEqual([14, 17, 23]);
    expect(parseColour("rgb(1, 20, 255)")).toEqual([1, 20, 255]);
    expect(parseColour("rgba(1 20 255 / 0.5)")).toEqual([1, 20, 255]);
    expect(parseColour(css([1.2, 20, 254.9]))).toEqual([1, 20, 255]);
  });

  it("makes mid-grey of what nobody can read", () => {
    expect(parseColour("#12345")).toEqual([128, 128, 128]);
    expect(parseColour("no colour")).toEqual([128, 128, 128]);
  });

  it("has the luminance of the standard", () => {
    expect(luminance([255, 255, 255])).toBeCloseTo(1, 12);
    expect(luminance([0, 0, 0])).toBe(0);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2); // a published WCAG example
  });
});
