import { Page } from "../page/page";
import { Presenter } from "../page/present";
import large from "../page/present.css";
import type { ReplayData } from "../schema";
import { Replay } from "./replay";
import own from "./training.css";

const KEYS = "p or Esc: exit · 1: select the slider, ← →: move it";

/** The replay of a training alone, as a scene of a deck. */
export class ReplayPage extends Page<ReplayData> {
  constructor(root: ParentNode, appRoot: string, inDeck = false, private readonly opened: () => void = () => undefined) {
    super(root, appRoot, "training", own + large, (element) => Presenter.of(element, KEYS, inDeck));
  }

  protected subject(data: ReplayData): string {
    return data.run;
  }

  protected open(data: ReplayData): void {
    void this.show(new Replay(data.run, this.appRoot, null)).opened.then(this.opened);
  }
}
