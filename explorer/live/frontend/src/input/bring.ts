import { MOST_BYTES, MOST_PIXELS, readHeader } from "./header";

/** A picture that is ready to be drawn, and what is worth saying of it. */
export interface Brought {
  bitmap: ImageBitmap;
  note: string;
}

/**
 * The middle of a picture file, cropped to `width` : `height` and at least that large, upright.
 *
 * Its size is read before it is decoded. Rejects with a sentence for what is no picture, too large or damaged.
 */
export async function bring(file: Blob, width: number, height: number): Promise<Brought> {
  if (file.size > MOST_BYTES) throw new Error(`This file has ${Math.round(file.size / 2 ** 20)} MiB; choose a picture of at most ${MOST_BYTES / 2 ** 20} MiB.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readHeader(bytes);
  if (!header) throw new Error(unknown(file, bytes));
  const pixels = header.width * header.height;
  if (pixels > MOST_PIXELS) throw new Error(`This picture has ${Math.round(pixels / 1e6).toLocaleString("en")} megapixels; choose one of at most ${MOST_PIXELS / 1e6}.`);
  const bitmap = await decoded(file, header.width, header.height, Math.max(width, height));
  return { bitmap, note: header.animated ? "This picture moves; its first frame is used." : "" };
}

/** Decoded no larger than needed: a photograph shrinks while it is read. */
async function decoded(file: Blob, width: number, height: number, side: number): Promise<ImageBitmap> {
  const shrink = Math.min(width, height) / (2 * side);
  const options: ImageBitmapOptions =
    shrink > 1 ? { resizeWidth: Math.max(1, Math.round(width / shrink)), resizeHeight: Math.max(1, Math.round(height / shrink)), resizeQuality: "high" } : {};
  try {
    if (!width || !height) throw new Error("empty");
    return await createImageBitmap(file, options);
  } catch {
    throw new Error("This picture is damaged, so the browser cannot read it; choose another file.");
  }
}

function unknown(file: Blob, bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 1024)).toLowerCase();
  if (file.type.includes("svg") || start.includes("<svg")) return "An SVG holds shapes, not pixels; save it as a PNG and bring that.";
  if (!bytes.length) return "This file is empty; choose another.";
  return "This is no picture that can be read here; choose a PNG, JPEG, WebP, GIF or BMP.";
}

/** The first file of a paste or a drop; null where it holds none. */
export function fileOf(data: DataTransfer | null): File | null {
  return data?.files[0] ?? null;
}

/** Where the middle of a picture of one size lies that has the proportions of another: x, y, width, height. */
export function middle(width: number, height: number, toWidth: number, toHeight: number): [number, number, number, number] {
  const scale = Math.min(width / toWidth, height / toHeight);
  const [w, h] = [toWidth * scale, toHeight * scale];
  return [(width - w) / 2, (height - h) / 2, w, h];
}
