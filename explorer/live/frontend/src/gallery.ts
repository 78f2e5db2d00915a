import { Gallery } from "./gallery/page";
import type { GalleryData } from "./gallery/types";

interface Component {
  data: GalleryData;
  parentElement: HTMLElement | ShadowRoot;
}

const mounted = new WeakMap<ParentNode, Gallery>();

/** What Streamlit calls at the first mount and again, without clean-up, at every change of theme or data. */
export default function (component: Component, appRoot: string): () => void {
  const root = component.parentElement;
  let page = mounted.get(root);
  if (!page) mounted.set(root, (page = new Gallery(root, appRoot)));
  page.update(component.data);
  return () => {
    mounted.get(root)?.dispose();
    mounted.delete(root);
  };
}
