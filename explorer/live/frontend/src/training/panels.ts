import { View } from "../page/view";
import type { Theme } from "../map";
import type { Side } from "./film";

/** What the slider of a replay moves. */
export abstract class Panels extends View {
  /** What stays the same at every snapshot. */
  abstract readonly heading: string;

  /** What stands below the slider, as wide as it is. */
  readonly below: readonly HTMLElement[] = [];

  /** Fetch the codes of all snapshots, and lay out what is shown of them. */
  abstract open(): Promise<void>;

  /** Go to `t`, a place between two snapshots. */
  abstract show(t: number): void;

  /** Decode snapshot `i`; the result shows its images. */
  abstract decode(i: number): Promise<() => void>;

  /** What there is to say of snapshot `i`, beside its epoch. */
  say(_i: number): string {
    return "";
  }

  /** The two sides of an animation at `t`. */
  abstract filmed(t: number, theme: Theme): Promise<[Side, Side]>;
}
