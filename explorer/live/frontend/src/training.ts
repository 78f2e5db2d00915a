import { Trainings } from "./training/page";
import type { Act, TrainingData } from "./training/types";

interface Component {
  data: TrainingData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: string): void;
  setTriggerValue(name: string, value: Act): void;
}

interface Mounted {
  page: Trainings;
  component: Component;
}

const mounted = new WeakMap<ParentNode, Mounted>();

/** What Streamlit calls at the first mount and again, without clean-up, at every change of theme or data. */
export default function (component: Component, appRoot: string): () => void {
  const root = component.parentElement;
  let entry = mounted.get(root);
  if (!entry) {
    const fresh: Mounted = {
      page: new Trainings(root, appRoot, {
        run: (name) => fresh.component.setStateValue("run", name),
        act: (act) => fresh.component.setTriggerValue("act", act),
      }),
      component,
    };
    mounted.set(root, (entry = fresh));
  }
  entry.component = component;
  entry.page.update(component.data);
  return () => {
    mounted.get(root)?.page.dispose();
    mounted.delete(root);
  };
}
