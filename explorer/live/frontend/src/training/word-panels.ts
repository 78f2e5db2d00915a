import { codeName } from "../latent/word-names";
import { classColours, type Theme } from "../map";
import type { SnapshotList } from "../schema";
import { figure, h, swatch } from "../ui/dom";
import { type Mark, TileWall } from "../ui/tile-wall";
import { term } from "../ui/term";
import { pictureSide, type Side } from "./film";
import { Panels } from "./panels";
import { Sheet } from "./sheet";
import { BORN, DIED, PERPLEXITY, WordCurve } from "./word-curve";
import { changeOf, lifeOf, type Names, namesOf } from "./word-phrases";
import { REBUILT, WordSnapshots } from "./word-snapshots";

const COLUMNS = 6;
/** The widest tile of a word, of a word of a grid, which is a few pixels of an image, and on a slide. */
const [WIDEST, WIDEST_ON_GRID, WIDEST_ON_SLIDE] = [72, 48, 160];
const FILMED = 300;

/** The words of a discrete code through its training: each as it is drawn at that moment, and how often it is used. */
export class WordPanels extends Panels {
  readonly root: HTMLElement;
  readonly heading: string;
  private readonly snapshots: WordSnapshots;
  private readonly names: Names;
  private readonly curve: WordCurve;
  private readonly figures = h("div", { className: "key word-key" });
  private readonly change = h("p", { className: "word-change" });
  private readonly wall: TileWall;
  private readonly place = h("div", { className: "wall-place" });
  private readonly about = h("p", { className: "hint about" });
  private readonly rebuilt: Sheet;
  override readonly below: HTMLElement[];
  private i = -1;
  private hovered: number | null = null;

  /** `go` takes the snapshot that is pressed on the curve. */
  constructor(history: SnapshotList, appRoot: string, go: (i: number) => void) {
    super();
    const snapshots = (this.snapshots = new WordSnapshots(history, appRoot));
    const { model, code } = snapshots;
    this.names = namesOf(code);
    this.curve = this.own(new WordCurve(go));
    this.heading = `The same ${model.count.toLocaleString("en")} test images at each of ${snapshots.last + 1} snapshots: what its decoder makes of every ${this.names[0]}, and below each how often images use it.`;
    this.wall = new TileWall(
      snapshots.shape,
      `${this.names[1]} of this snapshot`,
      (tile) => {
        this.wall.choose(tile);
        this.describe();
      },
      (tile) => {
        this.hovered = tile;
        this.describe();
      },
    );
    this.rebuilt = new Sheet(model.imageShape, COLUMNS, REBUILT / COLUMNS, "rebuilt");
    this.place.append(this.wall.canvas);
    this.onResize(this.place, () => this.fit());
    this.below = [this.curve.root, this.figures, this.change];
    this.root = h(
      "div",
      { className: "panels of-words" },
      h("figure", { className: "word-wall" }, h("header", {}, h("b", {}, capital(this.names[1])), h("small", { className: "key" }, h("span", {}, frame(BORN, false), "new in use"), h("span", {}, frame(DIED, true), "no longer in use"))), this.place, this.about),
      h("figure", {}, h("header", {}, h("b", {}, "Rebuilt"), h("small", {}, `test images, from their ${this.names[1]}`)), h("div", { className: "sampled" }, this.rebuilt.canvas)),
    );
  }

  async open(): Promise<void> {
    await this.snapshots.open();
    this.curve.set(this.snapshots.times.moments);
    this.fit();
  }

  private fit(): void {
    const { place, snapshots } = this;
    // on a slide it has a height of its own
    const fills = getComputedStyle(place).getPropertyValue("--fills");
    if (!place.clientWidth || !snapshots.shown.length) return;
    const most = fills ? WIDEST_ON_SLIDE : snapshots.code.side ? WIDEST_ON_GRID : WIDEST;
    this.wall.fit(place.clientWidth - 4, snapshots.shown.length, most, this.block, fills ? place.clientHeight : 0);
  }

  /** Tiles that stand together in a row: the levels of FSQ that change fastest. */
  private get block(): number {
    const { code, shown, times } = this.snapshots;
    return code.kind === "fsq" && shown.length === times.words.length ? code.levels![0] : 1;
  }

  show(t: number): void {
    const i = Math.round(t);
    this.curve.show(t);
    if (i === this.i) return;
    this.i = i;
    this.mark();
    this.tell();
    this.describe();
  }

