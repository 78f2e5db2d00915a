import { figure, h } from "../ui/dom";
import type { ColumnValues } from "../page/library";
import type { ExploreStore } from "./store";

/** Summary of the selected codes: count, classes, mean error and rate. */
export class SelectionSummary {
  readonly root = h("p", { className: "hint selection", role: "status" });
  private latest = 0;

  constructor(private readonly store: ExploreStore) {}

  show(rows: Uint32Array): void {
    const { store } = this;
    store.put("selection", Array.from(rows), "selection");
    const turn = ++this.latest;
    if (!rows.length) return void (this.root.textContent = "");
    const keys = store.model.columns.map((c) => c.key).filter((key) => ["labels", "error", "rate"].includes(key));
    const describe = ({ column, categories, values }: ColumnValues) =>
      categories ? classes(rows, categories, column.names!) : `mean ${column.label} ${figure(mean(rows, values!), 1)} ${column.unit ?? ""}`;
    const show = (columns: ColumnValues[]) => {
      if (turn === this.latest) this.root.textContent = [`${rows.length.toLocaleString("en")} selected`, ...columns.map(describe)].join(" · ");
    };
    Promise.all(keys.map((key) => store.library.column(key))).then(show).catch(store.fail);
  }
}

export const mean = (rows: ArrayLike<number>, values: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
  return sum / rows.length;
};

/** The most frequent classes with their shares: "8: 61 %, 3: 22 %, others: 17 %". */
export function classes(rows: ArrayLike<number>, categories: ArrayLike<number>, names: string[], most = 3): string {
  const counts = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) counts.set(categories[rows[i]], (counts.get(categories[rows[i]]) ?? 0) + 1);
  const sorted = [...counts].sort((p, q) => q[1] - p[1]);
  const share = (count: number) => `${Math.round((100 * count) / rows.length)} %`;
  const largest = sorted.slice(0, most).map(([value, count]) => `${names[value] ?? value}: ${share(count)}`);
  const rest = sorted.slice(most).reduce((sum, [, count]) => sum + count, 0);
  return [...largest, ...(rest ? [`others: ${share(rest)}`] : [])].join(", ");
}
