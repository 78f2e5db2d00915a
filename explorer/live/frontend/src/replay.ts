import { type Component, mounting } from "./page/mount";
import { ReplayPage } from "./training/replay-page";
import type { ReplayData } from "./schema";

export default mounting<Component<ReplayData>>((root, appRoot, now) => new ReplayPage(root, appRoot, now().presenting, () => now().opened?.()));
