import { figure, h } from "../ui/dom";

export interface Range {
  label: string;
  title?: string;
  /** Range of the track. */
  low: number;
  high: number;
  /** Values it takes while something else changes; empty if unknown. */
  values: readonly number[];
  now: number;
  chosen?: boolean;
  decimals?: number;
}

/** Numbers that respond to a change: a line over all their values and a dot at the current one. */
export class Ranges {
  readonly root = h("dl", { className: "ranges" });
  private rows: { term: HTMLElement; track: HTMLElement; line: HTMLElement; dot: HTMLElement; value: HTMLElement }[] = [];

  show(ranges: readonly Range[]): void {
    if (this.rows.length !== ranges.length) this.fill(ranges.length);
    ranges.forEach((range, i) => {
      const { term, track, line, dot, value } = this.rows[i];
      const finite = range.values.filter(Number.isFinite);
      const [from, to] = [Math.min(...finite), Math.max(...finite)].map((v) => at(range, v));
      term.textContent = range.label;
      term.title = range.title ?? "";
      track.classList.toggle("chosen", !!range.chosen);
      line.style.left = `${100 * from}%`;
      line.style.width = finite.length ? `${100 * Math.max(0, to - from)}%` : "0";
      dot.style.left = `${100 * at(range, range.now)}%`;
      dot.hidden = !Number.isFinite(range.now);
      value.textContent = figure(range.now, range.decimals ?? 2);
      track.title = finite.length ? `ranges from ${figure(Math.min(...finite), range.decimals)} to ${figure(Math.max(...finite), range.decimals)}` : "cannot be measured";
    });
  }

  private fill(count: number): void {
    this.rows = Array.from({ length: count }, () => {
      const [line, dot] = [h("i", { className: "line" }), h("i", { className: "dot" })];
      return { term: h("dt", {}), track: h("span", { className: "range-track" }, line, dot), line, dot, value: h("span", { className: "figure" }) };
    });
    this.root.replaceChildren(...this.rows.flatMap(({ term, track, value }) => [term, h("dd", {}, track, value)]));
  }
}

const at = ({ low, high }: Range, value: number): number => Math.max(0, Math.min(1, (value - low) / (high - low)));
