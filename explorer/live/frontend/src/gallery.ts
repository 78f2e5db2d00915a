import { Gallery } from "./gallery/page";
import type { GalleryData } from "./gallery/types";
import { mounting } from "./mount";

interface Component {
  data: GalleryData;
  parentElement: HTMLElement | ShadowRoot;
}

export default mounting<Component>((root, appRoot) => new Gallery(root, appRoot));
