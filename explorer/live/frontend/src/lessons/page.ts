import type { Model } from "../schema";
import { LiveModel } from "../page/live-model";
import { Page } from "../page/page";
import { Presenter } from "../page/present";
import large from "../page/present.css";
import { messageOf } from "../ui/dom";
import { Draws } from "./draws";
import type { Lesson } from "./lesson";
import own from "./lessons.css";
import { Rotate } from "./rotate";
import { Tug, type TugState } from "./tug";

export interface LessonData {
  kind: "tug" | "draws" | "rotate";
  /** The model whose images the lesson shows, if it shows any. */
  model?: Model;
  state?: TugState;
}

const KEYS = "p or Esc leaves · 1 to 9 take a slider, then ← → move it · n draws again · g lets go";

/** One lesson in one root element. */
export class LessonPage extends Page<LessonData> {
  private lesson: Lesson | null = null;

  constructor(root: ParentNode, appRoot: string, inDeck = false) {
    super(root, appRoot, "lessons", own + large, (element) => Presenter.of(element, KEYS, inDeck));
  }

  protected subject(data: LessonData): string {
    return JSON.stringify(data);
  }

  protected open({ kind, model, state }: LessonData): void {
    if (kind === "tug") this.lesson = this.show(new Tug(state ?? {}));
    else if (model) this.lesson = this.withModel(kind, model);
  }

  private withModel(kind: "draws" | "rotate", model: Model): Lesson {
    const live = this.own(new LiveModel(model, this.appRoot, this.notice));
    const lesson = this.show(kind === "draws" ? new Draws(live) : new Rotate(live));
    live.engine.open().then(() => lesson.open()).catch((error: unknown) => this.notice(messageOf(error)));
    return lesson;
  }

  protected override theme(): void {
    this.lesson?.theme();
  }
}
