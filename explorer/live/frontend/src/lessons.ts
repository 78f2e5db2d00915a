import { LessonPage } from "./lessons/page";
import { type Component, mounting } from "./page/mount";
import type { LessonData } from "./schema";

export default mounting<Component<LessonData>>((root, appRoot, now) => new LessonPage(root, appRoot, now().presenting, () => now().opened?.()));
