import { figure, h } from "../ui/dom";

export interface Range {
  label: string;
  title?: string;
  /** What the whole track stands for. */
  low: number;
  high: number;
  /** What it goes through while something else changes; none where it cannot be told. */
  values: readonly number[];
  now: number;
  chosen?: boolean;
  decimals?: number;
}

/** Numbers that move while one thing is changed: a line through all values that they take, and a dot where they are now. */
export class Ranges {
  readonly root = h("dl", { className: "ranges" });
  private rows: { term: HTMLElement; track: HTMLElement; line: HTMLElement; dot: HTMLElement; value: HTMLElement }[] = [];

  show(ranges: readonly Range[]): void {
    if (this.rows.length !== ranges.length) this.fill(ranges.length);
    ranges.forEach((range, i) => {
      const { term, track, line, dot, value } = this.rows[i];
      const known = range.values.filter(Number.isFinite);
      const [from, to] = [Math.min(...known), Math.max(...known)].map((v) => at(range, v));
      term.textContent = range.label;
      term.title = range.title ?? "";
      track.classList.toggle("chosen", !!range.chosen);
      line.style.left = `${100 * from}%`;
      line.style.width = known.length ? `${100 * Math.max(0, to - from)}%` : "0";
      dot.style.left = `${100 * at(range, range.now)}%`;
      dot.hidden = !Number.isFinite(range.now);
      value.textContent = figure(range.now, range.decimals ?? 2);
      track.title = known.length ? `moves from ${figure(Math.min(...known), range.decimals)} to ${figure(Math.max(...known), range.decimals)}` : "cannot be measured";
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
