import type { StageData, StageState } from "./model";
import { mounting } from "./mount";
import { Stage } from "./stage";

interface Component {
  data: StageData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: StageState): void;
  /** True in a deck, which has the screen and the keys. */
  presenting?: boolean;
}

export default mounting<Component>((root, appRoot, now) => new Stage(root, appRoot, (state) => now().setStateValue("state", state), now().presenting));
