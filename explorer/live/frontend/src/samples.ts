import { type ActingComponent, mounting } from "./page/mount";
import { SamplesPage } from "./samples/page";
import type { SamplesData } from "./schema";

export default mounting<ActingComponent<SamplesData>>((root, appRoot, now) => new SamplesPage(root, appRoot, now));
