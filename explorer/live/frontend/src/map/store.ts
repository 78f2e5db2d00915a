/** The points and everything known about them, in the order in which they are drawn. */
import { classColours, parseColour, ramp, rampSpan, standOut, type Rgb } from "./palette";
import { pack, permutation } from "./shuffle";
import { typicalDensity, viewExtent } from "./stats";
import type { Extent, Theme } from "./types";

const RAMP_STEPS = 256;

export class PointStore {
  count = 0;
  x: Float32Array = new Float32Array(0);
  y: Float32Array = new Float32Array(0);
  /** order[k] is the index of the point that is drawn k-th. */
  order: Uint32Array = new Uint32Array(0);
  /** Interleaved positions in drawing order, before and after a move. */
  from: Float32Array = new Float32Array(0);
  to: Float32Array = new Float32Array(0);
  /** Measured when it is asked for: points that a hand moves have another in every frame. */
  private measured: Extent | null = null;
  /** Colour slot of each point, by index and in drawing order. */
  slots = new Uint16Array(0);
  packedSlots = new Uint16Array(0);
  /** RGBA of each slot; alpha 0 hides it. */
  lut: Uint8Array = new Uint8Array([128, 128, 128, 255]);
  /** Visible points per square world unit where a typical point lies. */
  density = 0;
  names: readonly string[] = [];
  range: readonly [number, number] = [0, 0];
  label = "";
  kind: "plain" | "categories" | "values" = "plain";
  private colours: readonly Rgb[] = [];
  private shown: readonly boolean[] = [];

  setPoints(x: Float32Array, y: Float32Array): void {
    if (x.length !== y.length) throw new RangeError(`x has ${x.length} values and y has ${y.length}`);
    const changed = x.length !== this.count;
    this.count = x.length;
    this.x = x;
    this.y = y;
    if (changed) {
      this.order = permutation(x.length);
      this.kind = "plain";
      this.names = [];
      this.shown = [];
      this.slots = new Uint16Array(x.length);
      this.packedSlots = new Uint16Array(x.length);
    }
    this.from = this.to = pack(x, y, this.order);
    this.measured = null;
  }

  /** New positions for the same points. `reached` says how far an unfinished earlier move had come, 0 to 1. */
  movePoints(x: Float32Array, y: Float32Array, reached: number): void {
    if (x.length !== this.count || y.length !== this.count) {
      throw new RangeError(`a move needs ${this.count} points, got ${x.length} and ${y.length}`);
    }
    const { from, to } = this;
    this.from = reached >= 1 ? to : to.map((v, k) => from[k]! + (v - from[k]!) * reached);
    this.x = x;
    this.y = y;
    this.to = pack(x, y, this.order);
    this.measured = null;
  }

  setCategories(values: ArrayLike<number>, names: readonly string[], palette?: readonly string[]): void {
    this.checkCount(values.length);
    const standard = classColours(names.length);
    this.kind = "categories";
    this.names = names;
    this.colours = names.map((_, k) => parseColour(palette?.[k] ?? standard[k]!));
    this.shown = [];
    const last = names.length; // the slot of values without a name
    this.assign((i) => Math.min(values[i]!, last));
  }

  setValues(values: Float32Array, label: string): void {
    this.checkCount(values.length);
    let low = Infinity;
    let high = -Infinity;
    for (const v of values) {
      if (!Number.isFinite(v)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    this.kind = "values";
    this.label = label;
    this.names = [];
    this.shown = [];
    this.range = low <= high ? [low, high] : [0, 0];
    const step = high > low ? (RAMP_STEPS - 1) / (high - low) : 0;
    this.assign((i) => (Number.isFinite(values[i]!) ? Math.round((values[i]! - low) * step) : RAMP_STEPS));
  }

  setVisible(shown: readonly boolean[]): void {
    this.shown = shown;
  }

  /** Fill the colour table; call after any change of colours, visibility or theme. */
  paint(theme: Theme): void {
    const muted = parseColour(theme.muted);
    if (this.kind === "plain") this.lut = rgba([parseColour(theme.accent)], () => true);
    else if (this.kind === "categories") this.lut = rgba([...this.colours.map((c) => standOut(c, parseColour(theme.background))), muted], (k) => this.isShown(k));
    else {
      const [low, high] = rampSpan(parseColour(theme.background));
      const steps = Array.from({ length: RAMP_STEPS }, (_, k) => ramp(low + ((high - low) * k) / (RAMP_STEPS - 1)));
      this.lut = rgba([...steps, muted], () => true);
    }
  }

  measure(): void {
    this.density = typicalDensity(this.to, (k) => this.isSlotVisible(this.packedSlots[k]!));
  }

  /** What a fit shows; null without points. */
  get extent(): Extent | null {
    return (this.measured ??= viewExtent(this.to));
  }

  readonly isVisible = (index: number): boolean => this.isSlotVisible(this.slots[index]!);

  isSlotVisible(slot: number): boolean {
    return this.lut[4 * slot + 3] !== 0;
  }

  colourOf(index: number): Rgb {
    return this.slotColour(this.slots[index]!);
  }

  slotColour(slot: number): Rgb {
    return [this.lut[4 * slot]!, this.lut[4 * slot + 1]!, this.lut[4 * slot + 2]!];
  }

  /** The drawing positions of the points in a mask, themselves in shuffled order. */
  ranksOf(mask: Uint8Array): Uint32Array {
    let n = 0;
    for (const m of mask) n += m;
    const ranks = new Uint32Array(n);
    for (let k = 0, at = 0; k < this.count; k++) if (mask[this.order[k]!]) ranks[at++] = k;
    return ranks;
  }

  private isShown(category: number): boolean {
    return this.shown[category] ?? true;
  }

  private checkCount(length: number): void {
    if (length !== this.count) throw new RangeError(`${length} values for ${this.count} points`);
  }

  private assign(slotOf: (i: number) => number): void {
    for (let i = 0; i < this.count; i++) this.slots[i] = slotOf(i);
    for (let k = 0; k < this.count; k++) this.packedSlots[k] = this.slots[this.order[k]!]!;
  }
}

function rgba(colours: readonly Rgb[], shown: (k: number) => boolean): Uint8Array {
  const out = new Uint8Array(4 * colours.length);
  colours.forEach((c, k) => out.set([Math.round(c[0]), Math.round(c[1]), Math.round(c[2]), shown(k) ? 255 : 0], 4 * k));
  return out;
}
