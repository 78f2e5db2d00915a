import { fetchBytes } from "../engine/assets";
import { toRgba } from "../engine/pixels";
import { Spectrum } from "../latent/spectrum";
import { BetaCodes, fromHalves } from "../latent/beta-codes";
import type { Column, Model, Sibling, Siblings } from "../schema";
import { messageOf } from "../ui/dom";
import { Vocabulary } from "../latent/vocabulary";

export interface ColumnValues {
  column: Column;
  categories?: Uint8Array | Uint16Array;
  values?: Float32Array;
}

/** n test images with noise, and their reconstructions. */
export interface Restored {
  /** −log p(clean image|z) in nats, (n). */
  distortion: Float32Array;
  /** Codes of the corrupted images, (n, d). */
  z: Float32Array;
  /** The corrupted images as RGBA, (n, H, W, 4). */
  images: Uint8ClampedArray<ArrayBuffer>;
}

/** The training image most similar to a decoded image. */
export interface NearestImage {
  /** Its distance, relative to that of real test images to their nearest training image. */
  distance: number;
  /** Its row in the data set, and its class or −1. */
  row: number;
  label: number;
  image: Uint8ClampedArray<ArrayBuffer>;
}

const SIDE = 32; // a sheet of originals is 32 × 32 images
/** Time before missing originals are requested again, in ms. */
const RETRY = 5000;

/** The checkpoint's arrays and pictures, each fetched once. */
export class Library {
  private readonly sheets = new Map<number, Promise<ImageBitmap>>();
  private readonly columns = new Map<string, Promise<ColumnValues>>();
  private readonly atBetas = new Map<string, Promise<BetaCodes>>();
  /** Why there are no originals; empty if they are available. */
  missingOriginals = "";
  private missedAt = -Infinity;
  private words: Promise<Vocabulary> | null = null;

  constructor(readonly model: Model, readonly base: string) {}

  async codes(): Promise<Float32Array> {
    return new Float32Array(await fetchBytes(this.base + "codes"));
  }

  /** The words of discrete codes and the tokens of every image. */
  vocabulary(): Promise<Vocabulary> {
    return (this.words ??= fetchBytes(this.base + "words").then((bytes) => new Vocabulary(this.model.code!, bytes)));
  }

  async scales(): Promise<Float32Array> {
    return new Float32Array(await fetchBytes(this.base + "scales"));
  }

  /** Means of all codes at the β of a range. */
  betaCodes(): Promise<BetaCodes> {
    return cached(this.atBetas, "codes", async () => new BetaCodes(this.model.betaRange!, fromHalves(await fetchBytes(this.base + "beta-codes")), this.model.latentSize));
  }

  /** Models of one β beside this one of a range. */
  async siblings(): Promise<readonly Sibling[]> {
    return (JSON.parse(new TextDecoder().decode(await fetchBytes(this.base + "siblings"))) as Siblings).models;
  }

  /** Logarithms of their scales. */
  betaScales(): Promise<BetaCodes> {
    return cached(this.atBetas, "scales", async () => new BetaCodes(this.model.betaRange!, fromHalves(await fetchBytes(this.base + "beta-scales")).map(Math.log), this.model.latentSize));
  }

  /** The spectrum of the images. */
  async spectrum(): Promise<Spectrum> {
    const [channels, height, width] = this.model.imageShape;
    return new Spectrum(await fetchBytes(this.base + "spectrum"), channels * height * width);
  }

  /** x and y of every code in a projection. */
  async positions(projection: string): Promise<[Float32Array, Float32Array]> {
    const both = new Float32Array(await fetchBytes(`${this.base}positions/${encodeURIComponent(projection)}`));
    return [both.subarray(0, both.length / 2), both.subarray(both.length / 2)];
  }

  /** The sprites that differ from these factors in a single one, on a sheet. */
  async sprites(factors: readonly number[]): Promise<ImageBitmap> {
    return fetchPicture(`${this.base}sprites/${factors.join("-")}/images.png`);
  }

  /** Mean codes of those sprites. */
  async spriteCodes(factors: readonly number[]): Promise<Float32Array> {
    return new Float32Array(await fetchBytes(`${this.base}sprites/${factors.join("-")}/codes`));
  }

  column(key: string): Promise<ColumnValues> {
    return cached(this.columns, key, () => this.fetchColumn(key));
  }

  /** The class of every code; null where there are none. */
  async labels(): Promise<Uint8Array | Uint16Array | null> {
    if (!this.model.columns.some((column) => column.key === "labels")) return null;
    return this.column("labels").then(({ categories }) => categories ?? null, () => null);
  }

  /** Draw the original of row i over the whole canvas, if `still` holds by then; false if the data set is missing. */
  async drawOriginal(row: number, canvas: HTMLCanvasElement, still: () => boolean = () => true): Promise<boolean> {
    if (performance.now() - this.missedAt < RETRY) return false;
    const [, h, w] = this.model.imageShape;
    const number = Math.floor(row / SIDE ** 2);
    try {
      const bitmap = await cached(this.sheets, number, () => fetchPicture(`${this.base}originals/${number}.png`));
      this.missingOriginals = "";
      if (!still()) return true;
      const at = row % SIDE ** 2;
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, (at % SIDE) * w, Math.floor(at / SIDE) * h, w, h, 0, 0, w, h);
      return true;
    } catch (error) {
      this.missedAt = performance.now();
      this.missingOriginals = messageOf(error);
      return false;
    }
  }

  /** Test images with noise drawn by the server: the same for every model of the same images. */
  async restored(kind: string, level: number, seed: number, rows: number[], beta?: number): Promise<Restored> {
    const bytes = await fetchBytes(`${this.base}restored/${kind}/${level}/${seed}/${rows.join(",")}${beta === undefined ? "" : `/${beta}`}`);
    const [n, d] = [rows.length, this.model.latentSize];
    const floats = new Float32Array(bytes, 0, n * (1 + d));
    const images = toRgba(new Uint8Array(bytes, floats.byteLength), n, this.model.imageShape, 1);
    return { distortion: floats.subarray(0, n), z: floats.subarray(n), images };
  }

  /** The training image nearest to the decoded image of z. */
  async nearestTrainingImage(z: Float32Array, its?: number): Promise<NearestImage> {
    const code = btoa(String.fromCharCode(...new Uint8Array(z.slice().buffer)));
    const address = code.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    const bytes = await fetchBytes(`${this.base}training/${address}${its === undefined ? "" : `/${its}`}`);
    const [row, label] = new Int32Array(bytes, 4, 2);
    const image = toRgba(new Uint8Array(bytes, 12), 1, this.model.imageShape, 1);
    return { distance: new Float32Array(bytes, 0, 1)[0], row, label, image };
  }

  /** Free the sheets, which are large and not garbage-collected soon. */
  dispose(): void {
    for (const sheet of this.sheets.values()) void sheet.then((bitmap) => bitmap.close(), () => undefined);
    this.sheets.clear();
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

/** The cached promise of a key, created once and again only after a failure. */
export function cached<K, V>(cache: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  let value = cache.get(key);
  if (!value) {
    cache.set(key, (value = make()));
    value.catch(() => cache.delete(key));
  }
  return value;
}

export async function fetchPicture(address: string): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([await fetchBytes(address)], { type: "image/png" }));
}
