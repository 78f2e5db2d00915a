import { type LessonData, LessonPage } from "./lessons/page";
import { type Component, mounting } from "./page/mount";

export default mounting<Component<LessonData>>((root, appRoot, now) => new LessonPage(root, appRoot, now().presenting));
