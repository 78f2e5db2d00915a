import type { Tool } from "../model";
import type { Session } from "../session";
import { Choice, h } from "../ui/dom";
import { Current } from "./current";
import { Dimensions } from "./dimensions";
import { MapPanel } from "./map-panel";
import type { View } from "./view";
import { WalkPanel } from "./walk-panel";

/** Map, image and sliders on one stage: what moves in one moves in all. */
export class ExploreView implements View {
  readonly root: HTMLElement;
  private readonly map: MapPanel;
  private readonly current: Current;
  private readonly place = h("div", { className: "tool" });
  private tool: Dimensions | WalkPanel | null = null;

  constructor(private readonly session: Session) {
    this.current = new Current(session, 232);
    this.map = new MapPanel(session);
    const choice = new Choice<Tool>("tool", [["sliders", "Sliders"], ["walk", "Walk"]], session.tool, (tool) => {
      this.show(tool);
      session.rest();
    });
    this.root = h(
      "div",
      { className: "explore" },
      this.map.root,
      h("div", { className: "bench" }, this.current.root, h("nav", {}, choice.root), this.place),
    );
    this.show(session.tool);
  }

  private show(tool: Tool): void {
    this.tool?.dispose();
    this.session.tool = tool;
    this.session.walking = tool === "walk";
    this.tool = tool === "walk" ? new WalkPanel(this.session) : new Dimensions(this.session);
    this.place.replaceChildren(this.tool.root);
    this.session.emit("ends");
  }

  dispose(): void {
    this.session.walking = false;
    this.tool?.dispose();
    this.current.dispose();
    this.map.dispose();
  }
}
