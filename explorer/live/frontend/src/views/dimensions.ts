import { DEAD_BELOW, rangeOf } from "../latent/dimensions";
import type { RangeChoice } from "../model";
import type { Session } from "../session";
import { Choice, h } from "../ui/dom";
import { DimensionRow } from "./dimension-row";

let instances = 0;

/** All latent dimensions as sliders, what carries most first, and those that carry nothing folded away. */
export class Dimensions {
  readonly root: HTMLElement;
  readonly rows: DimensionRow[];
  private readonly prefix = `dims${++instances}`;
  private readonly off: (() => void)[];
  private readonly observers: { disconnect(): void }[] = [];
  private readonly list: HTMLElement;
  private readonly choice: Choice<RangeChoice["kind"]>;
  private readonly k: HTMLInputElement;
  private asked = false;

  constructor(private readonly session: Session) {
    const { order } = session;
    const make = (dimensions: number[]) => dimensions.map((k) => new DimensionRow(session, k, this.prefix));
    const [live, dead] = [make(order.live), make(order.dead)];
    this.rows = [...live, ...dead];
    this.choice = new Choice(
      "range of the sliders",
      [
        ["prior", "prior"],
        ["data", "data 1–99 %"],
      ],
      session.range.kind,
      (kind) => session.setRange({ ...session.range, kind }),
    );
    this.k = h("input", { type: "number", min: "0.5", max: "10", step: "0.5", className: "figure", "aria-label": "range in prior standard deviations" });
    this.k.addEventListener("input", () => {
      const k = this.k.valueAsNumber;
      if (k >= 0.5 && k <= 10) session.setRange({ kind: "prior", k });
    });
    this.list = h("div", { className: "rows" }, ...live.map((row) => row.root));
    const folded = dead.length
      ? h(
          "details",
          { className: "dead" },
          h("summary", {}, `${dead.length} dead ${dead.length === 1 ? "dimension" : "dimensions"}: below ${DEAD_BELOW} nats, the image does not depend on ${dead.length === 1 ? "it" : "them"}`),
          ...dead.map((row) => row.root),
        )
      : null;
    const ordered = session.model.rate ? "most informative first" : "largest variance first";
    this.root = h(
      "section",
      { className: "dimensions", "aria-label": "latent dimensions" },
      h(
        "header",
        {},
        h("span", { className: "hint" }, `${live.length} ${live.length === 1 ? "dimension" : "dimensions"}, ${ordered}`),
        h("span", { className: "range" }, h("span", { className: "hint" }, "range"), this.choice.root, h("label", { className: "sigma" }, "± ", this.k, " σ")),
      ),
      this.list,
      folded,
    );
    this.off = [session.on("z", () => this.changed()), session.on("range", () => this.newRange())];
    this.newRange();
    this.watch();
  }

  /** Strips on screen follow; the rest is decoded when it is scrolled to. */
  private watch(): void {
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const row = this.rows.find((r) => r.root === entry.target);
          if (row) row.visible = entry.isIntersecting;
        }
        this.changed();
      },
      { rootMargin: "120px" },
    );
    for (const row of this.rows) seen.observe(row.root);
    const sized = new ResizeObserver(() => this.fit());
    sized.observe(this.root);
    this.observers.push(seen, sized);
  }

  private fit(): void {
    const style = getComputedStyle(this.root);
    const taken = ["--label-width", "--number-width"].reduce((sum, name) => sum + (parseFloat(style.getPropertyValue(name)) || 0), 0);
    const stacked = this.root.clientWidth < 520;
    this.root.classList.toggle("stacked", stacked);
    const width = this.root.clientWidth - (stacked ? 0 : taken + 28);
    for (const row of this.rows) row.fit(Math.max(width, 120));
    this.changed();
  }

  private newRange(): void {
    const { range, ranges } = this.session;
    this.choice.set(range.kind);
    this.k.value = String(range.k);
    for (const row of this.rows) row.setRange(...rangeOf(range, row.k, ranges));
    this.changed();
  }

  private changed(): void {
    for (const row of this.rows) row.show();
    if (this.asked) return;
    this.asked = true;
    // once per frame is as often as a strip can be seen to change
    requestAnimationFrame(() => {
      this.asked = false;
      const batches = this.rows.map((row) => row.visible && row.batch(this.prefix + "/"));
      this.session.engine.decodeMany(batches.filter((batch) => !!batch));
    });
  }

  dispose(): void {
    this.off.forEach((stop) => stop());
    this.observers.forEach((observer) => observer.disconnect());
    this.session.engine.drop(this.prefix + "/");
  }
}
