import { fetchBytes } from "./engine/assets";
import type { Column, Model } from "./model";

export interface ColumnValues {
  column: Column;
  categories?: Uint8Array | Uint16Array;
  values?: Float32Array;
}

const SIDE = 32; // a sheet of originals is 32 × 32 images

/** The checkpoint's arrays and pictures, each fetched once. */
export class Library {
  private readonly sheets = new Map<number, Promise<ImageBitmap>>();
  private readonly columns = new Map<string, Promise<ColumnValues>>();
  /** Why there are no originals, once that is known. */
  missingOriginals = "";

  constructor(
    readonly model: Model,
    readonly base: string,
  ) {}

  async codes(): Promise<Float32Array> {
    return new Float32Array(await fetchBytes(this.base + "codes"));
  }

  async scales(): Promise<Float32Array> {
    return new Float32Array(await fetchBytes(this.base + "scales"));
  }

  /** x and y of every code in a projection. */
  async positions(projection: string): Promise<[Float32Array, Float32Array]> {
    const both = new Float32Array(await fetchBytes(`${this.base}positions/${encodeURIComponent(projection)}`));
    return [both.subarray(0, both.length / 2), both.subarray(both.length / 2)];
  }

  column(key: string): Promise<ColumnValues> {
    let found = this.columns.get(key);
    if (!found) {
      this.columns.set(key, (found = this.fetchColumn(key)));
      found.catch(() => this.columns.delete(key));
    }
    return found;
  }

  /** Draw the original of row i over the whole canvas; false if the data set is not there. */
  async drawOriginal(row: number, canvas: HTMLCanvasElement, still: () => boolean = () => true): Promise<boolean> {
    if (this.missingOriginals) return false;
    const [, h, w] = this.model.imageShape;
    const number = Math.floor(row / SIDE ** 2);
    let sheet = this.sheets.get(number);
    if (!sheet) {
      this.sheets.set(number, (sheet = this.fetchSheet(number)));
      sheet.catch(() => this.sheets.delete(number));
    }
    try {
      const bitmap = await sheet;
      if (!still()) return true;
      const at = row % SIDE ** 2;
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, (at % SIDE) * w, Math.floor(at / SIDE) * h, w, h, 0, 0, w, h);
      return true;
    } catch (error) {
      this.missingOriginals = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  private async fetchSheet(number: number): Promise<ImageBitmap> {
    const bytes = await fetchBytes(`${this.base}originals/${number}.png`);
    return createImageBitmap(new Blob([bytes], { type: "image/png" }));
  }

  private async fetchColumn(key: string): Promise<ColumnValues> {
    const column = this.model.columns.find((c) => c.key === key);
    if (!column) throw new Error(`There is no column ${key}.`);
    const bytes = await fetchBytes(`${this.base}column/${encodeURIComponent(key)}`);
    if (!column.names) return { column, values: new Float32Array(bytes) };
    const wide = bytes.byteLength === 2 * this.model.count;
    return { column, categories: wide ? new Uint16Array(bytes) : new Uint8Array(bytes) };
  }
}
