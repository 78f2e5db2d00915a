import { h } from "../ui/dom";
import { megabytes } from "./phrases";
import type { RunRow } from "../schema";

const WORDS: Record<RunRow["state"], string> = { waiting: "waiting", running: "running", paused: "paused", stopped: "stopped, model kept", done: "done", failed: "failed" };

/** All trainings, the newest first, with one selected. */
export class RunList {
  private readonly runs = h("nav", { className: "runs", "aria-label": "trainings" });
  private readonly total = h("p", { className: "hint" });
  readonly root = h("div", {}, this.runs, this.total);
  /** Key of the current list. */
  private key = "";

  constructor(private readonly choose: (name: string) => void) {}

  show(rows: RunRow[], selected: string): void {
    const key = JSON.stringify([rows.map(({ name, state, fraction, title, bytes }) => [name, state, Math.round(fraction * 200), title, bytes]), selected]);
    if (key === this.key) return;
    this.key = key;
    const focused = (this.root.getRootNode() as ShadowRoot | Document).activeElement?.getAttribute("data-name");
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    this.total.textContent = `${rows.length} training${rows.length > 1 ? "s" : ""}${bytes ? `, ${megabytes(bytes)} of snapshots` : ""}`;
    this.runs.replaceChildren(...rows.map((row) => this.row(row, row.name === selected)));
    if (focused) this.runs.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }

  private row(row: RunRow, current: boolean): HTMLElement {
    const share = row.state === "done" ? 1 : row.fraction;
    const bar = h("i", { className: "bar" });
    bar.style.setProperty("--share", String(share));
    const button = h(
      "button",
      { type: "button", className: `run ${row.state}`, dataset: { name: row.name }, "aria-current": current ? "true" : "false" },
      h("b", {}, row.name),
      h("span", { className: "hint" }, row.state === "running" ? `${Math.floor(100 * share)} %` : WORDS[row.state]),
      h("small", {}, row.parent ? `${row.title}, from ${row.parent[0]} at ${row.parent[1]}` : row.title),
      h("small", { className: "figure", title: "disk space of its snapshots" }, row.bytes ? megabytes(row.bytes) : ""),
      bar,
    );
    button.addEventListener("click", () => this.choose(row.name));
    return button;
  }
}
