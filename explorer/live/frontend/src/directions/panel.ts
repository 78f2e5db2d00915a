import type { ExploreStore } from "../explore/store";
import { RowList } from "../explore/row-list";
import { View } from "../page/view";
import type { Direction as Kept } from "../schema";
import { button, Choice, h } from "../ui/dom";
import { Arithmetic } from "./arithmetic";
import { DirectionRow, factsOf } from "./direction-row";
import type { Method } from "./direction";
import { GroupBox } from "./group-box";
import { emptyGroup, type Group, readGroup, writeGroup } from "./groups";
import type { Entry, Marks } from "./shelf";
import { Unnamed } from "./unnamed";

/** Letters that a link has for directions. */
const ROOM = 7500;
/** Directions that a page has, with the one that is being made. */
const MOST = 12;
const MOST_NAME = 60;

/** Directions of one's own: two groups of images, and the direction between them as a slider; those that are kept. */
export class DirectionsPanel extends View {
  readonly root: HTMLElement;
  private readonly rows: RowList;
  private readonly list = h("div", { className: "rows" });
  private readonly boxes: { a: GroupBox; b: GroupBox };
  private readonly method = new Choice<Method>("how the direction is found", [["means", "means"], ["probe", "probe"]], this.store.shelf.draft?.kept.method ?? "means", (method) => this.draft({ method }));
  private readonly problem = h("p", { className: "problem", role: "status" });
  /** Those saved with the model, to choose from. */
  private readonly saved = h("select", { "aria-label": "directions saved with this model", title: "directions saved with this model" });
  private readonly arithmetic: Arithmetic;
  private readonly made = new Map<Entry, DirectionRow>();
  /** The row whose line the map shows. */
  private touched: DirectionRow | null = null;

  constructor(private readonly store: ExploreStore) {
    super();
    const box = (which: "a" | "b", label: string, about: string) => this.own(new GroupBox(store, label, about, (group) => this.regroup(which, group), (sentence) => (this.problem.textContent = sentence)));
    this.boxes = { b: box("b", "from", "group B, which the direction leads from"), a: box("a", "to", "group A, which the direction leads to") };
    this.boxes.a.root.addEventListener("picking", () => this.boxes.b.pick(false));
    this.boxes.b.root.addEventListener("picking", () => this.boxes.a.pick(false));
    this.method.root.title = "means: from the mean code of one group to that of the other; probe: the weights of a logistic regression that tells them apart";
    const own = h(
      "div",
      { className: "dimensions directions" },
      h("div", { className: "making" }, this.boxes.b.root, this.boxes.a.root, h("div", { className: "method" }, h("span", { className: "hint" }, "by "), this.method.root, button("Swap", () => this.swap(), "the opposite direction"), this.saved)),
      this.problem,
      this.list,
    );
    this.rows = this.own(new RowList(store, own));
    this.saved.addEventListener("change", () => this.take(this.saved.value));
    const unnamed = this.own(new Unnamed(store, (name, vector) => this.keepVector(name, vector), (row) => this.touch(row)));
    this.arithmetic = this.own(new Arithmetic(store, () => this.mark()));
    this.root = h("section", { "aria-label": "directions" }, own, unnamed.root, this.arithmetic.root);
    this.onDispose(
      store.on("directions", () => this.show()),
      store.on("z", () => this.mark()),
      store.on("range", () => this.made.forEach((row) => row.fitRange())),
      () => this.trail(null),
    );
    if (!store.shelf.draft) this.begin();
    this.show();
  }

  /** Begin with the first and the last value of the first column that has some. */
  private begin(): void {
    const column = this.store.model.columns.find(({ names }) => names && names.length > 1);
    const group = (value: number) => writeGroup(column ? { values: new Map([[column.key, [value]]]), rows: [] } : emptyGroup());
    this.put([...this.store.shelf.kept, { name: "", b: group(0), a: group((column?.names?.length ?? 1) - 1) }]);
  }

