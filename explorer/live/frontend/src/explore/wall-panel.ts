import { classColours } from "../map";
import type { ExploreStore } from "./store";
import { View } from "../page/view";
import { Choice, figure, h } from "../ui/dom";
import { term } from "../ui/term";
import { type Entry, perplexity, type Vocabulary } from "../latent/vocabulary";
import { codeName } from "../latent/word-names";
import { TileWall } from "../ui/tile-wall";

type Order = "number" | "use" | "class";

const EXAMPLES = 6;
const SIZE = 56;

/** Every image that a model of discrete codes can draw, with how often each is used; one of them is z. */
export class WallPanel extends View {
  readonly root: HTMLElement;
  private readonly wall: TileWall;
  private readonly about = h("p", { className: "hint about" });
  private readonly examples: HTMLCanvasElement[];
  private readonly examplesFigure: HTMLElement;
  private readonly summary = h("span", { className: "hint" });
  private vocabulary: Vocabulary | null = null;
  private all: Entry[] = [];
  private shown: Entry[] = [];
  private places = new Map<string, number>();
  private order: Order = "number";
  private described = -2;

  constructor(private readonly store: ExploreStore) {
    super();
    const { model } = store;
    this.wall = new TileWall(model.imageShape, "every code and what it decodes to", (i) => this.pick(i), (i) => this.describe(i));
    const orders: [Order, string][] = [["number", "by number"], ["use", "by use"]];
    if (model.labelNames.length) orders.push(["class", "by class"]);
    const choice = new Choice<Order>("order of the codes", orders, this.order, (order) => {
      this.order = order;
      this.arrange();
    });
    this.examples = Array.from({ length: EXAMPLES }, () => h("canvas", { className: "picture" }));
    for (const canvas of this.examples) canvas.style.width = `${SIZE}px`;
    this.examplesFigure = h("div", { className: "examples" }, ...this.examples);
    this.root = h(
      "section",
      { className: "map-panel wall-panel", "aria-label": "the whole vocabulary" },
      h("header", {}, this.summary, choice.root),
      this.wall.canvas,
      this.about,
      this.examplesFigure,
    );
    this.onResize(this.root, () => this.fit());
    this.onDispose(store.on("z", () => this.follow()), () => store.engine.drop("wall"));
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const [vocabulary, labels] = await Promise.all([this.store.library.vocabulary(), this.store.library.labels()]);
    this.vocabulary = vocabulary;
    this.all = vocabulary.entries(labels);
    const { count } = vocabulary;
    const dead = this.all.filter((entry) => !entry.count).length;
    const what = vocabulary.whole
      ? `${this.all.length.toLocaleString("en")} images are all that it can draw`
      : `the ${this.all.length.toLocaleString("en")} codes that ${count.toLocaleString("en")} test images use most`;
    const unused = vocabulary.whole ? (dead ? `, ${dead} of them used by no test image` : ", all in use") : "";
    this.summary.replaceChildren(`${what}${unused} · perplexity ${figure(perplexity(this.all.map((entry) => entry.count)), 1)}`, term("perplexity"));
    this.arrange();
  }

  private arrange(): void {
    const { vocabulary, order } = this;
    if (!vocabulary) return;
    this.shown = [...this.all];
    if (order === "use") this.shown.sort((a, b) => b.count - a.count);
    if (order === "class") this.shown.sort((a, b) => (a.label < 0 ? 99 : a.label) - (b.label < 0 ? 99 : b.label) || b.count - a.count);
    this.places = new Map(this.shown.map((entry, i) => [entry.tokens.join(), i]));
    this.fit();
    this.mark();
    const z = vocabulary.vectors(this.shown.map((entry) => entry.tokens));
    this.store.engine.decodeMany([{ channel: "wall", z, count: this.shown.length, done: (rgba, count) => this.wall.load(rgba, count) }]);
    this.wall.choose(-1);
    this.follow();
  }

  private mark(): void {
    const { labelNames } = this.store.model;
    const colours = labelNames.length ? classColours(labelNames.length) : [];
    const most = Math.max(1, ...this.shown.map((entry) => entry.count));
    const plain = getComputedStyle(this.root).getPropertyValue("--accent") || "#2f6fde";
    this.wall.mark(this.shown.map(({ count, label }) => ({ length: count / most, colour: colours[label] ?? plain, faint: !count })));
  }

  override theme(): void {
    super.theme();
    this.mark();
  }

  private fit(): void {
    const { vocabulary } = this;
    if (!vocabulary || !this.root.clientWidth) return;
    const { code } = vocabulary;
    this.wall.fit(this.root.clientWidth - 4, this.shown.length, 96, this.order === "number" ? (code.levels?.[0] ?? 1) : 1);
  }

  private pick(i: number): void {
    const { vocabulary, store } = this;
    if (vocabulary) store.setZ(vocabulary.vector(this.shown[i].tokens));
  }

  /** The chosen tile is the one of z. */
  private follow(): void {
    const { vocabulary } = this;
    if (!vocabulary) return;
    this.wall.choose(this.places.get(vocabulary.nearest(this.store.z).join()) ?? -1);
    this.described = -2;
    this.describe(null);
  }

  /** Say what is known of tile i, or of the chosen one. */
  private describe(i: number | null): void {
    const { vocabulary, store: { model, library } } = this;
    const at = i ?? this.wall.chosen;
    if (!vocabulary || at === this.described) return;
    this.described = at;
    const entry = this.shown[at];
    this.examplesFigure.hidden = !entry?.count;
    if (!entry) return void (this.about.textContent = "Press an image to draw it.");
    const name = codeName(vocabulary.code, entry.tokens);
    const kind = entry.label >= 0 ? `, ${Math.round(100 * entry.share)} % of them ${model.labelNames[entry.label]}` : "";
    const used = entry.count ? `${entry.count.toLocaleString("en")} of ${vocabulary.count.toLocaleString("en")} test images have it${kind}:` : "No test image has it.";
    this.about.textContent = `${name}. ${used}`;
    const rows = vocabulary.imagesOf(entry.tokens, EXAMPLES);
    this.examples.forEach((canvas, k) => {
      canvas.hidden = k >= rows.length;
      if (k < rows.length) void library.drawOriginal(rows[k], canvas, () => this.described === at);
    });
  }
}
