import type { StageData, StageState } from "./model";
import { Stage } from "./stage";

interface Component {
  data: StageData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: StageState): void;
}

interface Mounted {
  stage: Stage;
  setStateValue: Component["setStateValue"];
}

const mounted = new WeakMap<ParentNode, Mounted>();

/** What Streamlit calls at the first mount and again, without clean-up, at every change of theme or data. */
export default function (component: Component, appRoot: string): () => void {
  const { parentElement: root, data } = component;
  let entry = mounted.get(root);
  if (!entry) {
    const fresh: Mounted = {
      stage: new Stage(root, appRoot, (state) => fresh.setStateValue("state", state)),
      setStateValue: component.setStateValue,
    };
    mounted.set(root, (entry = fresh));
  }
  entry.setStateValue = component.setStateValue;
  entry.stage.update(data);
  return () => {
    mounted.get(root)?.stage.dispose();
    mounted.delete(root);
  };
}
