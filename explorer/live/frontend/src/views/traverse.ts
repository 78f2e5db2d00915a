import type { Session } from "../session";
import { h } from "../ui/dom";
import { Current } from "./current";
import { Dimensions } from "./dimensions";
import type { View } from "./view";

/** One slider per latent dimension, the image they make, and under each slider what it alone would change. */
export class TraverseView implements View {
  readonly root: HTMLElement;
  private readonly current: Current;
  private readonly dimensions: Dimensions;

  constructor(session: Session) {
    this.current = new Current(session, 288);
    this.dimensions = new Dimensions(session);
    this.root = h("div", { className: "traverse" }, this.current.root, this.dimensions.root);
  }

  dispose(): void {
    this.current.dispose();
    this.dimensions.dispose();
  }
}
