import { mounting } from "./mount";
import { Trainings } from "./training/page";
import type { Act, TrainingData } from "./training/types";

interface Component {
  data: TrainingData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: string): void;
  setTriggerValue(name: string, value: Act): void;
}

export default mounting<Component>((root, appRoot, now) => {
  const outside = {
    run: (name: string) => now().setStateValue("run", name),
    act: (act: Act) => now().setTriggerValue("act", act),
  };
  return new Trainings(root, appRoot, outside);
});
