import { Places } from "../directions/places";
import type { Entry } from "../directions/shelf";
import { placeOf } from "../directions/direction";
import type { ExploreStore } from "../explore/store";
import { dimensionName } from "../latent/dimensions";
import { nearestRow } from "../latent/nearest";
import { spreadRows } from "../latent/rows";
import { View } from "../page/view";
import { button, figure, h } from "../ui/dom";
import { paintAll } from "../ui/picture";
import { Blend } from "./blend";
import { FactorButtons } from "./factor-buttons";
import { ExchangeGrid } from "./grid";
import { concat, mix, orderByDifference, spreadOf } from "./mix";
import { PartRow } from "./part-row";

const SIDE = 64;
let instances = 0;

/** Two test images A and B: every part of the code comes from the one or from the other. */
export class ExchangePanel extends View {
  readonly root: HTMLElement;
  private readonly channel = `exchange${++instances}/`;
  private readonly places = this.own(new Places(this.store, ["A", "B"], SIDE, (place) => this.store.exchange.pair?.[place], (place, row) => this.put(place as 0 | 1, row)));
  private readonly problem = h("p", { className: "problem", role: "status" });
  private readonly blend = new Blend(this.store, `${this.channel}strip`, () => this.apply());
  private readonly factors = new FactorButtons(this.store, () => this.changed());
  private readonly grid = new ExchangeGrid(this.store, `${this.channel}grid`, () => this.changed());
  private readonly list = h("div", { className: "parts-list" });
  private readonly dead = h("details", { className: "dead" }, h("summary", {}));
  private readonly dimensions = Array.from({ length: this.store.model.latentSize }, (_, k) => this.dimension(k));
  private readonly classRow: PartRow | null;
  private directions: { row: PartRow; entry: Entry }[] = [];
  private spread: ReturnType<typeof spreadOf> | null = null;
  /** The pair whose images and rows are shown. */
  private shown = "";
  private turn = 0;

  constructor(private readonly store: ExploreStore) {
    super();
    const { exchange, model } = store;
    exchange.lineOf = this.factors.line;
    this.classRow = model.classes ? new PartRow([h("b", {}, "class")], "the class", (taken) => this.takeClass(taken), "content; the code is the style") : null;
    this.dead.querySelector("summary")!.textContent = `${store.order.dead.length} dead ${store.order.dead.length === 1 ? "dimension" : "dimensions"}: images do not depend on ${store.order.dead.length === 1 ? "it" : "them"}`;
    const [a, b] = this.places.tiles;
    this.root = h(
      "section",
      { className: "exchange", "aria-label": "exchange between two images" },
      h(
        "header",
        {},
        a,
        b,
        h("div", { className: "actions" }, button("All from A", () => this.all(false)), button("All from B", () => this.all(true)), button("Swap", () => this.swap(), "A becomes B, and B becomes A"), button("New pair", () => this.newPair(), "two random test images")),
      ),
      this.problem,
      this.blend.root,
      this.factors.root,
      this.grid.root,
      h("p", { className: "hint" }, "Dimensions by how far A ", h("i", { className: "key a" }), " and B ", h("i", { className: "key b" }), " differ, in standard deviations of all codes; the line is z."),
      this.list,
    );
    this.onResize(this.root, () => this.blend.fit(this.root.clientWidth));
    this.onDispose(
      store.on("codes", () => void this.load().catch(store.fail)),
      store.on("beta", () => this.changed()),
      store.on("directions", () => this.changed()),
      store.on("z", () => this.mark()),
      () => this.turn++,
      () => this.line(null),
      () => store.engine.drop(this.channel),
    );
    void this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const { store } = this;
    const turn = ++this.turn;
    const { codes, exchange, model } = store;
    if (model.count < 2) return void (this.problem.textContent = "This model has no two test images with codes, so there is nothing to exchange.");
    if (!codes) return;
    this.spread = spreadOf(codes, model.latentSize);
    await Promise.all([this.factors.load(codes), store.library.labels()]);
    if (turn !== this.turn) return;
    if (exchange.fresh) await this.begin(codes);
    this.shown = "";
    this.changed();
  }

  /** With the image in hand or the one nearest to z, and one of another class. */
  private async begin(codes: Float32Array): Promise<void> {
    const { exchange, model, source, z } = this.store;
    const a = source ?? nearestRow(codes, z)[0];
    const labels = await this.store.library.labels();
    const others = spreadRows(1, 64, model.count).filter((row) => row !== a);
    exchange.pair = [a, others.find((row) => labels && labels[row] !== labels[a]) ?? others[0] ?? (a ? 0 : 1)];
    exchange.fresh = false;
    if (model.classes) exchange.class = true;
    else {
      const [x, y] = exchange.pair.map((row) => this.store.codeOf(row)!);
      const ordered = orderByDifference(x, y, this.spread!.deviation);
      const far = new Map(ordered.map((one) => [one.k, one.far]));
      if (!this.factors.begin(exchange.pair, (k) => far.get(k)!)) exchange.take([ordered[0].k], true);
    }
  }

  private put(which: 0 | 1, row: number): void {
    this.store.exchange.put(which, row);
    this.changed();
  }

  private all(on: boolean): void {
    this.store.exchange.takeAll(on);
    this.changed();
  }

  private swap(): void {
    this.store.exchange.swap();
    this.changed();
  }

  private newPair(): void {
    const { exchange, model } = this.store;
    const a = Math.floor(Math.random() * model.count);
    exchange.put(0, a);
    exchange.put(1, (a + 1 + Math.floor(Math.random() * (model.count - 1))) % model.count);
    this.changed();
  }

