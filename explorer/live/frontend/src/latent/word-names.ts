import type { Code } from "../schema";
import { levelsOf } from "./vocabulary";

/** A code in words: "box 4", "switches 1, 3 on", "levels 5·2·1" or "word 17". */
export function codeName({ kind, levels }: Pick<Code, "kind" | "levels">, tokens: readonly number[]): string {
  switch (kind) {
    case "categorical":
      return tokens.length === 1 ? `Box ${tokens[0] + 1}` : `Boxes ${tokens.map((token) => token + 1).join("·")}`;
    case "binary": {
      const on = tokens.flatMap((token, t) => (token ? [t + 1] : []));
      return on.length ? `Switch${on.length > 1 ? "es" : ""} ${on.join(", ")} on` : "All switches off";
    }
    case "fsq": {
      const at = levelsOf(tokens[0], levels ?? []).map((level) => level + 1);
      return `Levels ${at.join("·")}, word ${tokens[0] + 1}`;
    }
    default:
      return `Word ${tokens[0] + 1}`;
  }
}
