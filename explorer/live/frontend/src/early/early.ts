// A stage that is on the screen before Streamlit's page is. What it knows of that page stands here and in
// explorer/server/early; where the page turns out to be another one, it leaves, and the component opens a stage as ever.
import type { StageData, StageState } from "../schema";
import { Stage } from "../stage";
import { h } from "../ui/dom";
import css from "./early.css";

type Report = (state: StageState) => void;
/** Streamlit's custom properties, and the color-scheme, of each theme. */
type Themes = Record<"light" | "dark", Record<string, string>>;

/** How often the early stage looks whether the page still wants it, in ms. */
const LOOK = 100;
/** For so long may a page be complete, or not be the one known here, before it is left to itself, in ms. */
const PATIENCE = 5000;
/** For so long may a page that is up, whatever it does, not take the stage over, in ms. */
const LIMIT = 30_000;

/** Streamlit's page: where it mounts, its app as far as it says how its script stands, and one that is complete. */
const MOUNT = "#root";
const APP = ".stApp[data-test-script-state]";
const COMPLETE = '.stApp[data-test-script-state="notRunning"] .stElementContainer';

/** When a hand has let go, be it outside of the window. */
const ENDS = ["pointerup", "pointercancel", "pointermove"];

/** A stage that stands, and works, where Streamlit's page will show it, until that page is up and takes it over. */
class Early {
  readonly stage: Stage;
  private readonly host = h("div", { id: "early" });
  private readonly place = location.pathname;
  private readonly watch = setInterval(() => this.look(), LOOK);
  /** Since when the page has been up, and since when it has had no use for the stage, in ms; 0 if it is not so. */
  private up = 0;
  private idle = 0;
  private said: StageState | null = null;
  private held = false;
  private after: (() => void) | null = null;
  private report: Report = (state) => (this.said = state);

  constructor(data: StageData, themes: Themes) {
    const root = this.host.attachShadow({ mode: "open" });
    const theme = themes[chosenTheme()];
    for (const [name, value] of Object.entries(theme)) this.host.style.setProperty(name, value);
    document.documentElement.style.background = "var(--st-background-color)";
    document.documentElement.style.setProperty("--st-background-color", theme["--st-background-color"]);
    document.body.prepend(this.host);
    // a hand that is at it must not lose its hold
    root.addEventListener("pointerdown", () => (this.held = true), { capture: true });
    for (const kind of ENDS) addEventListener(kind, this.released, { capture: true });
    const appRoot = new URL("../../", import.meta.url).href;
    const inner = h("div", {});
    root.append(h("style", {}, css), inner);
    this.stage = new Stage(inner, appRoot, (state) => this.report(state));
    this.stage.update(data);
  }

  private readonly released = (event: Event): void => {
    if (event.type === "pointermove" && (event as PointerEvent).buttons) return;
    this.held = false;
    if (this.after) setTimeout(this.after); // the click that belongs to it still comes
    this.after = null;
  };

  /** The stage moves to where it belongs; what it has settled on since is reported there. */
  takeOver(root: ParentNode, report: Report): Stage {
    this.report = report;
    clearInterval(this.watch);
    if (this.said) setTimeout(report, 0, this.said);
    const move = () => {
      const focused = this.host.shadowRoot!.activeElement;
      this.stage.moveTo(root);
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
      this.clear();
    };
    if (this.held) this.after = move;
    else move();
    return this.stage;
  }

  /**
   * Leaves when another page is opened, and when this one turns out to show something else, such as an error, or not
   * to be the page that is known here. A page that has not come up yet has nothing to show instead.
   */
  private look(): void {
    const mount = document.querySelector(MOUNT);
    const now = performance.now();
    const up = mount?.childElementCount;
    this.up = up ? this.up || now : 0;
    this.idle = up && (!document.querySelector(APP) || document.querySelector(COMPLETE)) ? this.idle || now : 0;
    const over = (this.idle && now - this.idle > PATIENCE) || (this.up && now - this.up > LIMIT);
    if (!mount || location.pathname !== this.place || (over && !this.held)) this.leave();
  }

  private leave(): void {
    waiting = null;
    this.stage.dispose();
    this.clear();
  }

  private clear(): void {
    clearInterval(this.watch);
    for (const kind of ENDS) removeEventListener(kind, this.released, { capture: true });
    for (const name of ["background", "--st-background-color"]) document.documentElement.style.removeProperty(name);
    this.host.remove();
  }
}

let waiting: Early | null = null;

/** Put a stage on the screen before Streamlit's page is up: with `data`, which the component will be handed too. */
export function early(data: StageData, themes: Themes): void {
  if (!performance.getEntriesByName("live: asked").length) performance.mark("live: asked");
  const begin = () => {
    if (document.querySelector(MOUNT)) waiting = new Early(data, themes);
  };
  // not DOMContentLoaded, which waits for all of Streamlit's scripts
  if (document.readyState !== "loading") begin();
  else document.addEventListener("readystatechange", begin, { once: true });
}

/** The stage that is on the screen already, moved into `root`; null if there is none. */
export function takeOver(root: ParentNode, report: Report): Stage | null {
  const stage = waiting?.takeOver(root, report) ?? null;
  waiting = null;
  return stage;
}

/** As Streamlit chooses it: as was chosen in its menu on this page, else as the system has it. */
function chosenTheme(): "light" | "dark" {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(`stActiveTheme-${location.pathname}-v2`);
  } catch {
    // a browser that keeps nothing
  }
  if (chosen === '"Dark"' || chosen === '"Light"') return chosen === '"Dark"' ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
