import type { CompareTab } from "../schema";

export type { CompareData, ComparedModel, CompareState, CompareTab as Tab, FlatPlane, Match, PlaneKind } from "../schema";

export const TABS: readonly (readonly [CompareTab, string])[] = [
  ["columns", "Side by side"],
  ["ladder", "Through β"],
  ["factors", "Factors"],
  ["two-way", "Both ways"],
];
