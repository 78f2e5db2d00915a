import type { Code } from "../schema";

const SLIDERS = "1–9: select a slider, ← →: move it";

/** "1" of one, "1–3" of three: there are nine number keys. */
const upTo = (count: number): string => (count > 1 ? `1–${Math.min(9, count)}` : "1");

/**
 * What the number keys do with a model: they select a slider or, of discrete codes, what a code is made of. `painted` says
 * whether a grid of words is on the page to be painted.
 */
export function numberKeys(code: Code | null | undefined, painted = true): string {
  if (!code) return SLIDERS;
  if (code.side) return painted ? "1: the tokens, 2: the words, arrow keys and Enter: paint" : "1: the words, arrow keys: choose one";
  switch (code.kind) {
    case "categorical":
      return code.tokens > 1 ? `${upTo(code.tokens)}: select a group, ← →: its boxes` : `${upTo(code.words)}: select a box`;
    case "binary":
      return `${upTo(code.tokens)}: turn a switch`;
    case "fsq":
      return `${upTo(code.levels?.length ?? 1)}: select a dimension, ← →: its levels`;
    default:
      return `${upTo(Math.min(code.words, NEIGHBOURS) - 1)}: a word like the present one`;
  }
}

/** Words that are offered for one of a code book, itself among them. */
export const NEIGHBOURS = 9;
