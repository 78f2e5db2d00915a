import type { Assets } from "./assets";
import type { DecoderSource } from "./decoder";
import type { Row } from "./pixels";
import type { Labels } from "./session";

export interface Item {
  channel: string;
  z: Float32Array;
  count: number;
  /** When it was asked for, in ms of the page's clock; comes back with the images. */
  asked: number;
  row?: Row | undefined;
  /** That of a model of a range of β. */
  beta?: number | undefined;
  /** Those of a conditional model. */
  labels?: Labels | undefined;
}

/** Page to worker. */
export type Request =
  | { kind: "open"; assets: Assets; source: DecoderSource; tryGpu: boolean }
  | { kind: "codes"; codes: Float32Array }
  | { kind: "decode"; item: Item }
  | { kind: "distances"; channel: string; path: Float32Array; count: number }
  | { kind: "metric"; channel: string; codes: Float32Array; count: number; beta?: number | undefined; labels?: Labels | undefined }
  | { kind: "real"; onnx: ArrayBuffer }
  | { kind: "departures"; channel: string; rgba: Uint8ClampedArray; count: number };

/** Worker to page. */
export type Reply =
  | { kind: "ready"; backend: string; milliseconds: number }
  | { kind: "failed"; reason: string }
  | { kind: "images"; channel: string; rgba: Uint8ClampedArray<ArrayBuffer>; count: number; asked: number }
  | { kind: "distances"; channel: string; distance: Float32Array; row: Uint32Array }
  | { kind: "metric"; channel: string; metric: Float64Array; done: number }
  | { kind: "departures"; channel: string; distance: Float32Array };
