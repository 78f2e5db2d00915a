import { mounting } from "./mount";
import { Samples } from "./samples/page";
import type { SamplesData, SamplesState } from "./samples/types";

interface Component {
  data: SamplesData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: SamplesState): void;
  setTriggerValue(name: string, value: string[]): void;
}

export default mounting<Component>(
  (root, appRoot, now) =>
    new Samples(root, appRoot, {
      settled: (state) => now().setStateValue("state", state),
      judge: (kinds) => now().setTriggerValue("judge", kinds),
    }),
);
