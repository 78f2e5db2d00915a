/** A page of the app and its query. */
export interface Destination {
  page: string;
  query: Record<string, string>;
}

export interface Figure {
  label: string;
  value: string;
  unit?: string;
  about: string;
}

/** What Python says of each card (explorer.live.gallery). */
export interface CardData {
  name: string;
  title: string;
  caption: string;
  /** Address of the checkpoint's files, relative to the app's root; ends in a slash. */
  base: string;
  latentSize: number;
  /** channels, height, width */
  imageShape: [number, number, number];
  rows: number;
  columns: number;
  figures: Figure[];
  to: Destination;
}

export interface Comparison {
  label: string;
  about: string;
  to: Destination;
}

export interface Group {
  title: string;
  about: string;
  cards: CardData[];
  comparisons: Comparison[];
}

export interface GalleryData {
  groups: Group[];
}
