import type { ExploreStore } from "../explore/store";
import { button, Choice, h } from "../ui/dom";
import type { Pair } from "./exchange";
import { type Factor, factorsOf, ValueMeans } from "./lines";

type By = "dimensions" | "means";

const ABOUT: Record<By, string> = {
  dimensions: "Every dimension that says at least half as much about a factor as the one that says most comes from B.",
  means: "z moves to B's place along the line between the mean codes of the two values.",
};

/** A button for each known factor that takes it from B: by the dimensions that say most of it, or along class means. */
export class FactorButtons {
  readonly root: HTMLElement;
  readonly factors = factorsOf(this.store.model);
  private by: By;
  private readonly choice: Choice<By>;
  private readonly about = h("p", { className: "hint" });
  private readonly list = h("div", { className: "takes" });
  private means = new Map<string, ValueMeans>();

  constructor(private readonly store: ExploreStore, private readonly changed: () => void) {
    const known = this.factors.some((factor) => factor.known);
    const better = mean(this.factors.map((factor) => factor.known?.exact ?? 0)) >= mean(this.factors.map((factor) => factor.known?.exactMeans ?? 0));
    const { columns, dimensions } = store.exchange;
    this.by = known && !columns.size && (better || dimensions.size) ? "dimensions" : "means";
    this.choice = new Choice<By>("how a factor is taken", [["dimensions", "its dimensions"], ["means", "class means"]], this.by, (by) => this.use(by));
    this.choice.root.hidden = !known;
    this.root = h("div", { className: "asking", hidden: !this.factors.length }, h("div", { className: "method" }, h("span", { className: "hint" }, known ? "Take from B, by" : "Take from B, along class means"), this.choice.root), this.list, this.about);
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", "factors to take from B");
  }

  /** Take something to begin with from B, so that there is something to see. False if there is nothing to take. */
  begin([a, b]: Pair, far: (k: number) => number): boolean {
    const { exchange } = this.store;
    if (this.by === "means") {
      const apart = this.factors.filter(({ column }) => this.line(column.key, a, b));
      const best = largest(apart, ({ known }) => known?.exactMeans ?? 0);
      if (best) exchange.columns.add(best.column.key);
      return Boolean(best);
    }
    const known = this.factors.flatMap((factor) => (factor.known?.dimensions.length ? [factor.known.dimensions] : []));
    const best = largest(known, (dimensions) => mean(dimensions.map(far)));
    if (best) exchange.take(best, true);
    return Boolean(best);
  }

  /** Read the factors of all images anew; resolves once they are there. */
  async load(codes: Float32Array): Promise<void> {
    const { library, model } = this.store;
    const columns = await Promise.all(this.factors.map(({ column }) => library.column(column.key)));
    this.means = new Map(columns.flatMap(({ column, categories }) => (categories ? [[column.key, new ValueMeans(codes, model.latentSize, categories)] as const] : [])));
  }

  /** The line between class means for two images; null where they have the same value. */
  readonly line = (key: string, a: number, b: number): Float64Array | null => this.means.get(key)?.line(a, b) ?? null;

  show(): void {
    const { exchange } = this.store;
    const { by } = this;
    const focus = [...this.list.children].findIndex((child) => child.matches(":focus"));
    this.list.replaceChildren(...this.factors.map((factor) => this.button(factor)));
    if (focus >= 0) (this.list.children[focus] as HTMLElement).focus();
    const measured = this.factors.some(({ known }) => (by === "means" ? known?.exactMeans : known?.exact) != null);
    this.about.textContent = `${ABOUT[by]}${measured ? " In brackets: in how many of 500 pairs exactly this factor changes, as a judge of pixels reads it." : ""}`;
    if (exchange.pair) this.choice.set(by);
  }

  private button(factor: Factor): HTMLButtonElement {
    const { exchange } = this.store;
    const { column: { key, label, names }, known } = factor;
    const byMeans = this.by === "means";
    const dimensions = known?.dimensions ?? [];
    const share = byMeans ? (exchange.columns.has(key) ? "all" : "none") : exchange.share(dimensions);
    const exact = byMeans ? known?.exactMeans : known?.exact;
    const [from, to] = (exchange.pair ?? []).map((row) => names?.[this.means.get(key)?.value(row) ?? -1] ?? "");
    const element = button(`${label}${exact == null ? "" : ` (${Math.round(100 * exact)} %)`}`, () => {
      if (!byMeans) exchange.take(dimensions, share !== "all");
      else exchange.columns[share === "all" ? "delete" : "add"](key);
      this.changed();
    });
    element.setAttribute("aria-pressed", share === "all" ? "true" : share === "some" ? "mixed" : "false");
    const same = from === to && from !== "";
    element.disabled = byMeans ? same && share === "none" : !dimensions.length;
    element.title = element.disabled ? (byMeans ? `${label} is ${from} in both images` : `no dimension says anything of ${label}`) : same ? `take ${label} from B: it is ${from} in both images` : `take ${label} from B: ${from} → ${to}`;
    return element;
  }

  private use(by: By): void {
    this.by = by;
    this.show();
  }
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

function largest<T>(list: T[], size: (one: T) => number): T | undefined {
  return list.reduce<T | undefined>((best, one) => (best === undefined || size(one) > size(best) ? one : best), undefined);
}
