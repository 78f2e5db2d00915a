// A stage on the screen before Streamlit's page is up. Its assumptions about that page are here and in
// explorer/server/early; if they do not hold, it disappears and the component opens a stage as usual.
import type { StageData, StageState } from "../schema";
import { Stage } from "../stage";
import { h } from "../ui/dom";
import css from "./early.css";

type Report = (state: StageState) => void;
/** Streamlit's custom properties, and the color-scheme, of each theme. */
type Themes = Record<"light" | "dark", Record<string, string>>;

/** Interval at which the early stage checks the page, in ms. */
const LOOK = 100;
/** Time after which a page that is complete or unknown no longer gets the stage, in ms. */
const PATIENCE = 5000;
/** Time within which any page has to take the stage over, in ms. */
const LIMIT = 30_000;

/** Streamlit's page: where it mounts, its app with a script state, and a complete page. */
const MOUNT = "#root";
const APP = ".stApp[data-test-script-state]";
const COMPLETE = '.stApp[data-test-script-state="notRunning"] .stElementContainer';
/** What stands for a part whose script the browser is still fetching. */
const FETCHING = '[data-testid="stSkeleton"]';

/** Events that show that the pointer is released, even outside the window. */
const ENDS = ["pointerup", "pointercancel", "pointermove"];

/** A working stage in the place where Streamlit's page will show it, until that page takes it over. */
class Early {
  readonly stage: Stage;
  private readonly host = h("div", { id: "early" });
  private readonly place = location.pathname;
  private readonly watch = setInterval(() => this.look(), LOOK);
  /** Times since the page has been up, and since it has not needed the stage, in ms; 0 if not. */
  private up = 0;
  private idle = 0;
  private settled: StageState | null = null;
  private dragging = false;
  private after: (() => void) | null = null;
  private report: Report = (state) => (this.settled = state);

  constructor(data: StageData, themes: Themes) {
    const root = this.host.attachShadow({ mode: "open" });
    const theme = themes[chosenTheme()];
    for (const [name, value] of Object.entries(theme)) this.host.style.setProperty(name, value);
    document.documentElement.style.background = "var(--st-background-color)";
    document.documentElement.style.setProperty("--st-background-color", theme["--st-background-color"]);
    document.body.prepend(this.host);
    // a drag must not be interrupted
    root.addEventListener("pointerdown", () => (this.dragging = true), { capture: true });
    for (const kind of ENDS) addEventListener(kind, this.release, { capture: true });
    const appRoot = new URL("../../", import.meta.url).href;
    const inner = h("div", {});
    root.append(h("style", {}, css), inner);
    this.stage = new Stage(inner, appRoot, (state) => this.report(state));
    this.stage.update(data);
  }

  private readonly release = (event: Event): void => {
    if (event.type === "pointermove" && (event as PointerEvent).buttons) return;
    this.dragging = false;
    if (this.after) setTimeout(this.after); // after the click that follows
    this.after = null;
  };

  /** Move the stage to its component and report its latest state there. */
  takeOver(root: ParentNode, report: Report): Stage {
    this.report = report;
    clearInterval(this.watch);
    if (this.settled) setTimeout(report, 0, this.settled);
    const move = () => {
      const focused = this.host.shadowRoot!.activeElement;
      this.stage.moveTo(root);
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
      this.clear();
    };
    if (this.dragging) this.after = move;
    else move();
    return this.stage;
  }

  /**
   * Leave when another page is opened, and when this one shows something else, such as an error, or is unknown. A page
   * that is not up yet has nothing to show instead.
   */
  private look(): void {
    const mount = document.querySelector(MOUNT);
    const now = performance.now();
    const up = mount?.childElementCount;
    this.up = up ? this.up || now : 0;
    this.idle = up && (!document.querySelector(APP) || (document.querySelector(COMPLETE) && !document.querySelector(FETCHING))) ? this.idle || now : 0;
    const over = (this.idle && now - this.idle > PATIENCE) || (this.up && now - this.up > LIMIT);
    if (!mount || location.pathname !== this.place || (over && !this.dragging)) this.leave();
  }

  private leave(): void {
    waiting = null;
    this.stage.dispose();
    this.clear();
  }

  private clear(): void {
    clearInterval(this.watch);
    for (const kind of ENDS) removeEventListener(kind, this.release, { capture: true });
    for (const name of ["background", "--st-background-color"]) document.documentElement.style.removeProperty(name);
    this.host.remove();
  }
}

let waiting: Early | null = null;

/** Put a stage on the screen before Streamlit's page is up, with the same `data` as its component. */
export function early(data: StageData, themes: Themes): void {
  if (!performance.getEntriesByName("live: asked").length) performance.mark("live: asked");
  const begin = () => {
    if (document.querySelector(MOUNT)) waiting = new Early(data, themes);
  };
  // not DOMContentLoaded, which waits for all of Streamlit's scripts
  if (document.readyState !== "loading") begin();
  else document.addEventListener("readystatechange", begin, { once: true });
}

/** Move the early stage into `root`; null if there is none. */
export function takeOver(root: ParentNode, report: Report): Stage | null {
  const stage = waiting?.takeOver(root, report) ?? null;
  waiting = null;
  return stage;
}

/** Streamlit's choice: the theme selected in its menu on this page, else that of the system. */
function chosenTheme(): "light" | "dark" {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(`stActiveTheme-${location.pathname}-v2`);
  } catch {
    // storage is blocked
  }
  if (chosen === '"Dark"' || chosen === '"Light"') return chosen === '"Dark"' ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
