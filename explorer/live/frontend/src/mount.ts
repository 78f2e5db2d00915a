interface Mountable {
  data: unknown;
  parentElement: HTMLElement | ShadowRoot;
}

interface Page<D> {
  update(data: D): void;
  dispose(): void;
}

/**
 * What Streamlit calls at the first mount and again, without clean-up, at every change of theme or data: one page per
 * root element. `now` gives the component as it was handed over last.
 */
export function mounting<C extends Mountable>(
  make: (root: ParentNode, appRoot: string, now: () => C) => Page<C["data"]>,
): (component: C, appRoot: string) => () => void {
  const mounted = new WeakMap<ParentNode, { page: Page<C["data"]>; component: C }>();
  return (component, appRoot) => {
    const root = component.parentElement;
    let entry = mounted.get(root);
    if (!entry) {
      const fresh = { component } as { page: Page<C["data"]>; component: C };
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
