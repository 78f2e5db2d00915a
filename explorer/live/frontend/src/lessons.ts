import { type LessonData, Lessons } from "./lessons/page";
import { mounting } from "./mount";

interface Component {
  data: LessonData;
  parentElement: HTMLElement | ShadowRoot;
  /** True in a deck, which has the screen and the keys. */
  presenting?: boolean;
}

export default mounting<Component>((root, appRoot, now) => new Lessons(root, appRoot, now().presenting));
