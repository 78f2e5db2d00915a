import { View } from "../page/view";

/** A small figure that explains one thing. */
export abstract class Lesson extends View {
  /** The colours of the page may be others. */
  theme(): void {}
}

/** A lesson with a model's images. */
export abstract class ModelLesson extends Lesson {
  /** The model can decode. */
  abstract open(): Promise<void>;
}
