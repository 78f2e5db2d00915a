import type { LessonData } from "../schema";
import { LiveModel } from "../page/live-model";
import { Page } from "../page/page";
import { Presenter } from "../page/present";
import large from "../page/present.css";
import { messageOf } from "../ui/dom";
import { Draws } from "./draws";
import own from "./lessons.css";
import { Rotate } from "./rotate";
import { Tug } from "./tug";

const KEYS = "p or Esc: exit · 1–9: select a slider, ← →: move it · n: draw again · g: let go";

/** One lesson in one root element. */
export class LessonPage extends Page<LessonData> {
  constructor(root: ParentNode, appRoot: string, inDeck = false) {
    super(root, appRoot, "lessons", own + large, (element) => Presenter.of(element, KEYS, inDeck));
  }

  protected subject(data: LessonData): string {
    return JSON.stringify(data);
  }

  protected open({ kind, model }: LessonData): void {
    if (kind === "tug" || !model) return void this.show(new Tug());
    const live = this.own(new LiveModel(model, this.appRoot, this.notice));
    const lesson = this.show(kind === "draws" ? new Draws(live) : new Rotate(live));
    live.engine.open().then(() => lesson.open()).catch((error: unknown) => this.notice(messageOf(error)));
  }
}
