import type { Batch } from "../engine/engine";
import { sameCodes } from "../latent/vectors";
import type { Shape } from "../engine/pixels";
import { numbered } from "../page/present";
import { h, slider } from "../ui/dom";
import { alignSlider, Strip } from "../ui/strip";

/** One choice among a few: a strip of what each option decodes to, and buttons, a switch or a stepped slider below. */
export interface Options {
  /** The name of the row, and what it is called aloud. */
  name: string;
  label: string;
  /** The names of the options. */
  names: readonly string[];
  as: "buttons" | "switch" | "slider";
  /** A remark under the name. */
  remark?: string;
  most: number;
  /** The first button that a number key presses; without it, a number selects the row. */
  numberedFrom?: number;
}

/** A row of options, of which one is chosen. */
export class OptionRow {
  readonly root: HTMLElement;
  readonly strip: Strip;
  visible = false;
  private readonly control: HTMLElement;
  private readonly range: HTMLInputElement | null = null;
  private readonly buttons: HTMLButtonElement[] = [];
  private readonly value = h("output", { className: "figure" });
  private requested: Float32Array | null = null;

  constructor(shape: Shape, private readonly options: Options, private readonly choose: (option: number) => void) {
    const { names, label, as, numberedFrom } = options;
    this.strip = new Strip(shape, names.length, `${label}: what each option decodes to`);
    this.strip.canvas.addEventListener("click", (event) => choose(this.strip.at(event)));
    if (as === "slider") {
      this.range = slider(label, { min: 0, max: names.length - 1, step: 1 }, (option) => choose(option));
      this.range.classList.add("stepped");
      const last = Math.max(1, names.length - 1);
      // a tick where the middle of the thumb, 16 pixels wide, comes to rest
      const ticks = names.map((_, k) => `radial-gradient(circle at calc(8px + ${k / last} * (100% - 16px)) 50%, var(--quiet) 2px, transparent 2.5px)`);
      this.range.style.backgroundImage = ticks.join(", ");
      this.control = this.range;
    } else if (as === "switch") {
      const button = h("button", { type: "button", role: "switch", className: "toggle", "aria-label": label }, h("i", {}));
      button.addEventListener("click", () => choose(button.getAttribute("aria-checked") === "true" ? 0 : 1));
      this.buttons = [numbered(button)];
      this.control = button;
    } else {
      this.buttons = names.map((name, option) => {
        const button = h("button", { type: "button", role: "radio", "aria-label": `${label}: ${name}` }, name);
        button.addEventListener("click", () => choose(option));
        button.addEventListener("keydown", (event) => this.step(event));
        return numberedFrom !== undefined && option >= numberedFrom ? numbered(button) : button;
      });
      this.control = h("div", { className: "boxes", role: "radiogroup", "aria-label": label }, ...this.buttons);
      if (numberedFrom === undefined) numbered(this.control);
    }
    this.root = h(
      "div",
      { className: `dimension options ${as}` },
      h("label", {}, h("b", {}, options.name), options.remark ? h("small", {}, options.remark) : null),
      h("div", { className: "track" }, this.control, this.strip.canvas),
      this.value,
    );
  }

  private step(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = (this.buttons.indexOf(event.currentTarget as HTMLButtonElement) + by + this.buttons.length) % this.buttons.length;
    this.buttons[next].focus();
    this.choose(next);
  }

  fit(width: number): void {
    const { names, most } = this.options;
    if (this.strip.fit(Math.min(width, names.length * (most + 2)), most)) this.requested = null;
    if (this.range) alignSlider(this.range, this.strip);
    else if (this.options.as === "buttons") {
      this.control.style.width = `${this.strip.width}px`;
      this.control.style.gap = `${this.strip.gap}px`;
    }
  }

  /** Show which option is chosen. */
  show(option: number): void {
    const { names, as } = this.options;
    if (this.range) {
      this.range.value = String(option);
      this.range.setAttribute("aria-valuetext", `${names[option]} of ${names.length}`);
    } else if (as === "switch") this.buttons[0].setAttribute("aria-checked", String(option === 1));
    else
      this.buttons.forEach((button, k) => {
        button.setAttribute("aria-checked", String(k === option));
        button.tabIndex = k === option ? 0 : -1;
      });
    this.value.textContent = as === "switch" ? names[option] : `${names[option]} / ${names.length}`;
  }

  /** The strip to decode; null if it is requested already. */
  batch(channel: string, z: Float32Array): Batch | null {
    if (sameCodes(this.requested, z)) return null;
    this.requested = z;
    return { channel, z, count: this.options.names.length, row: this.strip.row, done: (rgba) => this.strip.paint(rgba) };
  }
}
