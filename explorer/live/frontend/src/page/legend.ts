import { classColours } from "../map";
import { h, swatch } from "../ui/dom";

/** Colours of the classes, each a button that hides or shows it. Values have their colour bar on the map. */
export class Legend {
  readonly root = h("div", { className: "legend", role: "group", "aria-label": "classes" });

  constructor(private readonly setHidden: (hidden: number[]) => void) {}

  /** Show these classes, `initial` ones hidden, in their `own` colours if they have any. */
  show(names: string[], initial: readonly number[] = [], own?: string[]): void {
    const hidden = new Set(initial);
    const colours = own ?? classColours(names.length);
    const items = names.map((name, i) => {
      const item = h("button", { type: "button", "aria-pressed": String(!hidden.has(i)), title: `show or hide ${name}; double-click shows it alone` }, swatch(colours[i]), name);
      item.addEventListener("click", () => set(hidden.has(i) ? [...hidden].filter((k) => k !== i) : [...hidden, i]));
      item.addEventListener("dblclick", () => set(names.map((_, k) => k).filter((k) => k !== i)));
      return item;
    });
    const set = (next: number[]) => {
      hidden.clear();
      // hiding the last class shows all of them
      if (next.length < names.length) next.forEach((k) => hidden.add(k));
      items.forEach((item, k) => item.setAttribute("aria-pressed", String(!hidden.has(k))));
      this.setHidden([...hidden].sort((p, q) => p - q));
    };
    this.root.replaceChildren(...items);
  }
}
