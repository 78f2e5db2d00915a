import { type ActingComponent, mounting } from "./page/mount";
import { SamplesPage } from "./samples/page";
import type { SamplesData } from "./samples/types";

export default mounting<ActingComponent<SamplesData>>((root, appRoot, now) => new SamplesPage(root, appRoot, now));
