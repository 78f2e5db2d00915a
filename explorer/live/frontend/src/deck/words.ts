import type { DeckScene } from "../schema";
import { h } from "../ui/dom";

/** The caption over a scene, and while scenes can be edited, fields for it and the speaker's notes. */
export class Words {
  readonly caption = h("p", { className: "caption", "aria-live": "polite" });
  private readonly written = h("textarea", { rows: 2, maxLength: 600, placeholder: "caption" });
  private readonly notes = h("textarea", { rows: 3, maxLength: 4000, placeholder: "notes for you alone: they are in the second window (key o)" });
  readonly fields = h("div", { className: "words-fields" }, this.written, this.notes);

  constructor(changed: (words: { caption: string; notes: string }) => void) {
    this.written.setAttribute("aria-label", "caption of this scene");
    this.notes.setAttribute("aria-label", "notes for the speaker");
    const tell = () => changed({ caption: this.written.value.trim(), notes: this.notes.value });
    for (const field of [this.written, this.notes]) field.addEventListener("change", tell);
  }

  show(scene: DeckScene): void {
    this.caption.textContent = scene.caption;
    const active = (this.written.getRootNode() as Document | ShadowRoot).activeElement;
    if (active !== this.written) this.written.value = scene.caption;
    if (active !== this.notes) this.notes.value = scene.notes ?? "";
  }
}
