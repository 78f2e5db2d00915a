import type { Column } from "../model";
import { figure, h } from "../ui/dom";

/** What the colours mean; classes can be hidden and shown. */
export class Legend {
  readonly root = h("div", { className: "legend" });

  constructor(
    private readonly hide: (hidden: ReadonlySet<number>) => void,
    private readonly colourOf: (category: number) => string,
    private readonly scale: () => readonly string[],
  ) {}

  show(column: Column, categories: ArrayLike<number> | null, values: Float32Array | null): void {
    this.hide(new Set());
    if (categories) this.root.replaceChildren(...this.classes(column.names!));
    else if (values) this.root.replaceChildren(...this.gradient(values, column));
  }

  private classes(names: string[]): HTMLElement[] {
    const hidden = new Set<number>();
    const items = names.map((name, i) => {
      const swatch = h("i", {});
      swatch.style.background = this.colourOf(i);
      const item = h("button", { type: "button", "aria-pressed": "true", title: `show or hide ${name}; double-click shows it alone` }, swatch, name);
      item.addEventListener("click", () => set(hidden.has(i) ? without(hidden, i) : new Set([...hidden, i])));
      item.addEventListener("dblclick", () => set(new Set(names.map((_, k) => k).filter((k) => k !== i))));
      return item;
    });
    const set = (next: ReadonlySet<number>) => {
      hidden.clear();
      // with nothing left to see, everything comes back
      if (next.size < names.length) next.forEach((k) => hidden.add(k));
      items.forEach((item, k) => item.setAttribute("aria-pressed", String(!hidden.has(k))));
      this.hide(new Set(hidden));
    };
    return items;
  }

  private gradient(values: Float32Array, { unit }: Column): HTMLElement[] {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    const bar = h("i", { className: "gradient" });
    bar.style.background = `linear-gradient(90deg, ${this.scale().join(", ")})`;
    return [h("small", {}, figure(low, 1)), bar, h("small", {}, `${figure(high, 1)} ${unit ?? ""}`)];
  }
}

const without = (set: ReadonlySet<number>, i: number): Set<number> => new Set([...set].filter((k) => k !== i));
