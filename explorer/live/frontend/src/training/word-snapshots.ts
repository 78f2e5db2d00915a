import type { Decoder } from "../engine/decoder";
import type { Shape } from "../engine/pixels";
import { cropAll, middle } from "../latent/patches";
import { Vocabulary } from "../latent/vocabulary";
import { WordTimes } from "../latent/word-times";
import { Library } from "../page/library";
import { Snapshots } from "./snapshots";

export const REBUILT = 36;
/** Images that are decoded at a time, so that the page stays responsive. */
const BATCH = 128;

/** Images of a snapshot, one after the other: its words, and test images rebuilt from theirs. */
export interface WordPictures {
  words: Uint8ClampedArray<ArrayBuffer>;
  rebuilt: Uint8ClampedArray<ArrayBuffer>;
}

/** The words of every snapshot: what images use, and what its decoder makes of each. */
export class WordSnapshots extends Snapshots<WordPictures> {
  readonly code = this.model.code!;
  private readonly vocabularies: Vocabulary[] = [];
  times!: WordTimes;
  /** The numbers of the words that are shown. */
  shown: number[] = [];

  async open(): Promise<void> {
    const library = new Library(this.model, this.appRoot + this.model.base);
    const [files, labels] = await Promise.all([this.files("words"), library.labels()]);
    this.vocabularies.push(...files.map((bytes) => new Vocabulary(this.code, bytes)));
    this.times = new WordTimes(this.vocabularies, labels);
    this.shown = this.times.shown();
  }

  /** Number of test images. */
  get count(): number {
    return this.vocabularies[0].count;
  }

  /** The shape of a word's picture. */
  get shape(): Shape {
    return this.code.side ? middle(this.code.side, this.model.imageShape).shape : this.model.imageShape;
  }

  protected async draw(i: number, decoder: Decoder): Promise<WordPictures> {
    const { code, model: { imageShape }, shown, times } = this;
    const vocabulary = this.vocabularies[i];
    // a word of a grid is drawn as a whole grid of it
    const rows = shown.map((word) => (code.side ? new Array<number>(code.tokens).fill(word) : times.words[word]));
    const images = Array.from({ length: Math.min(REBUILT, this.count) }, (_, k) => vocabulary.of(Math.floor((k * this.count) / REBUILT)));
    const drawn = async (tokens: readonly ArrayLike<number>[], cut: (rgba: Uint8ClampedArray<ArrayBuffer>, count: number) => Uint8ClampedArray<ArrayBuffer>) => {
      const parts: Uint8ClampedArray[] = [];
      for (let from = 0; from < tokens.length; from += BATCH) {
        const batch = tokens.slice(from, from + BATCH);
        parts.push(cut(await decoder.decode(vocabulary.vectors(batch), batch.length), batch.length));
        await new Promise((resume) => setTimeout(resume));
      }
      const all = new Uint8ClampedArray(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    };
    return {
      words: await drawn(rows, (rgba, count) => (code.side ? cropAll(rgba, count, code.side, imageShape) : rgba)),
      rebuilt: await drawn(images, (rgba) => rgba),
    };
  }
}
