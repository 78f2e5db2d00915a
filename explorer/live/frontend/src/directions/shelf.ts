import type { ColumnValues, Library } from "../page/library";
import type { Direction as Kept, DirectionAct, Model, StageState } from "../schema";
import { messageOf } from "../ui/dom";
import type { Sample } from "./codes";
import { findAccuracy, findCone } from "./confidence";
import { type Direction, findProblem, findVector, gapOf, measure, type Method, samples } from "./direction";
import { describeGroup, readGroup, rowsOf } from "./groups";
import { Slices, Superseded } from "./slices";

/** Colouring by a direction: "direction:0" for the first. */
const COLOUR = /^direction:(\d+)$/;

/** A direction that was asked for, and what is found of it as time goes by. */
export class Entry {
  found: Direction | null = null;
  /** The rows of its groups, if it is made from groups. */
  rows: [a: Uint32Array, b: Uint32Array] | null = null;
  /** Distance of the group means along it, in standard deviations. */
  gap = NaN;
  accuracy = NaN;
  /** In degrees. */
  cone = NaN;
  /** Why there is none. */
  problem = "";

  constructor(readonly kept: Kept, readonly title: string) {}
}

/** Codes (n, d) with names of their own. */
export interface Marks {
  codes: Float32Array;
  labels: string[];
}

/** What the shelf needs of a page. */
interface Host {
  readonly model: Model;
  readonly library: Library;
  readonly codes: Float32Array | null;
}

/** The directions of one's own in a model: those with a name, and last the one without, which is being made. */
export class Shelf {
  entries: Entry[];
  /** Codes (n, d) of a line that the map draws, and codes that it marks. */
  trail: Float32Array | null = null;
  marks: Marks | null = null;
  /** The angle in degrees within which the direction of that line is known. */
  cone: number | null = null;
  /** Rows of the images of a − b + c, while that is open. */
  operands: [a: number, b: number, c: number] | null;
  /** Those saved with the model on the server. */
  saved: Kept[] = [];
  /** Asks the server to save or to delete one; null where it cannot. */
  tell: ((act: DirectionAct) => void) | null = null;
  private turn = 0;

  constructor(private readonly host: Host, state: StageState, private readonly changed: () => void) {
    this.entries = this.read(state.directions ?? []);
    this.operands = rowsWithin(state.operands, host.model.count);
  }

  /** What a link keeps of it. */
  state(): StageState {
    return { ...(this.entries.length ? { directions: this.kept } : {}), ...(this.operands ? { operands: this.operands } : {}) };
  }

  get kept(): Kept[] {
    return this.entries.map((entry) => entry.kept);
  }

  /** The direction that is being made. */
  get draft(): Entry | null {
    return this.entries.find(({ kept }) => !kept.name) ?? null;
  }

  /** Replace them all; what is found of those that stay is kept. */
  put(kept: Kept[]): void {
    const before = new Map(this.entries.map((entry) => [JSON.stringify(entry.kept), entry]));
    this.entries = this.read(kept).map((entry) => before.get(JSON.stringify(entry.kept)) ?? entry);
    this.changed();
    void this.find();
  }

  /** The directions that are saved with the model now. */
  offer(saved: Kept[]): void {
    if (JSON.stringify(saved) === JSON.stringify(this.saved)) return;
    this.saved = saved;
    this.changed();
  }

  /** The codes have arrived or are others: find all directions again. */
  renew(): void {
    this.entries = this.read(this.kept);
    void this.find();
  }

  /** The direction of a colouring, if it is one. */
  at(colour: string): Entry | null {
    const match = COLOUR.exec(colour);
    return match ? (this.entries[Number(match[1])] ?? null) : null;
  }

  /** The column that colours the map by a direction; null for any other key. */
  column(colour: string): Promise<ColumnValues> | null {
    const entry = this.at(colour);
    if (!entry) return COLOUR.test(colour) ? Promise.reject(new Error("This direction is not there any more; choose another colouring.")) : null;
    const values = entry.found?.projections ?? new Float32Array(this.host.model.count).fill(NaN);
    return Promise.resolve({ column: { key: colour, label: entry.title, unit: "standard deviations" }, values });
  }

  /** Entries for the menu of colourings. */
  colourings(): [key: string, label: string][] {
    return this.entries.map((entry, i) => [`direction:${i}`, entry.title]);
  }

  private read(kept: Kept[]): Entry[] {
    const { model } = this.host;
    const named = kept.filter(({ name }) => name);
    const drafts = kept.filter(({ name }) => !name).slice(-1);
    return [...named, ...drafts].map((one) => {
      const [from, to] = [one.b, one.a].map((text) => describeGroup(readGroup(text ?? "", model.count), model));
      return new Entry(one, one.name || `${from} → ${to}`);
    });
  }

  private async find(): Promise<void> {
    const turn = ++this.turn;
    const { codes } = this.host;
    if (!codes) return;
    const slices = new Slices(() => turn !== this.turn);
    try {
      for (const entry of this.entries.filter(({ found, problem }) => !found && !problem)) {
        await this.findVector(entry, codes, slices);
        this.changed();
      }
      for (const entry of this.entries.filter(({ found, cone }) => found && Number.isNaN(cone))) {
        if (entry.rows) await this.judge(entry, samples(codes, this.host.model.latentSize, ...entry.rows), slices);
      }
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    }
  }

  private async findVector(entry: Entry, codes: Float32Array, slices: Slices): Promise<void> {
    const d = this.host.model.latentSize;
    const { kept } = entry;
    try {
      if (kept.vector) return void (entry.found = measure(unit(kept.vector, d), codes));
      const rows = await Promise.all([this.rows(kept.a ?? ""), this.rows(kept.b ?? "")]);
      entry.rows = rows;
      entry.problem = findProblem(...rows);
      if (entry.problem) return;
      const groups = samples(codes, d, ...rows);
      entry.found = measure(await findVector(...groups, methodOf(kept), slices), codes);
      entry.gap = gapOf(entry.found, ...groups);
    } catch (error) {
      if (error instanceof Superseded) throw error;
      entry.problem = messageOf(error);
    }
  }

  private async judge(entry: Entry, groups: [Sample, Sample], slices: Slices): Promise<void> {
    const method = methodOf(entry.kept);
    entry.accuracy = await findAccuracy(...groups, method, slices);
    this.changed();
    entry.cone = await findCone(...groups, method, entry.found!.vector, slices);
    this.changed();
  }

  private async rows(text: string): Promise<Uint32Array> {
    const { model, library } = this.host;
    const group = readGroup(text, model.count);
    const known = [...group.values.keys()].filter((key) => model.columns.some((column) => column.key === key && column.names));
    const columns = new Map(await Promise.all(known.map(async (key) => [key, (await library.column(key)).categories] as const)));
    return rowsOf(group, (key) => columns.get(key));
  }
}

const methodOf = ({ method }: Kept): Method => method ?? "means";

/** A unit vector from a link or a file. Throws a sentence if it is none. */
function unit(values: number[], d: number): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  if (values.length !== d || !(length > 0)) throw new Error(`This direction has ${values.length} numbers that are not a direction among ${d} dimensions; remove it.`);
  return Float64Array.from(values, (value) => value / length);
}

function rowsWithin(rows: number[] | undefined, count: number): [number, number, number] | null {
  return rows?.length === 3 && rows.every((row) => row < count) ? (rows as [number, number, number]) : null;
}
