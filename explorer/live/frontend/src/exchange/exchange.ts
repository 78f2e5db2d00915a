import type { Entry, Shelf } from "../directions/shelf";
import { spreadRows } from "../latent/rows";
import type { Direction, Model, StageState } from "../schema";
import { spanOf, type Taken } from "./mix";

const DIMENSION = /^z(\d+)$/;
const DIRECTION = /^direction:(\d+)$/;
const MEANS = /^means:(\d+)$/;
const CLASS = "class";
export const SIDES = [3, 4, 5, 6] as const;
const SIDE = 4;

/** Rows of the images A and B. */
export type Pair = [a: number, b: number];

/** Two images, and what the exchanged one takes from B instead of A. */
export class Exchange {
  pair: Pair | null;
  readonly dimensions = new Set<number>();
  /** Directions of one's own. */
  readonly directions = new Set<Direction>();
  /** Keys of columns whose value comes from B along the line between the mean codes of both values. */
  readonly columns = new Set<string>();
  /** That line for the images of two rows (d); null where they have the same value. */
  lineOf: (key: string, a: number, b: number) => Float64Array | null = () => null;
  /** The class of a conditional model comes from B. */
  class = false;
  /** How much of what is taken, 0 to 1. */
  blend: number;
  /** Rows of the images of the grid: A and others down, B and others across; null while it is closed. */
  grid: { a: number[]; b: number[] } | null;
  /** Nothing has been chosen yet. */
  fresh: boolean;

  constructor(private readonly model: Model, private readonly shelf: Shelf, { pair, taken, blend, gridA, gridB }: StageState) {
    this.pair = within(pair, model.count, 2) as Pair | null;
    this.blend = blend ?? 1;
    this.fresh = !this.pair;
    const [a, b] = [within(gridA, model.count), within(gridB, model.count)];
    this.grid = a && b ? { a, b } : null;
    for (const part of taken ?? []) this.read(part);
  }

  private read(part: string): void {
    const dimension = DIMENSION.exec(part);
    const direction = DIRECTION.exec(part);
    const means = MEANS.exec(part);
    if (dimension && Number(dimension[1]) <= this.model.latentSize) this.dimensions.add(Number(dimension[1]) - 1);
    else if (direction && this.shelf.kept[Number(direction[1])]) this.directions.add(this.shelf.kept[Number(direction[1])]);
    else if (means && this.model.columns[Number(means[1])]?.names) this.columns.add(this.model.columns[Number(means[1])].key);
    else if (part === CLASS && this.model.classes) this.class = true;
  }

  /** What a link keeps of it. */
  state(): StageState {
    if (!this.pair) return {};
    const taken = [
      ...(this.class ? [CLASS] : []),
      ...[...this.dimensions].sort((p, q) => p - q).map((k) => `z${k + 1}`),
      ...this.model.columns.flatMap(({ key }, i) => (this.columns.has(key) ? [`means:${i}`] : [])),
      ...this.shelf.kept.flatMap((kept, i) => (this.directions.has(kept) ? [`direction:${i}`] : [])),
    ];
    return {
      pair: [...this.pair],
      ...(taken.length ? { taken } : {}),
      ...(this.blend === 1 ? {} : { blend: Number(this.blend.toFixed(3)) }),
      ...(this.grid ? { gridA: [...this.grid.a], gridB: [...this.grid.b] } : {}),
    };
  }

  /** The directions that can be taken: those with a name. */
  get offered(): Entry[] {
    return this.shelf.entries.filter(({ kept }) => kept.name);
  }

  /** The class is B's: it has no middle, so it changes halfway. */
  get givesClass(): boolean {
    return this.class && this.blend >= 0.5;
  }

  /** What comes from B, as a part of latent space, for the images of two rows. */
  span([a, b]: Pair): Taken {
    const vectors = this.offered.flatMap(({ kept, found }) => (found && this.directions.has(kept) ? [found.vector] : []));
    const lines = [...this.columns].flatMap((key) => this.lineOf(key, a, b) ?? []);
    return spanOf(this.dimensions, [...lines, ...vectors]);
  }

  takeAll(on: boolean): void {
    this.dimensions.clear();
    this.directions.clear();
    this.columns.clear();
    this.class = on && Boolean(this.model.classes);
    for (let k = 0; on && k < this.model.latentSize; k++) this.dimensions.add(k);
  }

  /** Take some dimensions, or leave them. */
  take(dimensions: readonly number[], on: boolean): void {
    for (const k of dimensions) this.dimensions[on ? "add" : "delete"](k);
  }

  /** How many of some dimensions are taken. */
  share(dimensions: readonly number[]): "all" | "some" | "none" {
    const taken = dimensions.filter((k) => this.dimensions.has(k)).length;
    return taken === dimensions.length && taken ? "all" : taken ? "some" : "none";
  }

  /** Put an image in the place of A or of B, in the grid too. */
  put(which: 0 | 1, row: number): void {
    if (!this.pair) return;
    const list = this.grid?.[which ? "b" : "a"];
    if (list && !list.includes(row)) list[Math.max(0, list.indexOf(this.pair[which]))] = row;
    this.pair[which] = row;
  }

  swap(): void {
    this.pair?.reverse();
    if (this.grid) this.grid = { a: this.grid.b, b: this.grid.a };
  }

  /** A grid of so many images on a side, A and B first, the others far apart in the data from row `start` on. */
  openGrid(start = 0, side = this.grid?.a.length ?? SIDE): void {
    if (!this.pair) return;
    const { count } = this.model;
    const others = spreadRows(start, Math.min(count, 2 * side + 2), count).filter((row) => !this.pair!.includes(row));
    const [a, b] = this.pair;
    this.grid = { a: [a, ...others.filter((_, i) => i % 2 === 0).slice(0, side - 1)], b: [b, ...others.filter((_, i) => i % 2).slice(0, side - 1)] };
  }
}

function within(rows: number[] | undefined | null, count: number, length?: number): number[] | null {
  return rows?.length && (length === undefined || rows.length === length) && rows.every((row) => row < count) ? [...rows] : null;
}
