import type { Model } from "../model";

export type State = "waiting" | "running" | "paused" | "stopped" | "done" | "failed";

/** How one training stands (explorer.ui.runs). */
export interface Row {
  name: string;
  title: string;
  state: State;
  message: string;
  fraction: number;
  seconds: number;
  /** How many come before it, while it waits. */
  place: number;
  epochs: number;
  latentSize: number;
  parent: [string, number] | null;
  /** Its model is saved, and can be explored. */
  model: boolean;
  /** What its snapshots take on disk. */
  bytes: number;
}

/** One line of the curve; losses in nats per image. */
export interface Line {
  epoch: number;
  loss: number;
  distortion: number;
  rate: number;
  rates: number[];
  test: number | null;
  beta: number;
  speed: number;
  left: number | null;
}

export interface Preview {
  epoch: number;
  /** Addresses of pictures: images in a row. */
  originals: string;
  rebuilt: string;
  xy: [number, number][];
  labels: number[];
  label_names: string[];
  active: number;
  notes: string[];
}

export interface Live {
  name: string;
  from: number;
  lines: Line[];
  next: number;
  preview?: Preview | null;
  seen?: string;
  snapshots: number;
}

export interface Standings {
  runs: Row[];
  live?: Live;
}

export interface SnapshotRow {
  epoch: number;
  base: string;
  test: number | null;
}

export interface History {
  model: Model;
  snapshots: SnapshotRow[];
}

export interface Act {
  do: "pause" | "stop" | "resume" | "delete" | "open" | "branch";
  run: string;
  epoch?: number;
  model?: boolean;
}

export interface TrainingData {
  select: string;
  serial: number;
  closed: boolean;
}

export const busy = (state: State): boolean => state === "running" || state === "waiting";
