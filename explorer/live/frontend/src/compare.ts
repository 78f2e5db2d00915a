import { ComparePage } from "./compare/page";
import type { CompareData } from "./schema";
import { type Component, mounting } from "./page/mount";

export default mounting<Component<CompareData>>((root, appRoot, now) => new ComparePage(root, appRoot, now));
