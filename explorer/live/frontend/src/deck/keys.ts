import { numberKeys } from "../page/number-keys";
import type { DeckScene, StageData } from "../schema";

/** What the keys do while a scene is on show. */
export function keysOf({ entry, data }: DeckScene): string {
  const { model, view } = (entry === "stage" ? data : {}) as unknown as Partial<StageData>;
  const numbers = model?.code ? numberKeys(model.code, view === "explore") : "1–9: take a slider";
  return `p: full screen · → ←: step · ${numbers} · o: notes`;
}
