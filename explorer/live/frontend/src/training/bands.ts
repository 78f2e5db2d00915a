import { dimensionName } from "../latent/dimensions";
import { classColours } from "../map/palette";
import type { Band } from "./chart";
import type { CurveLine } from "../schema";

const MOST = 8;
const REST = "#8b93a1";

/** The rate of each dimension, stacked; of many dimensions the largest ones and the sum of the rest. */
export function rateBands(lines: CurveLine[]): Band[] {
  const last = lines.at(-1)?.rates ?? [];
  const strongest = last.map((_, k) => k).sort((i, j) => last[j] - last[i] || i - j).slice(0, MOST);
  const chosen = last.length > MOST ? strongest.sort((i, j) => i - j) : last.map((_, k) => k);
  const colours = classColours(chosen.length);
  let below = lines.map(() => 0);
  const bands = chosen.map((k, i) => {
    below = lines.map((line, at) => below[at] + line.rates[k]);
    return { label: dimensionName(k), colour: colours[i], top: below };
  });
  if (chosen.length < last.length) bands.push({ label: `${last.length - chosen.length} others`, colour: REST, top: lines.map((line) => line.rate) });
  return bands;
}
