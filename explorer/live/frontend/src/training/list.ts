import { h } from "../ui/dom";
import type { Row } from "./types";

const WORDS: Record<Row["state"], string> = { waiting: "waiting", running: "running", paused: "paused", stopped: "stopped, kept", done: "done", failed: "failed" };

/** All trainings, the newest first; one of them is shown in full. */
export class RunList {
  readonly root = h("nav", { className: "runs", "aria-label": "trainings" });
  private shown = "";

  constructor(private readonly choose: (name: string) => void) {}

  show(rows: Row[], selected: string): void {
    const now = JSON.stringify([rows.map(({ name, state, fraction, title }) => [name, state, Math.round(fraction * 200), title]), selected]);
    if (now === this.shown) return;
    this.shown = now;
    const focused = (this.root.getRootNode() as ShadowRoot | Document).activeElement?.getAttribute("data-name");
    this.root.replaceChildren(...rows.map((row) => this.row(row, row.name === selected)));
    if (focused) this.root.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }

  private row(row: Row, current: boolean): HTMLElement {
    const share = row.state === "done" ? 1 : row.fraction;
    const bar = h("i", { className: "bar" });
    bar.style.setProperty("--share", String(share));
    const found = h(
      "button",
      { type: "button", className: `run ${row.state}`, dataset: { name: row.name }, "aria-current": current ? "true" : "false" },
      h("b", {}, row.name),
      h("span", { className: "hint" }, row.state === "running" ? `${Math.floor(100 * share)} %` : WORDS[row.state]),
      h("small", {}, row.parent ? `${row.title}, from ${row.parent[0]} at ${row.parent[1]}` : row.title),
      bar,
    );
    found.addEventListener("click", () => this.choose(row.name));
    return found;
  }
}