  private regroup(which: "a" | "b", group: Group): void {
    this.problem.textContent = "";
    this.draft({ [which]: writeGroup(group) });
  }

  private swap(): void {
    const { a = "", b = "" } = this.store.shelf.draft?.kept ?? {};
    this.draft({ a: b, b: a });
  }

  /** Change the direction that is being made. */
  private draft(change: Partial<Kept>): void {
    const { shelf } = this.store;
    this.put([...shelf.kept.filter(({ name }) => name), { ...shelf.draft?.kept, ...change }]);
  }

  private put(kept: Kept[]): void {
    this.store.shelf.put(kept);
    this.store.rest();
  }

  /** Give the direction that is being made a name; another one can then be made. */
  private keep(entry: Entry, name: string): void {
    this.add({ ...entry.kept, name: name.trim() || entry.title });
  }

  private keepVector(name: string, vector: Float64Array): void {
    this.add({ name, vector: Array.from(vector, (value) => Number(value.toPrecision(5))) });
  }

  /** Put a direction among the kept ones, under a name that no other has. */
  private add(kept: Kept & { name: string }): void {
    const { shelf } = this.store;
    const taken = new Set(shelf.kept.map((other) => other.name));
    const short = kept.name.slice(0, MOST_NAME - 4);
    let name = kept.name.slice(0, MOST_NAME);
    for (let i = 2; taken.has(name); i++) name = `${short} ${i}`;
    const next = [...shelf.kept.filter((other) => other.name), { ...kept, name }, ...(shelf.draft ? [shelf.draft.kept] : [])];
    const full = next.length > MOST || JSON.stringify(next).length > ROOM;
    this.problem.textContent = full ? "A link has no room for another direction; remove one first." : "";
    if (!full) this.put(next);
  }

  /** Put a saved direction among the kept ones. */
  private take(name: string): void {
    const saved = this.store.shelf.saved.find((other) => other.name === name);
    this.saved.value = "";
    if (saved && !this.store.shelf.kept.some((kept) => same(kept, saved))) this.add({ ...saved, name });
  }

  private listSaved(): void {
    const names = this.store.shelf.saved.map(({ name }) => name!);
    this.saved.hidden = !names.length;
    this.saved.replaceChildren(h("option", { value: "" }, "saved…"), ...names.map((name) => h("option", { value: name }, name)));
  }

  private remove(entry: Entry): void {
    const { shelf } = this.store;
    const at = shelf.entries.indexOf(entry);
    const coloured = shelf.entries.indexOf(shelf.at(this.store.colour ?? "")!);
    shelf.put(shelf.kept.filter((_, i) => i !== at));
    if (coloured === at) this.colour(this.store.model.columns[0]?.key);
    else if (coloured > at) this.colour(`direction:${coloured - 1}`);
    this.store.rest();
  }

  private colour(key: string | undefined): void {
    if (!key) return;
    this.store.colour = key;
    this.store.hidden = [];
    this.store.emit("directions");
    this.store.rest();
  }

  /** The rows of all directions, and why there is none between the groups. */
  private show(): void {
    const { shelf, model } = this.store;
    const { draft } = shelf;
    this.listSaved();
    for (const which of ["a", "b"] as const) this.boxes[which].show(readGroup(draft?.kept[which] ?? "", model.count));
    this.method.set(draft?.kept.method ?? "means");
    const entries = [...(draft ? [draft] : []), ...shelf.entries.filter((entry) => entry !== draft)];
    for (const entry of [...this.made.keys()]) if (!entries.includes(entry)) this.made.delete(entry);
    for (const entry of entries) if (entry.found && !this.made.has(entry)) this.made.set(entry, this.row(entry));
    const rows = entries.flatMap((entry) => this.made.get(entry) ?? []);
    for (const [entry, row] of this.made) this.describe(entry, row);
    const elements = entries.flatMap((entry) => this.made.get(entry)?.root ?? (entry !== draft && entry.problem ? [this.lost(entry)] : []));
    if (elements.length !== this.list.children.length || elements.some((element, i) => element !== this.list.children[i])) {
      this.list.replaceChildren(...elements);
      this.rows.set(rows);
    }
    if (draft?.problem || this.problem.classList.contains("groups")) this.problem.textContent = draft?.problem ?? "";
    this.problem.classList.toggle("groups", Boolean(draft?.problem));
    if (!this.touched?.root.isConnected) this.touched = rows[0] ?? null;
    this.mark();
  }

