/** The arguments of a component, from Streamlit or a deck. */
export interface Component<D> {
  data: D;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  /** True in a deck, which handles keys and full screen. */
  presenting?: boolean;
  /** Called once what is shown can be decoded, so that a deck prepares its next scene. */
  opened?(): void;
}

/** A component that also triggers actions in Python. */
export interface ActingComponent<D> extends Component<D> {
  setTriggerValue(name: string, value: unknown): void;
}

interface Mounted<D> {
  update(data: D): void;
  dispose(): void;
}

/**
 * The function that Streamlit calls at the first mount and again, without clean-up, at every change of theme or data:
 * one page per root element. `now` returns the latest component.
 */
export function mounting<C extends Component<unknown>>(
  make: (root: ParentNode, appRoot: string, now: () => C) => Mounted<C["data"]>,
): (component: C, appRoot: string) => () => void {
  const mounted = new WeakMap<ParentNode, { page: Mounted<C["data"]>; component: C }>();
  return (component, appRoot) => {
    const root = component.parentElement;
    let entry = mounted.get(root);
    if (!entry) {
      const fresh = { component } as { page: Mounted<C["data"]>; component: C };
      fresh.page = make(root, appRoot, () => fresh.component);
      mounted.set(root, (entry = fresh));
    }
    entry.component = component;
    entry.page.update(component.data);
    return () => {
      mounted.get(root)?.page.dispose();
      mounted.delete(root);
    };
  };
}
