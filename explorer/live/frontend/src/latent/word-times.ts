import type { Code } from "../schema";
import { allCodes, MOST_CODES, perplexity, type Vocabulary } from "./vocabulary";
import { useOf, type WordUse } from "./word-plane";

/** The most words of a grid that are shown, and the most codes where not all are listed. */
const [MOST_ON_GRID, MOST_UNLISTED] = [512, 240];
const NONE: WordUse = { count: 0, label: -1, share: 0 };

/** The words at one snapshot: what images use, and what has changed since the snapshot before. */
export interface Moment {
  use: readonly WordUse[];
  used: number;
  perplexity: number;
  /** In use for the first time; none at the first snapshot. */
  born: ReadonlySet<number>;
  /** In use again. */
  back: ReadonlySet<number>;
  /** In use at the snapshot before, and no longer. */
  died: ReadonlySet<number>;
}

/**
 * The words of a code through a training. A word is one of a code book, which all tokens share, one of several boxes, or,
 * of switches and of groups of boxes, the whole code.
 */
export class WordTimes {
  /** The tokens of every word; of too many codes, those that are in use at any snapshot. */
  readonly words: readonly (readonly number[])[];
  /** How many words there are, in use or not. */
  readonly all: number;
  readonly moments: readonly Moment[] = [];
  private readonly code: Code;

  /** By the vocabularies at all snapshots, and the classes of their images. */
  constructor(vocabularies: readonly Vocabulary[], labels: ArrayLike<number> | null) {
    this.code = vocabularies[0].code;
    const { shared, words, tokens } = this.code;
    this.all = shared ? words : words ** tokens;
    const found = vocabularies.map((vocabulary) => usesOf(vocabulary, labels));
    this.words = shared ? Array.from({ length: words }, (_, word) => [word]) : vocabularies[0].whole ? allCodes(this.code) : everUsed(found);
    const keys = this.words.map((row) => row.join());
    this.moments = momentsOf(found.map((uses) => keys.map((key) => uses.get(key) ?? NONE)));
  }

  /** The numbers of the words to show: all of them in order or, of too many, those that images use most. */
  shown(): number[] {
    const numbers = this.words.map((_, word) => word);
    const most = this.code.side ? MOST_ON_GRID : this.all > MOST_CODES ? MOST_UNLISTED : Infinity;
    if (numbers.length <= most) return numbers;
    const total = numbers.map((word) => this.moments.reduce((sum, { use }) => sum + use[word].count, 0));
    return numbers.sort((a, b) => total[b] - total[a] || a - b).slice(0, most);
  }

  /** At which snapshots a word is in use. */
  life(word: number): boolean[] {
    return this.moments.map(({ use }) => use[word].count > 0);
  }
}

/** The use of every word that has any, by its tokens. */
function usesOf(vocabulary: Vocabulary, labels: ArrayLike<number> | null): Map<string, WordUse> {
  if (vocabulary.code.shared) return new Map(useOf(vocabulary, labels).map((use, word) => [String(word), use]));
  return new Map(vocabulary.entries(labels).map(({ tokens, ...use }) => [tokens.join(), use]));
}

function everUsed(found: readonly Map<string, WordUse>[]): number[][] {
  const keys = new Set(found.flatMap((uses) => [...uses.keys()]));
  return [...keys].map((key) => key.split(",").map(Number));
}

function momentsOf(uses: readonly (readonly WordUse[])[]): Moment[] {
  const lived = new Set<number>();
  let before: ReadonlySet<number> | null = null;
  return uses.map((use) => {
    const now = new Set(use.flatMap(({ count }, word) => (count ? [word] : [])));
    const last: ReadonlySet<number> = before ?? now;
    const come = [...now].filter((word) => !last.has(word));
    const moment: Moment = {
      use,
      used: now.size,
      perplexity: perplexity(use.map(({ count }) => count)),
      born: new Set(come.filter((word) => !lived.has(word))),
      back: new Set(come.filter((word) => lived.has(word))),
      died: new Set([...last].filter((word) => !now.has(word))),
    };
    for (const word of now) lived.add(word);
    before = now;
    return moment;
  });
}
