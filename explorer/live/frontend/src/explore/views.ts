import type { Tool } from "../schema";
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
  private tool: Dimensions | WalkPanel | null = null;
  private readonly given: BetaPanel | ClassRow | null;

  constructor(private readonly store: ExploreStore) {
    super();
    const map = this.own(new MapPanel(store));
    this.given = given(store);
    if (this.given) this.own(this.given);
    const tools: [Tool, string][] = [["sliders", "Sliders"], ["walk", "Walk"], ["image", "Your image"]];
    const choice = new Choice<Tool>("tool", store.model.vision ? tools : tools.slice(0, 2), store.tool, (tool) => {
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
    this.tool = tool === "walk" ? new WalkPanel(this.store) : new Dimensions(this.store);
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
