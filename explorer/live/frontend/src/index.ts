import { takeOver } from "./early/early";
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

export { early } from "./early/early";

export default mounting<Component>((root, appRoot, now) => {
  const report = (state: StageState) => now().setStateValue("state", state);
  return takeOver(root, report) ?? new Stage(root, appRoot, report, now().presenting);
});
