import type { Tool } from "../schema";
import { View } from "../page/view";
import { Choice, h } from "../ui/dom";
import { CurrentImage } from "./current-image";
import { Dimensions } from "./dimensions";
import { MapPanel } from "./map-panel";
import type { ExploreStore } from "./store";
import { WalkPanel } from "./walk-panel";

/** Map, image and sliders of one code. */
export class ExploreView extends View {
  readonly root: HTMLElement;
  private readonly place = h("div", { className: "tool" });
  private tool: Dimensions | WalkPanel | null = null;

  constructor(private readonly store: ExploreStore) {
    super();
    const current = this.own(new CurrentImage(store, 232));
    const map = this.own(new MapPanel(store));
    const choice = new Choice<Tool>("tool", [["sliders", "Sliders"], ["walk", "Walk"]], store.tool, (tool) => {
      this.use(tool);
      store.rest();
    });
    this.root = h("div", { className: "explore" }, map.root, h("div", { className: "side-panel" }, current.root, h("nav", {}, choice.root), this.place));
    this.use(store.tool);
    this.onDispose(() => {
      store.walking = false;
      this.tool?.dispose();
    });
  }

  private use(tool: Tool): void {
    this.tool?.dispose();
    this.store.tool = tool;
    this.store.walking = tool === "walk";
    this.tool = tool === "walk" ? new WalkPanel(this.store) : new Dimensions(this.store);
    this.place.replaceChildren(this.tool.root);
    this.store.emit("ends");
  }
}

/** The current image beside one tool that moves it. */
export class ToolView extends View {
  readonly root: HTMLElement;

  constructor(store: ExploreStore, tool: View) {
    super();
    const current = this.own(new CurrentImage(store, 288));
    this.root = h("div", { className: "traverse" }, current.root, this.own(tool).root);
  }
}
