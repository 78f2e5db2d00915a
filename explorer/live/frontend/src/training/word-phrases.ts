import type { Moment } from "../latent/word-times";
import type { Code } from "../schema";

/** What one word of a code is called, and many: switches and groups of boxes make a code together. */
export type Names = readonly [one: string, many: string];

export function namesOf({ kind, shared, tokens }: Code): Names {
  return shared ? ["word", "words"] : kind === "categorical" && tokens === 1 ? ["box", "boxes"] : ["code", "codes"];
}

const counted = (count: number, [one, many]: Names): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** "3 words were born, 1 died since the snapshot before." */
export function changeOf({ born, back, died, used }: Moment, first: boolean, names: Names): string {
  if (first) return `${counted(used, names)} in use at the first snapshot.`;
  const changes = [[born.size, born.size === 1 ? "was born" : "were born"], [back.size, "came back"], [died.size, "died"]] as const;
  const parts = changes.filter(([count]) => count);
  if (!parts.length) return `The same ${names[1]} in use as at the snapshot before.`;
  return `${parts.map(([count, what], i) => `${i ? count.toLocaleString("en") : counted(count, names)} ${what}`).join(", ")} since the snapshot before.`;
}

/** When a word is in use, by the epochs of all snapshots: "in use from epoch 4 on". */
export function lifeOf(life: readonly boolean[], epochs: readonly number[]): string {
  const [first, last] = [life.indexOf(true), life.lastIndexOf(true)];
  if (first < 0) return "in use at no snapshot";
  const gaps = life.slice(first, last + 1).every(Boolean) ? "" : ", with gaps";
  if (last === life.length - 1) return first ? `in use from epoch ${epochs[first]} on${gaps}` : `in use from the first snapshot on${gaps}`;
  return first === last ? `in use at epoch ${epochs[first]} only` : `in use from epoch ${epochs[first]} to ${epochs[last]}${gaps}`;
}
