import { h } from "../ui/dom";
import { copyOf } from "./thumbnail";

export interface Now {
  place: string;
  notes: string;
  next: string;
  picture: HTMLCanvasElement | undefined;
}

const STYLE = `
  body { margin: 0; padding: 24px 32px; font: 20px/1.5 system-ui, sans-serif; color: #e8ecee; background: #14181a; }
  header { display: flex; justify-content: space-between; color: #a3adb1; font-variant-numeric: tabular-nums; }
  .notes { font-size: 28px; white-space: pre-wrap; margin: 20px 0 32px; }
  .next { display: flex; gap: 20px; border-top: 1px solid #343c40; padding-top: 20px; color: #a3adb1; }
  canvas { flex: none; width: 320px; border: 1px solid #343c40; }
`;

/**
 * A second window for the speaker: notes, the next scene and the time since it was opened. This page writes into it, so
 * that it needs no server and works for a page opened from disk, whose windows have no channel between them.
 */
export class NotesWindow {
  private other: Window | null = null;
  private timer = 0;
  private began = 0;
  private readonly clock = h("output");
  private now: Now | null = null;

  constructor(private readonly key: (event: KeyboardEvent) => void) {}

  open(): void {
    if (this.other && !this.other.closed) return this.other.focus();
    this.other = window.open("", "latent-explorer-notes", "popup,width=900,height=640");
    if (!this.other) return;
    const { document } = this.other;
    document.title = "Notes";
    document.head.replaceChildren(h("style", {}, STYLE));
    this.other.addEventListener("keydown", this.key);
    this.began = Date.now();
    clearInterval(this.timer);
    this.timer = window.setInterval(() => this.tick(), 1000);
    if (this.now) this.show(this.now);
  }

  show(now: Now): void {
    this.now = now;
    if (!this.other || this.other.closed) return;
    this.tick();
    this.other.document.body.replaceChildren(
      h("header", {}, h("b", {}, now.place), this.clock),
      h("p", { className: "notes" }, now.notes || "No notes for this scene."),
      h("div", { className: "next" }, now.picture && copyOf(now.picture), h("p", {}, now.next ? `Next: ${now.next}` : "This is the last scene.")),
    );
  }

  private tick(): void {
    if (!this.other || this.other.closed) return clearInterval(this.timer);
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    this.clock.value = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  dispose(): void {
    clearInterval(this.timer);
    this.other?.close();
  }
}
