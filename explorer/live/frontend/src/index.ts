import { takeOver } from "./early/early";
import type { StageData, StageState } from "./schema";
import { type ActingComponent, type Component, mounting } from "./page/mount";
import { Stage } from "./stage";

export { early } from "./early/early";

export default mounting<Component<StageData> & Partial<ActingComponent<StageData>>>((root, appRoot, now) => {
  const report = (state: StageState) => now().setStateValue("state", state);
  const stage = takeOver(root, report) ?? new Stage(root, appRoot, report, now().presenting);
  stage.act = (act) => now().setTriggerValue?.("act", act);
  return stage;
});
