import type { RunState } from "../schema";

export type { Act, CurveLine as Line, LiveRun as Live, Preview, RunRow as Row, SnapshotList as History, SnapshotRow, Standings, TrainingData } from "../schema";

export const busy = (state: RunState): boolean => state === "running" || state === "waiting";