  override theme(): void {
    super.theme();
    if (this.i >= 0) this.mark();
  }

  private mark(): void {
    const accent = getComputedStyle(this.root).getPropertyValue("--accent") || "#2f6fde";
    this.wall.mark(this.marks(this.i, accent));
  }

  /** Bars say how often each word is used, and frames which came and left. */
  private marks(i: number, accent: string): Mark[] {
    const { times, shown, model, code } = this.snapshots;
    const { use, born, back, died } = times.moments[i];
    const most = Math.max(1, ...shown.map((word) => use[word].count));
    const colours = code.side ? [] : classColours(model.labelNames.length);
    return shown.map((word) => {
      const { count, label } = use[word];
      const come = born.has(word) || back.has(word);
      const mark: Mark = { length: count / most, colour: colours[label] ?? accent, faint: !count };
      return come || died.has(word) ? { ...mark, frame: { colour: come ? BORN : DIED, dashed: !come } } : mark;
    });
  }

  private tell(): void {
    const { times } = this.snapshots;
    const { used, perplexity } = times.moments[this.i];
    this.figures.replaceChildren(
      h("span", {}, swatch("var(--accent)"), "in use ", h("span", { className: "figure" }, used.toLocaleString("en")), ` of ${times.all.toLocaleString("en")}`),
      h("span", {}, swatch(PERPLEXITY), "perplexity ", h("span", { className: "figure" }, figure(perplexity, 1)), term("perplexity")),
    );
    this.change.textContent = this.changed(this.i);
  }

  private changed(i: number): string {
    return changeOf(this.snapshots.times.moments[i], i === 0, this.names);
  }

  override say(i: number): string {
    const { used, perplexity } = this.snapshots.times.moments[i];
    return `${used} ${this.names[1]} in use, perplexity ${figure(perplexity, 1)}; ${this.changed(i)}`;
  }

  /** What is known of the word under the pointer, or of the one that was pressed. */
  private describe(): void {
    const { times, shown, code, model, count: images, snapshots } = this.snapshots;
    const word = shown[this.hovered ?? this.wall.chosen];
    if (word === undefined) {
      const left = times.words.length - shown.length;
      this.about.textContent = left ? `The ${shown.length} of ${times.words.length.toLocaleString("en")} that images use most. Press one to follow it.` : `Press one to follow it.`;
      return;
    }
    const { count, label, share } = times.moments[this.i].use[word];
    const kind = label >= 0 ? `, ${Math.round(100 * share)} % of these ${code.side ? "in images of " : ""}${model.labelNames[label]}` : "";
    const percent = (100 * count) / (images * code.tokens);
    const now = !count ? "no test image uses it now" : code.side ? `${figure(percent, percent < 1 ? 2 : 1)} % of all tokens${kind}` : `${count.toLocaleString("en")} of ${images.toLocaleString("en")} test images${kind}`;
    this.about.textContent = `${codeName(code, times.words[word])}: ${now}; ${lifeOf(times.life(word), snapshots.map(({ epoch }) => epoch))}.`;
  }

  async decode(i: number): Promise<() => void> {
    const { words, rebuilt } = await this.snapshots.decoded(i);
    return () => {
      this.wall.load(words, this.snapshots.shown.length);
      this.rebuilt.paint(rebuilt);
    };
  }

  async filmed(t: number, { accent }: Theme): Promise<[Side, Side]> {
    const { snapshots } = this;
    const i = Math.round(t);
    const { words, rebuilt } = await snapshots.decoded(i);
    const wall = new TileWall(snapshots.shape, "", () => undefined, () => undefined);
    wall.fit(FILMED, snapshots.shown.length, WIDEST, this.block, FILMED);
    wall.mark(this.marks(i, accent));
    wall.load(words, snapshots.shown.length);
    const sheet = new Sheet(snapshots.model.imageShape, COLUMNS, REBUILT / COLUMNS, "");
    sheet.paint(rebuilt);
    return [pictureSide(wall.canvas, true), pictureSide(sheet.canvas)];
  }
}

const capital = (word: string): string => word[0].toUpperCase() + word.slice(1);

/** The frame of a tile, as a mark of a legend. */
function frame(colour: string, dashed: boolean): HTMLElement {
  const mark = h("i", {});
  mark.style.cssText = `border: 2px ${dashed ? "dashed" : "solid"} ${colour}; background: none`;
  return mark;
}
