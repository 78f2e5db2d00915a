import type { Theme } from "./types";

/** The page's colours for a map, light or dark, and its font size; null while the element is not in the page. */
export function themeOf(element: Element): Theme | null {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  if (!colour("--ground")) return null;
  return {
    background: colour("--ground"),
    foreground: colour("--text"),
    accent: colour("--accent"),
    muted: colour("--quiet"),
    grid: colour("--faint"),
    letter: Math.max(12, 0.8 * parseFloat(style.fontSize)), // grows with the page's, in full screen
  };
}
