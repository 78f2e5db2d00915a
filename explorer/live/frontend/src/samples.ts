import { Samples } from "./samples/page";
import type { SamplesData, SamplesState } from "./samples/types";

interface Component {
  data: SamplesData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: SamplesState): void;
  setTriggerValue(name: string, value: string[]): void;
}

interface Mounted {
  page: Samples;
  component: Component;
}

const mounted = new WeakMap<ParentNode, Mounted>();

/** What Streamlit calls at the first mount and again, without clean-up, at every change of theme or data. */
export default function (component: Component, appRoot: string): () => void {
  const root = component.parentElement;
  let entry = mounted.get(root);
  if (!entry) {
    const fresh: Mounted = {
      page: new Samples(root, appRoot, {
        settled: (state) => fresh.component.setStateValue("state", state),
        judge: (kinds) => fresh.component.setTriggerValue("judge", kinds),
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
