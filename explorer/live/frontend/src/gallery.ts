import { GalleryPage } from "./gallery/page";
import type { GalleryData } from "./gallery/types";
import { type Component, mounting } from "./page/mount";

export default mounting<Component<GalleryData>>((root, appRoot) => new GalleryPage(root, appRoot));
