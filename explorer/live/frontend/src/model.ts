export type { Column, Model, Projection, RangeChoice, StageData, StageState, Tool, ViewName, Viewport } from "./schema";