  private takeClass(taken: boolean): void {
    this.store.exchange.class = taken;
    this.changed();
  }

  private dimension(k: number): PartRow {
    const name = dimensionName(k);
    const factor = this.store.model.names?.[k];
    const label = [h("b", {}, name), factor ? h("small", { className: "factor", title: `the factor that ${name} has most information about, and its share of the information about all factors` }, factor) : null];
    return new PartRow(label, `latent dimension ${k + 1}${factor ? `, ${factor}` : ""}`, (taken) => {
      this.store.exchange.take([k], taken);
      this.changed();
    });
  }

  /** Something was chosen: show it all anew. */
  private changed(): void {
    const { store } = this;
    const { exchange } = store;
    if (!exchange.pair || !this.spread || !store.codes) return;
    const [a, b] = exchange.pair;
    this.problem.textContent = a === b ? "A and B are the same image: choose another one for one of them." : "";
    this.listDirections();
    if (this.shown !== exchange.pair.join()) this.showPair(a, b);
    this.factors.show();
    this.dimensions.forEach((row, k) => row.show(exchange.dimensions.has(k)));
    this.directions.forEach(({ row, entry }) => row.show(exchange.directions.has(entry.kept)));
    this.classRow?.show(exchange.class);
    this.grid.show();
    this.blend.decode();
    this.apply();
  }

  /** The rows of the directions that have a name. */
  private listDirections(): void {
    const { exchange } = this.store;
    const offered = exchange.offered.filter(({ found }) => found);
    if (offered.length === this.directions.length && offered.every((entry, i) => entry === this.directions[i].entry)) return;
    this.directions = offered.map((entry) => ({
      entry,
      row: new PartRow([h("b", {}, entry.title)], `direction ${entry.title}`, (taken) => {
        exchange.directions[taken ? "add" : "delete"](entry.kept);
        this.changed();
      }),
    }));
    this.shown = "";
  }

  /** The images of A and B, and the rows in the order of how far they differ. */
  private showPair(a: number, b: number): void {
    const { store } = this;
    const { engine, exchange, order } = store;
    this.shown = exchange.pair!.join();
    const codes = [a, b].map((row) => store.codeOf(row)!);
    const labels = store.model.classes ? [a, b].map((row) => store.labelOf(row) ?? 0) : undefined;
    const still = () => this.shown === `${a},${b}`;
    engine.decodeMany([{ channel: `${this.channel}pair`, z: concat(codes), count: 2, ...(labels ? { labels } : {}), done: (rgba) => {
      if (!still()) return;
      paintAll(this.places.pictures, rgba);
      this.places.drawOriginals([a, b], still);
    } }]);
    const { mean, deviation } = this.spread!;
    const ordered = orderByDifference(codes[0], codes[1], deviation);
    for (const { k, far } of ordered) {
      const s = deviation[k] || 1;
      this.dimensions[k].place((codes[0][k] - mean[k]) / s, (codes[1][k] - mean[k]) / s, `${figure(far, 1)} σ`);
    }
    for (const { row, entry } of this.directions) {
      const [x, y] = codes.map((code) => placeOf(entry.found!, code));
      row.place(x, y, `${figure(Math.abs(y - x), 1)} σ`);
    }
    const dead = new Set(order.dead);
    const rows = ordered.map(({ k }) => ({ k, root: this.dimensions[k].root }));
    this.dead.replaceChildren(this.dead.firstElementChild!, ...rows.filter(({ k }) => dead.has(k)).map(({ root }) => root));
    this.dead.hidden = !dead.size;
    this.classRow?.name(labels!.map((label) => store.model.labelNames[label] ?? String(label)) as [string, string]);
    this.list.replaceChildren(...(this.classRow ? [this.classRow.root] : []), ...this.directions.map(({ row }) => row.root), ...rows.filter(({ k }) => !dead.has(k)).map(({ root }) => root), this.dead);
  }

  /** Set z to the exchanged code, and decode the grid. */
  private apply(): void {
    const { store } = this;
    const { exchange, model } = store;
    if (!exchange.pair) return;
    const span = exchange.span(exchange.pair);
    const [a, b] = exchange.pair.map((row) => store.codeOf(row)!);
    const [first, second] = exchange.pair;
    const label = store.labelOf(exchange.givesClass ? second : first);
    const nothing = exchange.blend === 0 || !(span.dimensions.size + span.basis.length);
    const whole = exchange.blend === 1 && span.dimensions.size === model.latentSize;
    const source = nothing ? first : whole ? second : null;
    store.setZ(mix(a, b, span, exchange.blend), source !== null && store.labelOf(source) === label ? source : null);
    if (label !== undefined) store.setLabel(label);
    const batch = this.grid.batch();
    if (batch) store.engine.decodeMany([batch]);
    this.line(concat([a, mix(a, b, span), b]));
    store.rest();
  }

  /** Where z is among the codes of A and B. */
  private mark(): void {
    const { z } = this.store;
    if (!this.spread) return;
    const { mean, deviation } = this.spread;
    this.dimensions.forEach((row, k) => row.mark((z[k] - mean[k]) / (deviation[k] || 1)));
    for (const { row, entry } of this.directions) row.mark(placeOf(entry.found!, z));
    this.blend.show();
  }

  /** The map shows the way from A to the exchanged code and on to B. */
  private line(codes: Float32Array | null): void {
    const { shelf, model: { latentSize: d } } = this.store;
    shelf.trail = codes && codes.slice(0, 2 * d);
    shelf.marks = codes && { codes: concat([codes.slice(0, d), codes.slice(2 * d)]), labels: ["A", "B"] };
    this.store.emit("ends");
  }
}
