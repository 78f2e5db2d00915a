import { Compare } from "./compare/page";
import type { CompareData, CompareState } from "./compare/types";
import { mounting } from "./mount";

interface Component {
  data: CompareData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: CompareState): void;
}

export default mounting<Component>((root, appRoot, now) => new Compare(root, appRoot, (state) => now().setStateValue("state", state)));
