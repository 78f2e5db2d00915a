import type { Session } from "../session";
import { h } from "../ui/dom";
import { Current } from "./current";
import type { View } from "./view";
import { WalkPanel } from "./walk-panel";

/** A walk between two codes, beside the image where it stands. */
export class WalkView implements View {
  readonly root: HTMLElement;
  private readonly current: Current;
  private readonly panel: WalkPanel;

  constructor(session: Session) {
    this.current = new Current(session, 288);
    this.panel = new WalkPanel(session);
    this.root = h("div", { className: "traverse" }, this.current.root, this.panel.root);
  }

  dispose(): void {
    this.current.dispose();
    this.panel.dispose();
  }
}
