import type { Assets } from "./assets";
import type { DecoderSource } from "./decoder";

/** Page to worker. */
export type Request =
  | { kind: "open"; assets: Assets; source: DecoderSource; threads: number; tryGpu: boolean }
  | { kind: "codes"; codes: Float32Array }
  | { kind: "decode"; items: { channel: string; z: Float32Array; count: number }[] }
  | { kind: "distances"; channel: string; path: Float32Array; count: number }
  | { kind: "drop"; prefix: string };

/** Worker to page. */
export type Reply =
  | { kind: "ready"; backend: string; milliseconds: number }
  | { kind: "failed"; reason: string }
  | { kind: "images"; channel: string; rgba: Uint8ClampedArray<ArrayBuffer>; count: number }
  | { kind: "distances"; channel: string; distance: Float32Array; row: Uint32Array };
