import type { Tool } from "../schema";
import { DirectionsPanel } from "../directions/panel";
import { ExchangePanel } from "../exchange/panel";
import { View } from "../page/view";
import { BetaPanel } from "./beta-panel";
import { ClassRow } from "./class-row";
import { Choice, h } from "../ui/dom";
import { CurrentImage } from "./current-image";
import { Dimensions } from "./dimensions";
import { MapPanel } from "./map-panel";
import { OwnImage } from "./own-image";
import type { ExploreStore } from "./store";
import { WalkPanel } from "./walk-panel";
import { CodePanel } from "./code-panel";
import { PaintPanel } from "./paint-panel";
import { PalettePanel } from "./palette-panel";
import { WallPanel } from "./wall-panel";

/** The control of what a model is given beside the code: β, or the class. */
const given = (store: ExploreStore): BetaPanel | ClassRow | null =>
  store.model.betaRange ? new BetaPanel(store) : store.model.classes ? new ClassRow(store) : null;

/** Map, image and sliders of one code. */
export class ExploreView extends View {
  readonly root: HTMLElement;
  /** The current image, or in its place the visitor's own. */
  private readonly above = h("div", { className: "above" });
  private image: CurrentImage | OwnImage | null = null;
  private readonly place = h("div", { className: "tool" });
  private tool: View | null = null;
  private readonly given: BetaPanel | ClassRow | null;

  constructor(private readonly store: ExploreStore) {
    super();
    const { code } = store.model;
    const map = this.own(!code ? new MapPanel(store) : code.side ? new PaintPanel(store) : new WallPanel(store));
    this.given = given(store);
    if (this.given) this.own(this.given);
    const all: [Tool, string][] = [["sliders", code ? "Code" : "Sliders"], ["walk", "Walk"], ["directions", "Directions"], ["exchange", "Exchange"], ["image", "Your image"]];
    const tools = all.filter(([tool]) => (tool === "sliders" || (tool === "image" ? store.model.vision : !code)));
    const choice = new Choice<Tool>("tool", tools, store.tool, (tool) => {
      this.use(tool);
      store.rest();
    });
    this.root = h("div", { className: "explore" }, map.root, h("div", { className: "side-panel" }, h("nav", {}, choice.root), this.given?.root, this.above, this.place));
    this.use(store.tool);
    this.onDispose(() => {
      store.walking = false;
      this.tool?.dispose();
      this.image?.dispose();
    });
  }

  private use(tool: Tool): void {
    this.tool?.dispose();
    this.show(tool === "image");
    this.store.tool = tool;
    this.store.walking = tool === "walk";
    this.tool = open(tool, this.store);
    this.place.replaceChildren(this.tool.root);
    this.store.emit("ends");
  }

  private show(own: boolean): void {
    if (this.image && this.image instanceof OwnImage === own) return;
    this.image?.dispose();
    this.image = own ? new OwnImage(this.store) : new CurrentImage(this.store, 232);
    this.above.replaceChildren(this.image.root);
  }
}

function open(tool: Tool, store: ExploreStore): View {
  if (tool === "walk") return new WalkPanel(store);
  if (tool === "directions") return new DirectionsPanel(store);
  return tool === "exchange" ? new ExchangePanel(store) : sliders(store);
}

/** What moves z: a slider per dimension, or what a discrete code is made of. */
export const sliders = (store: ExploreStore): View => 
  !store.model.code ? new Dimensions(store) : store.model.code.side ? new PalettePanel(store) : new CodePanel(store);

/** The current image beside one tool that moves it. */
export class ToolView extends View {
  readonly root: HTMLElement;

  constructor(store: ExploreStore, tool: View) {
    super();
    const current = this.own(new CurrentImage(store, 288));
    const control = given(store);
    if (control) this.own(control);
    this.root = h("div", { className: "traverse" }, h("div", { className: "current-column" }, control?.root, current.root), this.own(tool).root);
  }
}
