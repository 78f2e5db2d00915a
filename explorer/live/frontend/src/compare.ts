import { ComparePage } from "./compare/page";
import type { CompareData } from "./compare/types";
import { type Component, mounting } from "./page/mount";

export default mounting<Component<CompareData>>((root, appRoot, now) => new ComparePage(root, appRoot, (state) => now().setStateValue("state", state)));
