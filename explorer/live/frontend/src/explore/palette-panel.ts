import type { ExploreStore } from "./store";
import { numbered } from "../page/present";
import { View } from "../page/view";
import { figure, h } from "../ui/dom";
import { term } from "../ui/term";
import { cellOf, cropAll, middle, wordGrids } from "../latent/patches";
import { TileWall } from "../ui/tile-wall";
import type { Vocabulary } from "../latent/vocabulary";

const EXAMPLES = 8;
const SIZE = 48;

/** The words of a grid's code book, each as its own picture: one is the brush. */
export class PalettePanel extends View {
  readonly root: HTMLElement;
  private readonly wall: TileWall;
  private readonly about = h("p", { className: "hint about" });
  private readonly examples: HTMLCanvasElement[];
  private readonly scratch = h("canvas", {});
  private vocabulary: Vocabulary | null = null;
  private counts: Uint32Array = new Uint32Array(0);
  private described = -1;

  constructor(private readonly store: ExploreStore) {
    super();
    const { model } = store;
    const code = model.code!;
    this.wall = new TileWall(middle(code.side, model.imageShape).shape, "words of the code book", (word) => this.take(word), (word) => this.describe(word ?? store.painting.brush));
    this.examples = Array.from({ length: EXAMPLES }, () => h("canvas", { className: "picture" }));
    for (const canvas of this.examples) canvas.style.width = `${SIZE}px`;
    numbered(this.wall.canvas);
    const unused = code.words - code.used;
    this.root = h(
      "section",
      { className: "dimensions code-panel word-palette", "aria-label": "the words" },
      h(
        "header",
        {},
        h("span", { className: "hint" }, `${code.title} · ${unused ? `${unused} of them unused` : "all in use"} · perplexity ${figure(code.perplexity, 1)}`, term("perplexity"), ` · ${figure(code.tokens * Math.log(code.words), 1)} nats`, term("rate"), `, entropy ${figure(code.entropy, 1)}`),
      ),
      this.wall.canvas,
      this.about,
      h("div", { className: "examples" }, ...this.examples),
    );
    this.onResize(this.root, () => this.fit());
    this.onDispose(store.on("brush", () => this.choose()), () => store.engine.drop("palette"));
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const vocabulary = await this.store.library.vocabulary();
    this.vocabulary = vocabulary;
    const { words, side } = vocabulary.code;
    this.counts = new Uint32Array(words);
    for (const token of vocabulary.tokens) this.counts[token]++;
    const most = Math.max(1, ...this.counts);
    this.fit();
    const accent = getComputedStyle(this.root).getPropertyValue("--accent") || "#2f6fde";
    this.wall.mark(Array.from(this.counts, (count) => ({ length: count / most, colour: accent, faint: !count })));
    this.store.engine.decodeMany([
      {
        channel: "palette",
        z: wordGrids(vocabulary),
        count: words,
        done: (rgba, count) => {
          this.store.painting.patches = cropAll(rgba, count, side, this.store.model.imageShape);
          this.wall.load(this.store.painting.patches, count);
          this.store.emit("brush");
        },
      },
    ]);
    this.choose();
  }

  private fit(): void {
    if (this.vocabulary && this.root.clientWidth) this.wall.fit(this.root.clientWidth - 4, this.vocabulary.code.words, 44);
  }

  private take(word: number): void {
    this.store.painting.brush = word;
    this.store.emit("brush");
  }

  private choose(): void {
    this.wall.choose(this.store.painting.brush);
    this.describe(this.store.painting.brush);
  }

  /** What is known of a word, and patches of test images that chose it. */
  private describe(word: number): void {
    const { vocabulary, store } = this;
    if (!vocabulary || word === this.described) return;
    this.described = word;
    const { tokens, side } = vocabulary.code;
    const count = this.counts[word];
    const share = (100 * count) / Math.max(1, vocabulary.tokens.length);
    this.about.textContent = count ? `Word ${word + 1}: ${figure(share, share < 1 ? 2 : 1)} % of all tokens. Patches that chose it:` : `Word ${word + 1}: no test image uses it.`;
    const places: number[] = [];
    for (let i = 0, image = -1; i < vocabulary.tokens.length && places.length < EXAMPLES; i++)
      if (vocabulary.tokens[i] === word && Math.floor(i / tokens) !== image) {
        places.push(i);
        image = Math.floor(i / tokens);
      }
    void this.drawPatches(word, places, side, tokens, store.model.imageShape);
  }

  private async drawPatches(word: number, places: number[], side: number, tokens: number, shape: [number, number, number]): Promise<void> {
    this.examples.forEach((canvas, k) => (canvas.hidden = k >= places.length));
    for (const [k, place] of places.entries()) {
      const drawn = await this.store.library.drawOriginal(Math.floor(place / tokens), this.scratch);
      if (this.described !== word) return;
      this.examples[k].hidden = !drawn;
      const [x, y, w, h] = cellOf(place % tokens, side, shape);
      // the patch with what surrounds it
      const [left, top] = [x - w, y - h];
      [this.examples[k].width, this.examples[k].height] = [3 * w, 3 * h];
      this.examples[k].getContext("2d")!.drawImage(this.scratch, left, top, 3 * w, 3 * h, 0, 0, 3 * w, 3 * h);
    }
  }
}
