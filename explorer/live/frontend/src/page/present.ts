import { button, h } from "../ui/dom";

/** A button with a key that presses it during a presentation. */
export function keyed(key: string, element: HTMLButtonElement): HTMLButtonElement {
  element.dataset["key"] = key;
  return element;
}

/** A part that a number selects during a presentation, as it does a slider: a button is pressed. */
export function numbered<E extends HTMLElement>(element: E): E {
  element.dataset["numbered"] = "";
  return element;
}

/** Whether the window went full screen. Phones may have no such function; then the element fills the window. */
async function fillScreen(): Promise<boolean> {
  const root = document.documentElement;
  if (!root.requestFullscreen) return false;
  return root.requestFullscreen().then(() => true, () => false);
}

/**
 * Shows one element full screen in large type, by a button or the key p.
 *
 * The element moves to the browser's top layer, above the rest of the page; if the browser allows it, the window goes
 * full screen too. The class `presenting` styles the large type.
 */
export class Presenter {
  readonly button = button("Present", () => void this.set(!this.on), "full screen, in large type (key p)");
  readonly help = h("span", { className: "keys" });
  private readonly listen = (event: KeyboardEvent) => this.key(event);
  private readonly watch = () => {
    if (!document.fullscreenElement && this.full) void this.set(false);
  };
  private on = false;
  private full = false;

  constructor(
    private readonly element: HTMLElement,
    keys: string,
    private readonly more: (event: KeyboardEvent) => boolean = () => false,
    /** Whether the keys of the parts also work outside full screen. */
    private readonly always = false,
  ) {
    this.button.classList.add("present");
    this.help.textContent = keys;
    element.tabIndex = -1;
    document.addEventListener("keydown", this.listen);
    document.addEventListener("fullscreenchange", this.watch);
  }

  /** A presenter with its button in the element; null in a deck, which has its own and is always in large type. */
  static of(element: HTMLElement, keys: string, inDeck = false): Presenter | null {
    if (inDeck) {
      element.classList.add("presenting");
      return null;
    }
    const presenter = new Presenter(element, keys);
    element.append(presenter.button, presenter.help);
    return presenter;
  }

  async set(on: boolean): Promise<void> {
    if (on === this.on) return;
    this.on = on;
    this.button.textContent = on ? "Exit" : "Present";
    if (on) {
      // the window first: later elements of the top layer lie above earlier ones
      this.full = await fillScreen();
      if (!this.on) return;
      this.element.classList.add("presenting", "filling");
      // where there is no top layer, the style places it above the page
      if ("popover" in this.element) {
        this.element.popover = "manual";
        this.element.showPopover();
      }
      this.element.focus({ preventScroll: true });
    } else {
      this.element.popover = null;
      this.element.classList.remove("presenting", "filling");
      if (this.full && document.fullscreenElement) await document.exitFullscreen().catch(() => undefined);
      this.full = false;
    }
  }

  /** The element stands elsewhere in the page now: it has left the top layer for that, and would not be seen. */
  moved(): void {
    if (!this.element.popover || this.element.matches(":popover-open")) return;
    this.element.showPopover();
    this.element.focus({ preventScroll: true });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !this.element.isConnected) return;
    const target = event.composedPath()[0] as HTMLElement;
    const typing = target.isContentEditable || target.matches?.("textarea, select, input:not([type=range], [type=radio], [type=checkbox])");
    if (typing) return;
    if (event.key === "p") void this.set(!this.on);
    else if (event.key === "Escape" && this.on) void this.set(false);
    else if (!this.more(event) && !((this.on || this.always) && this.press(event.key))) return;
    event.preventDefault();
  }

  /** Handle the keys of the parts: a number focuses a slider or what is numbered, a letter presses a button. */
  private press(key: string): boolean {
    const visible = (part: Element) => !part.closest("[inert]") && part.checkVisibility();
    if (/^[1-9]$/.test(key)) {
      const part = [...this.element.querySelectorAll<HTMLElement>("input[type=range], [data-numbered]")].filter(visible)[Number(key) - 1];
      // of several buttons of which one is chosen, that one
      (part?.querySelector<HTMLElement>('[role="radio"][aria-checked="true"]') ?? part)?.focus();
      if (part?.matches("button")) part.click();
      return part !== undefined;
    }
    const buttons = [...this.element.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].filter((part) => !part.closest("[inert]"));
    buttons[0]?.click();
    return buttons.length > 0;
  }

  dispose(): void {
    void this.set(false);
    document.removeEventListener("keydown", this.listen);
    document.removeEventListener("fullscreenchange", this.watch);
  }
}
