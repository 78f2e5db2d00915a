import { AxisRow, STEPS } from "../explore/axis-row";
import type { ExploreStore } from "../explore/store";
import { quantile } from "../latent/dimensions";
import { figure, h } from "../ui/dom";
import { type Direction, moveTo, placeOf, sweepAlong } from "./direction";

/** How far two codes of a strip may differ, as moving along an axis and back rounds them. */
const ROUNDING = 1e-4;

/** A direction as a slider: it moves z in standard deviations of all codes along it, and leaves what is at right angles. */
export class DirectionRow extends AxisRow {
  /** What is known of it, and what can be done with it. */
  readonly facts = h("span", { className: "facts" });
  readonly actions = h("span", { className: "actions" });

  constructor(
    store: ExploreStore,
    readonly title: string,
    private readonly direction: Direction,
    key: string,
    idPrefix: string,
    touched: () => void,
  ) {
    super(
      store,
      {
        key,
        labels: [`direction ${title}, in standard deviations`, `place along ${title}`, `traversal along ${title}, low to high`],
        place: () => placeOf(direction, store.z),
        move: (place) => {
          store.setZ(moveTo(direction, store.z, place));
          touched();
        },
        sweep: (low, high) => sweepAlong(direction, store.z, low, high, STEPS),
      },
      idPrefix,
      [h("b", {}, title)],
    );
    this.root.append(h("div", { className: "below" }, this.facts, this.actions));
    this.fitRange();
  }

  /** The ends of the slider: as far as those of the dimensions, in standard deviations, or where the data end. */
  fitRange(): void {
    const { kind, k } = this.store.range;
    if (kind === "prior") return this.setRange(-k, k);
    const sorted = this.direction.projections.slice().sort();
    this.setRange(quantile(sorted, 0.01), quantile(sorted, 0.99));
  }

  /** The line on the map: z moved to both ends. */
  line(): Float32Array {
    return sweepAlong(this.direction, this.store.z, this.low, this.high, 2);
  }

  protected override same(before: Float32Array, z: Float32Array): boolean {
    return before.length === z.length && before.every((value, i) => Math.abs(value - z[i]) < ROUNDING * Math.max(1, Math.abs(value)));
  }
}

/** Something known of a direction, with what it means. */
export const fact = (value: string, about: string): HTMLElement => h("span", { title: about }, value);

/** What is known of a direction between two groups; “…” for what is still computed. */
export function factsOf({ gap, accuracy, cone, counts }: { gap: number; accuracy: number; cone: number; counts: [number, number] }): HTMLElement[] {
  const known = (value: number, text: string) => (Number.isNaN(value) ? "…" : text);
  const [a, b] = counts.map((count) => count.toLocaleString("en"));
  return [
    fact(`${b} and ${a} images`, "in the group that it leads from, and in the one that it leads to"),
    fact(`${figure(gap, 1)} σ apart`, "distance of the means of the two groups along it, in standard deviations of all codes along it"),
    fact(`${known(accuracy, `${figure(100 * accuracy, 0)} %`)} told apart`, "balanced accuracy of the two groups by a threshold on this direction, on codes that it was not computed from: 50 % is chance"),
    fact(`within ${known(cone, `${figure(cone, cone < 9.95 ? 1 : 0)}°`)}`, "the direction of all images like these lies within this angle with a probability of 95 %, by bootstrap: at 90° nothing is known of it"),
  ];
}
