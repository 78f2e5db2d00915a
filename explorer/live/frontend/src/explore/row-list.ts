import { oncePerFrame, View } from "../page/view";
import type { AxisRow } from "./axis-row";
import type { ExploreStore } from "./store";

let instances = 0;

/** Keeps rows of sliders in step with z, as wide as their room, and decodes the strips of those on screen. */
export class RowList extends View {
  /** Of the rows' channels and ids; no other list has it. */
  readonly prefix = `rows${++instances}/`;
  rows: AxisRow[] = [];
  private readonly observer = new IntersectionObserver((entries) => this.seen(entries), { rootMargin: "120px" });
  /** Decode the visible strips, at most once per frame. */
  private readonly decode = oncePerFrame(() => {
    const batches = this.rows.map((row) => row.visible && row.batch(this.prefix));
    this.store.engine.decodeMany(batches.filter((batch) => !!batch));
  });

  /** `root` is the element that holds the rows. */
  constructor(private readonly store: ExploreStore, readonly root: HTMLElement) {
    super();
    this.onDispose(
      store.on("z", () => this.show()),
      store.on("beta", () => this.decodeAgain()),
      store.on("label", () => this.decodeAgain()),
      () => store.engine.drop(this.prefix),
      () => this.observer.disconnect(),
    );
    this.onResize(root, () => this.fit());
  }

  /** Keep these rows; those that were kept before are let go. */
  set(rows: AxisRow[]): void {
    this.observer.disconnect();
    this.rows = rows;
    for (const row of rows) this.observer.observe(row.root);
    this.fit();
  }

  /** Update sliders, numbers and strips from z. */
  show(): void {
    for (const row of this.rows) row.show();
    this.decode();
  }

  private decodeAgain(): void {
    for (const row of this.rows) row.forget();
    this.show();
  }

  /** Strips are decoded on screen only, the others once they are scrolled to. */
  private seen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const row = this.rows.find((r) => r.root === entry.target);
      if (row) row.visible = entry.isIntersecting;
    }
    this.show();
  }

  private fit(): void {
    if (!this.root.clientWidth) return;
    const style = getComputedStyle(this.root);
    const margins = ["--label-width", "--number-width"].reduce((sum, name) => sum + (parseFloat(style.getPropertyValue(name)) || 0), 0);
    const stacked = this.root.clientWidth < 520;
    this.root.classList.toggle("stacked", stacked);
    const width = this.root.clientWidth - (stacked ? 0 : margins + 28);
    for (const row of this.rows) row.fit(Math.max(width, 120));
    this.show();
  }
}
