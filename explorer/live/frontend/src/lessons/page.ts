import type { LessonData, Model } from "../schema";
import { LiveModel } from "../page/live-model";
import { Page } from "../page/page";
import type { View } from "../page/view";
import large from "../page/present.css";
import { Library } from "../page/library";
import { keyed, Presenter } from "../page/present";
import { button, messageOf } from "../ui/dom";
import { Draws } from "./draws";
import { Inside, type Part } from "../inside/inside";
import insideCss from "../inside/inside.css";
import { Holes } from "./holes";
import { Ladder } from "./ladder";
import own from "./lessons.css";
import { Random } from "./random";
import { Restore } from "./restore";
import { Rotate } from "./rotate";
import { Tug } from "./tug";
import { Water } from "./water";

const KEYS = "p or Esc: exit · 1–9: select a slider, ← →: move it · n: draw again · g: let go";

/** From one test image to the next. */
const STRIDE = 37;

/** A lesson with models: it opens with arrays and pictures, and can show what it decodes once it is ready. */
type Lesson = View & { open?(): Promise<void>; ready?(): void };

/** One lesson in one root element. */
export class LessonPage extends Page<LessonData> {
  constructor(root: ParentNode, appRoot: string, inDeck = false, private readonly opened: () => void = () => undefined) {
    super(root, appRoot, "lessons", own + large + insideCss, (element) => Presenter.of(element, KEYS, inDeck));
  }

  protected subject(data: LessonData): string {
    return JSON.stringify(data);
  }

  protected open(data: LessonData): void {
    const { kind, models = [], titles = [], rows = [], seed = 1, first = "" } = data;
    if (kind === "tug" || !models.length) return void (this.show(new Tug()), this.opened());
    if (kind === "inside" || kind === "compression") return this.look(kind, models, titles, rows[0] ?? 0);
    if (kind === "water") return void this.drown(data, models[0]);
    const live = models.map((model) => this.own(new LiveModel(model, this.appRoot, this.notice, models.length)));
    const lesson = this.show(this.lesson(kind, live, titles, rows, seed, first));
    const engines = Promise.all(live.map(({ engine }) => engine.open()));
    Promise.all([lesson.open?.(), engines])
      .then(() => lesson.ready?.())
      .catch((error: unknown) => this.notice(messageOf(error)))
      .finally(this.opened);
  }

  /** The computation for one test image; its networks are its own. */
  private look(kind: "inside" | "compression", models: Model[], titles: string[], row: number): void {
    const subjects = models.map((model, i) => ({ title: titles[i], library: this.own(new Library(model, new URL(model.base, this.appRoot).href)) }));
    const [{ library }] = subjects;
    const { count } = library.model;
    let at = Math.min(row, count - 1);
    const present = async () => inside.show(await Inside.stored(library, at));
    const other = () => {
      at = (at + STRIDE) % count;
      void present();
    };
    const first = Math.max(0, models.findIndex(({ beta }) => beta !== null));
    const part: Part = kind === "inside" ? "computation" : "compression";
    const inside = this.show(new Inside(subjects, first, part, keyed("t", button("Test image", other, "another test image (key t)"))));
    void present();
    void inside.ready.then(this.opened);
  }

  /** The water level of a model's images; no model is decoded. */
  private async drown(data: LessonData, model: Model): Promise<void> {
    const library = this.own(new Library(model, new URL(model.base, this.appRoot).href));
    this.notice("Finding the principal directions of the images …");
    try {
      const spectrum = await library.spectrum();
      if (!this.element.isConnected || this.subject(this.data!) !== this.subject(data)) return; // another lesson by now
      this.notice("");
      await this.show(new Water(spectrum, library, data.points ?? [], data.rows ?? [], data.level ?? null, this.notice)).open();
    } catch (error) {
      this.notice(messageOf(error));
    }
    this.opened();
  }

  private lesson(kind: Exclude<LessonData["kind"], "tug" | "inside" | "compression" | "water">, live: LiveModel[], titles: string[], rows: number[], seed: number, first: string): Lesson {
    if (kind === "restore") return new Restore(live[0], rows[0] ?? 0, first);
    if (kind === "random") return new Random(live, titles, seed);
    if (kind === "holes") return new Holes(live[0], rows);
    if (kind === "ladder") return new Ladder(live, titles, rows);
    return kind === "draws" ? new Draws(live[0], rows[0]) : new Rotate(live[0]);
  }
}
