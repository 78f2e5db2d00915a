import type { ExploreStore } from "../explore/store";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { describeGroup, emptyGroup, type Group, isEmpty, MOST_LETTERS, writeGroup } from "./groups";

/** A factor of more values is no choice of groups. */
const MOST_VALUES = 64;
/** Chosen images that are shown one by one. */
const MOST_SHOWN = 12;
const SIDE = 28;

/** Chooses a group of images: by class or factor, from the selection on the map, or image by image. */
export class GroupBox extends View {
  private readonly first = h("select", { "aria-label": `${this.label}: these images`, title: this.about });
  private readonly further = h("select", { "aria-label": `${this.label}: or these images`, title: "more values that belong to the group", className: "further" });
  private readonly selection = button("Selection", () => this.takeSelection(), "the images selected on the map, by box or lasso");
  private readonly picking = button("Click", () => this.pick(!this.isPicking), "the images that you now click on the map, or draw by Test image, are the group; a second click takes one out");
  private readonly chosen = h("span", { className: "parts" });
  private group = emptyGroup();
  /** The next image that is clicked takes the place of the group. */
  private anew = false;
  readonly root = h("div", { className: "group", role: "group", "aria-label": this.label }, h("b", {}, this.label), this.first, this.further, this.selection, this.picking, this.chosen);

  constructor(
    private readonly store: ExploreStore,
    private readonly label: string,
    private readonly about: string,
    private readonly choose: (group: Group) => void,
    private readonly say: (sentence: string) => void,
  ) {
    super();
    this.first.addEventListener("change", () => this.take(this.first.value, emptyGroup()));
    this.further.addEventListener("change", () => this.take(this.further.value, this.group));
    this.picking.setAttribute("aria-pressed", "false");
    this.onDispose(
      store.on("selection", () => this.countSelection()),
      store.on("selected", () => this.picked()),
    );
    this.countSelection();
  }

  get isPicking(): boolean {
    return this.picking.getAttribute("aria-pressed") === "true";
  }

  /** Let clicked images join the group, or not. */
  pick(on: boolean): void {
    this.picking.setAttribute("aria-pressed", String(on));
    this.anew = on;
    if (on) this.root.dispatchEvent(new Event("picking"));
  }

  show(group: Group): void {
    this.group = group;
    const pairs = [...group.values].flatMap(([key, values]) => values.map((value) => JSON.stringify([key, value])));
    const single = pairs.length === 1 && !group.rows.length;
    this.fill(this.first, isEmpty(group) ? "choose…" : describeGroup(group, this.store.model), single ? pairs[0] : "");
    this.fill(this.further, "or…", "");
    this.further.hidden = isEmpty(group);
    this.chosen.replaceChildren(...(single ? [] : this.chips()));
  }

  /** Each part of the group, with a click to take it out. */
  private chips(): HTMLElement[] {
    const { model } = this.store;
    const { values, rows } = this.group;
    const chip = (label: string, without: Group) => button(`${label} ×`, () => this.choose(without), "take it out of the group");
    const chosen = [...values].flatMap(([key, list]) =>
      list.map((value) => chip(describeGroup({ values: new Map([[key, [value]]]), rows: [] }, model), { values: withValues(values, key, list.filter((v) => v !== value)), rows })),
    );
    if (rows.length > MOST_SHOWN) return [...chosen, chip(`${rows.length.toLocaleString("en")} images`, { values, rows: [] })];
    return [...chosen, ...rows.map((row) => this.thumbnail(row, { values, rows: rows.filter((other) => other !== row) }))];
  }

  private thumbnail(row: number, without: Group): HTMLElement {
    const [, height, width] = this.store.model.imageShape;
    const canvas = h("canvas", { width, height, className: "picture" });
    canvas.style.width = `${SIDE}px`;
    const label = `image ${row.toLocaleString("en")}`;
    const tile = button("", () => this.choose(without), `${label}: take it out of the group`);
    tile.setAttribute("aria-label", `take ${label} out of the group`);
    tile.className = "thumbnail";
    tile.append(canvas);
    void this.store.library.drawOriginal(row, canvas).then((drawn) => {
      if (!drawn) tile.replaceChildren(`${row} ×`);
    });
    return tile;
  }

  private fill(select: HTMLSelectElement, placeholder: string, value: string): void {
    const columns = this.store.model.columns.filter(({ names }) => names && names.length <= MOST_VALUES);
    const groups = columns.map(({ key, label, names }) => {
      const options = names!.map((name, i) => h("option", { value: JSON.stringify([key, i]) }, name));
      return h("optgroup", { label }, ...options);
    });
    select.replaceChildren(h("option", { value: "" }, placeholder), ...groups);
    select.value = value;
  }

  private take(chosen: string, to: Group): void {
    if (!chosen) return;
    const [key, value] = JSON.parse(chosen) as [string, number];
    const values = [...new Set([...(to.values.get(key) ?? []), value])].sort((p, q) => p - q);
    this.pick(false);
    this.choose({ values: withValues(to.values, key, values), rows: to.rows });
  }

  private takeSelection(): void {
    const { selection } = this.store;
    let rows = selection;
    for (let every = 2; writeGroup({ values: new Map(), rows }).length > MOST_LETTERS; every++) rows = selection.filter((_, i) => i % every === 0);
    this.pick(false);
    this.choose({ values: new Map(), rows });
    if (rows.length < selection.length)
      this.say(`The group takes ${rows.length.toLocaleString("en")} of the ${selection.length.toLocaleString("en")} selected images, spread evenly: a link has no room for more.`);
  }

  private countSelection(): void {
    const { length } = this.store.selection;
    this.selection.textContent = length ? `Selection, ${length.toLocaleString("en")}` : "Selection";
    this.selection.disabled = !length;
  }

  private picked(): void {
    const row = this.store.source;
    if (!this.isPicking || row === null) return;
    const rows = this.anew ? [] : this.group.rows;
    this.anew = false;
    const next = rows.includes(row) ? rows.filter((other) => other !== row) : [...rows, row].sort((p, q) => p - q);
    this.choose({ values: new Map(), rows: next });
  }
}

function withValues(values: Map<string, number[]>, key: string, chosen: number[]): Map<string, number[]> {
  const next = new Map(values);
  if (chosen.length) next.set(key, chosen);
  else next.delete(key);
  return next;
}
