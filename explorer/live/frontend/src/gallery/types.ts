export type { CardData, Comparison, Destination, Figure, GalleryData, Group } from "../schema";
