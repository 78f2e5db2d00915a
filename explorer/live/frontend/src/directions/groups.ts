import type { Model } from "../schema";

/** A group of test images: those with some values of a column, and some by themselves. */
export interface Group {
  /** Keys of columns, with the values that belong to the group. */
  values: Map<string, number[]>;
  /** Rows of the codes, ascending. */
  rows: number[];
}

/** The values of a column, one for each code. */
export type Categories = (key: string) => ArrayLike<number> | undefined;

const ROWS = "rows";
/** The longest text of a group: what a link has room for, several times. */
export const MOST_LETTERS = 2000;
const VALUE = /^\d{1,5}$/;

export const emptyGroup = (): Group => ({ values: new Map(), rows: [] });
export const isEmpty = ({ values, rows }: Group): boolean => !values.size && !rows.length;

/** A group as a short text: "labels:3.8", "factor%3Ahair:0", "rows:" and bytes in base 64; parts are joined by semicolons. */
export function writeGroup({ values, rows }: Group): string {
  const parts = [...values].map(([key, chosen]) => `${encodeURIComponent(key)}:${chosen.join(".")}`);
  return [...parts, ...(rows.length ? [`${ROWS}:${toBase64(packRows(rows))}`] : [])].join(";");
}

/** The group in a text that `writeGroup` wrote; what is not one is left out, since people edit links. */
export function readGroup(text: string, count: number): Group {
  const group = emptyGroup();
  for (const part of text.slice(0, MOST_LETTERS).split(";")) {
    const [key, rest] = part.split(":");
    if (!key || !rest) continue;
    try {
      if (key === ROWS) group.rows = unpackRows(fromBase64(rest)).filter((row) => row < count);
      else group.values.set(decodeURIComponent(key), rest.split(".").filter((value) => VALUE.test(value)).map(Number));
    } catch {
      // not base 64, or not an encoded key
    }
  }
  return group;
}

/** The rows of a group, ascending. */
export function rowsOf({ values, rows }: Group, categories: Categories): Uint32Array {
  const all = new Set(rows);
  for (const [key, chosen] of values) {
    const column = categories(key);
    const wanted = new Set(chosen);
    for (let row = 0; row < (column?.length ?? 0); row++) if (wanted.has(column![row])) all.add(row);
  }
  return Uint32Array.from(all).sort();
}

/** A group in words: "smile or laugh", "3 images". */
export function describeGroup({ values, rows }: Group, { columns }: Pick<Model, "columns">): string {
  const words = [...values].flatMap(([key, chosen]) => {
    const names = columns.find((column) => column.key === key)?.names;
    return chosen.map((value) => names?.[value] ?? String(value));
  });
  if (rows.length) words.push(rows.length === 1 ? `image ${rows[0].toLocaleString("en")}` : `${rows.length.toLocaleString("en")} images`);
  const shown = words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more`] : words;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}` : (shown[0] ?? "nothing");
}

/** Rows as the shorter of two codes: steps of seven bits a byte, or one bit a row. */
export function packRows(rows: number[]): Uint8Array {
  const steps = [0];
  rows.forEach((row, i) => {
    let step = row - (i ? rows[i - 1] + 1 : 0);
    for (; step > 127; step = Math.floor(step / 128)) steps.push(128 + (step % 128));
    steps.push(step);
  });
  const bits = new Uint8Array(2 + Math.floor((rows.at(-1) ?? 0) / 8));
  bits[0] = 1;
  for (const row of rows) bits[1 + (row >> 3)] |= 1 << (row & 7);
  return steps.length < bits.length ? Uint8Array.from(steps) : bits;
}

export function unpackRows(bytes: Uint8Array): number[] {
  const rows: number[] = [];
  if (bytes[0] === 1) {
    for (let bit = 0; bit < 8 * (bytes.length - 1); bit++) if (bytes[1 + (bit >> 3)] & (1 << (bit & 7))) rows.push(bit);
    return rows;
  }
  let [row, step, unit] = [0, 0, 1];
  for (const byte of bytes.subarray(1)) {
    step += (byte & 127) * unit;
    unit *= 128;
    if (byte > 127) continue;
    rows.push((row += step));
    [row, step, unit] = [row + 1, 0, 1];
  }
  return rows;
}

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
