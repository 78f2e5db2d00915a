import { GalleryPage } from "./gallery/page";
import type { GalleryData } from "./schema";
import { type Component, mounting } from "./page/mount";

export default mounting<Component<GalleryData>>((root, appRoot) => new GalleryPage(root, appRoot));
