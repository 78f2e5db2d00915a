import type { LessonData } from "../schema";
import { LiveModel } from "../page/live-model";
import { Page } from "../page/page";
import { Presenter } from "../page/present";
import type { View } from "../page/view";
import large from "../page/present.css";
import { messageOf } from "../ui/dom";
import { Draws } from "./draws";
import { Holes } from "./holes";
import { Ladder } from "./ladder";
import own from "./lessons.css";
import { Random } from "./random";
import { Restore } from "./restore";
import { Rotate } from "./rotate";
import { Tug } from "./tug";

const KEYS = "p or Esc: exit · 1–9: select a slider, ← →: move it · n: draw again · g: let go";

/** A lesson with models: it opens with arrays and pictures, and can show what it decodes once it is ready. */
type Lesson = View & { open?(): Promise<void>; ready?(): void };

/** One lesson in one root element. */
export class LessonPage extends Page<LessonData> {
  constructor(root: ParentNode, appRoot: string, inDeck = false, private readonly opened: () => void = () => undefined) {
    super(root, appRoot, "lessons", own + large, (element) => Presenter.of(element, KEYS, inDeck));
  }

  protected subject(data: LessonData): string {
    return JSON.stringify(data);
  }

  protected open({ kind, models = [], titles = [], rows = [], seed = 1, first = "" }: LessonData): void {
    if (kind === "tug" || !models.length) return void (this.show(new Tug()), this.opened());
    const live = models.map((model) => this.own(new LiveModel(model, this.appRoot, this.notice, models.length)));
    const lesson = this.show(this.lesson(kind, live, titles, rows, seed, first));
    const engines = Promise.all(live.map(({ engine }) => engine.open()));
    Promise.all([lesson.open?.(), engines])
      .then(() => lesson.ready?.())
      .catch((error: unknown) => this.notice(messageOf(error)))
      .finally(this.opened);
  }

  private lesson(kind: Exclude<LessonData["kind"], "tug">, live: LiveModel[], titles: string[], rows: number[], seed: number, first: string): Lesson {
    if (kind === "restore") return new Restore(live[0], rows[0] ?? 0, first);
    if (kind === "random") return new Random(live, titles, seed);
    if (kind === "holes") return new Holes(live[0], rows);
    if (kind === "ladder") return new Ladder(live, titles, rows);
    return kind === "draws" ? new Draws(live[0], rows[0]) : new Rotate(live[0]);
  }
}
