import { mounting } from "./mount";
import { Samples } from "./samples/page";
import type { SamplesData, SamplesState } from "./samples/types";

interface Component {
  data: SamplesData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: SamplesState): void;
  setTriggerValue(name: string, value: string[]): void;
  /** True in a deck, which has the screen and the keys. */
  presenting?: boolean;
}

export default mounting<Component>((root, appRoot, now) => {
  const outside = {
    settled: (state: SamplesState) => now().setStateValue("state", state),
    judge: (kinds: string[]) => now().setTriggerValue("judge", kinds),
  };
  return new Samples(root, appRoot, outside, now().presenting);
});
