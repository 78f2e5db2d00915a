import type { ExploreStore } from "./store";
import { NEIGHBOURS } from "../page/number-keys";
import { oncePerFrame, View } from "../page/view";
import { figure, h } from "../ui/dom";
import { term } from "../ui/term";
import { OptionRow } from "./option-row";
import { levelsOf, type Vocabulary, wordOf } from "../latent/vocabulary";

const RATE_DECIMALS = 2;

let instances = 0;

/** The present code as what it is made of: boxes to press, switches, sliders with steps, or a word and those like it. */
export class CodePanel extends View {
  readonly root: HTMLElement;
  private readonly prefix = `code${++instances}/`;
  private readonly list = h("div", { className: "rows" });
  private rows: { row: OptionRow; at: (tokens: readonly number[]) => number; options: (tokens: readonly number[]) => number[][] }[] = [];
  private vocabulary: Vocabulary | null = null;
  private readonly decode = oncePerFrame(() => this.request());

  constructor(private readonly store: ExploreStore) {
    super();
    const code = store.model.code!;
    const most = code.tokens * Math.log(code.words);
    const rate = store.model.rate?.reduce((sum, nats) => sum + nats, 0) ?? 0;
    const fixed = code.kind === "fsq" || code.kind === "vq";
    this.root = h(
      "section",
      { className: "dimensions code-panel", "aria-label": "the code" },
      h(
        "header",
        {},
        h("span", { className: "hint" }, `${code.title} · ${figure(rate, RATE_DECIMALS)} nats`, term("rate"), fixed ? "" : ` of at most ${figure(most, RATE_DECIMALS)}`, ` · words have an entropy of ${figure(code.entropy, RATE_DECIMALS)}`),
      ),
      this.list,
    );
    this.onDispose(store.on("z", () => this.changed()), () => store.engine.drop(this.prefix));
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const vocabulary = await this.store.library.vocabulary();
    this.vocabulary = vocabulary;
    this.rows = this.build(vocabulary);
    this.list.replaceChildren(...this.rows.map(({ row }) => row.root));
    this.onResize(this.root, () => this.fit());
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const found = this.rows.find(({ row }) => row.root === entry.target);
          if (found) found.row.visible = entry.isIntersecting;
        }
        this.changed();
      },
      { rootMargin: "120px" },
    );
    for (const { row } of this.rows) observer.observe(row.root);
    this.onDispose(() => observer.disconnect());
    this.fit();
  }

  private build(vocabulary: Vocabulary): CodePanel["rows"] {
    const { model } = this.store;
    const { code } = vocabulary;
    const numbers = (count: number) => Array.from({ length: count }, (_, k) => String(k + 1));
    const set = (tokens: readonly number[]) => this.store.setZ(vocabulary.vector(tokens));
    const now = () => vocabulary.nearest(this.store.z);
    const usage = vocabulary.usage();
    if (code.kind === "fsq" && code.tokens === 1) {
      const levels = code.levels!;
      return levels.map((count, k) => {
        const replaced = (tokens: readonly number[], level: number) => [wordOf(levelsOf(tokens[0], levels).map((old, j) => (j === k ? level : old)), levels)];
        const row = new OptionRow(model.imageShape, { name: `level ${k + 1}`, label: `level of dimension ${k + 1}`, names: numbers(count), as: "slider", remark: `${count} levels`, most: 52 }, (level) => set(replaced(now(), level)));
        return { row, at: (tokens) => levelsOf(tokens[0], levels)[k], options: (tokens) => numbers(count).map((_, level) => replaced(tokens, level)) };
      });
    }
    if (code.kind === "vq" || code.kind === "fsq") {
      const row = new OptionRow(model.imageShape, { name: "words", label: "the word and those most like it", names: Array.from({ length: Math.min(NEIGHBOURS, code.words) }, (_, k) => (k ? `+${k}` : "now")), as: "buttons", remark: "by distance in the code book", most: 52, numberedFrom: 1 }, (k) => set([vocabulary.neighbours(now()[0], NEIGHBOURS)[k]]));
      return [{ row, at: () => 0, options: (tokens) => vocabulary.neighbours(tokens[0], NEIGHBOURS).map((word) => [word]) }];
    }
    return Array.from({ length: code.tokens }, (_, t) => {
      const replaced = (tokens: readonly number[], word: number) => tokens.map((old, j) => (j === t ? word : old));
      const binary = code.kind === "binary";
      const on = usage[t * code.words + 1] / Math.max(1, vocabulary.count);
      const unused = numbers(code.words).filter((_, k) => !usage[t * code.words + k]);
      const remark = binary ? `on in ${Math.round(100 * on)} % of images` : unused.length ? `${unused.join(", ")} unused` : "";
      const name = binary ? `switch ${t + 1}` : code.tokens > 1 ? `group ${t + 1}` : "boxes";
      const row = new OptionRow(
        model.imageShape,
        { name, label: name, names: binary ? ["off", "on"] : numbers(code.words), as: binary ? "switch" : "buttons", remark, most: binary ? 44 : 64, ...(code.tokens === 1 ? { numberedFrom: 0 } : {}) },
        (word) => set(replaced(now(), word)),
      );
      return { row, at: (tokens) => tokens[t], options: (tokens) => Array.from({ length: code.words }, (_, word) => replaced(tokens, word)) };
    });
  }

  private fit(): void {
    const style = getComputedStyle(this.root);
    const margins = ["--label-width", "--number-width"].reduce((sum, name) => sum + (parseFloat(style.getPropertyValue(name)) || 0), 0);
    const stacked = this.root.clientWidth < 520;
    this.root.classList.toggle("stacked", stacked);
    const width = this.root.clientWidth - (stacked ? 0 : margins + 28);
    for (const { row } of this.rows) row.fit(Math.max(width, 120));
    this.changed();
  }

  private changed(): void {
    const { vocabulary } = this;
    if (!vocabulary) return;
    const tokens = vocabulary.nearest(this.store.z);
    for (const { row, at } of this.rows) row.show(at(tokens));
    this.decode();
  }

  private request(): void {
    const { vocabulary } = this;
    if (!vocabulary) return;
    const tokens = vocabulary.nearest(this.store.z);
    const batches = this.rows.map(({ row, options }, k) => (row.visible ? row.batch(this.prefix + k, vocabulary.vectors(options(tokens))) : null));
    this.store.engine.decodeMany(batches.filter((batch) => batch !== null));
  }
}
