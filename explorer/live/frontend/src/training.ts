import { type ActingComponent, mounting } from "./page/mount";
import { TrainingPage } from "./training/page";
import type { TrainingData } from "./schema";

export default mounting<ActingComponent<TrainingData>>((root, appRoot, now) => new TrainingPage(root, appRoot, now));