  private row(entry: Entry): DirectionRow {
    const row: DirectionRow = new DirectionRow(this.store, entry.title, entry.found!, entry.kept.name ? `kept ${entry.title}` : "draft", this.rows.prefix, () => this.touch(row));
    const colour = button("Colour the map", () => this.colour(`direction:${this.store.shelf.entries.indexOf(entry)}`), "colour every code by where it lies along this direction");
    if (entry.kept.name) row.actions.append(colour, this.saving(entry), this.removal(entry));
    else {
      const name = h("input", { type: "text", value: entry.title.slice(0, MOST_NAME), maxLength: MOST_NAME, "aria-label": "name of this direction" });
      row.actions.append(colour, name, button("Keep", () => this.keep(entry, name.value), "keep it under this name, and make another one"));
    }
    return row;
  }

  /** A button that saves the direction with the model, or deletes the saved one; none where the server cannot. */
  private saving(entry: Entry): HTMLButtonElement {
    const element = button("", () => this.store.shelf.tell?.({ do: this.isSaved(entry) ? "delete" : "save", direction: entry.kept }));
    element.className = "saving";
    return element;
  }

  private isSaved({ kept }: Entry): boolean {
    return this.store.shelf.saved.some((saved) => same(kept, saved));
  }

  private describe(entry: Entry, row: DirectionRow): void {
    const saving = row.actions.querySelector<HTMLButtonElement>(".saving");
    if (saving) {
      saving.hidden = !this.store.shelf.tell;
      saving.textContent = this.isSaved(entry) ? "Forget" : "Save";
      saving.title = this.isSaved(entry) ? "delete it from this model on the server; it stays here" : "save it with this model on the server, for all who open it";
    }
    const counts = entry.rows?.map((group) => group.length) as [number, number] | undefined;
    row.facts.replaceChildren(...(counts ? factsOf({ ...entry, counts }) : []));
  }

  private lost(entry: Entry): HTMLElement {
    return h("p", { className: "problem" }, `${entry.title}: ${entry.problem} `, this.removal(entry));
  }

  private removal(entry: Entry): HTMLElement {
    const element = button("Remove", () => this.remove(entry));
    element.setAttribute("aria-label", `remove ${entry.title}`);
    return element;
  }

  private touch(row: DirectionRow): void {
    if (this.touched === row) return;
    this.touched = row;
    this.mark();
  }

  /** The map shows the line of the direction in hand, or the parallelogram of an equation. */
  private mark(): void {
    const figure = this.arithmetic?.figure() ?? null;
    const entry = [...this.made].find(([, row]) => row === this.touched)?.[0];
    this.trail(figure?.line ?? this.touched?.line() ?? null, figure && { codes: figure.corners, labels: figure.labels }, figure ? NaN : entry?.cone);
  }

  private trail(line: Float32Array | null, marks: Marks | null = null, cone = NaN): void {
    this.store.shelf.cone = Number.isNaN(cone) ? null : cone;
    this.store.shelf.trail = line;
    this.store.shelf.marks = marks;
    this.store.emit("ends");
  }
}

/** Whether two directions are the same: fields that have their default may be left out. */
const same = (a: Kept, b: Kept): boolean => JSON.stringify(whole(a)) === JSON.stringify(whole(b));
const whole = ({ name, a, b, method, vector }: Kept) => [name ?? "", a ?? "", b ?? "", method ?? "means", vector ?? null];
