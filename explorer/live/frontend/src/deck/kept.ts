import type { SceneSource } from "../schema";

const KEY = "latent explorer: scenes";

/** The scenes that this browser keeps; none where it keeps nothing, or has something else under that name. */
export function keptScenes(): SceneSource[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? (found as SceneSource[]) : [];
  } catch {
    return [];
  }
}

/** Keep the scenes in this browser, so that reloading the page loses none. */
export function keepScenes(scenes: readonly SceneSource[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(scenes));
  } catch {
    // private windows and full stores: the scenes last as long as the visit
  }
}
