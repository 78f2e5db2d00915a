/** A picture's file as this browser writes it. */
export interface Written {
  bytes: number;
  /** Those of them that hold pixels, and not the head of the file. */
  pixels: number;
  file: Blob;
}

export type Format = "image/png" | "image/jpeg";

/** Write a canvas as a file; `quality` is that of JPEG, 0 to 1. */
export async function write(canvas: HTMLCanvasElement, format: Format, quality = 1): Promise<Written> {
  const file = await new Promise<Blob | null>((done) => canvas.toBlob(done, format, quality));
  if (!file || file.type !== format) throw new Error(`This browser cannot write ${format === "image/png" ? "PNG" : "JPEG"}.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { bytes: bytes.length, pixels: (format === "image/png" ? pixelsOfPng : pixelsOfJpeg)(bytes), file };
}

const HEAD = 8; // of a PNG: its signature

/** How many bytes the IDAT chunks of a PNG hold. */
export function pixelsOfPng(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const idat = 0x49444154;
  let sum = 0;
  for (let at = HEAD; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) if (view.getUint32(at + 4) === idat) sum += view.getUint32(at);
  return sum;
}

/** How many bytes the scans of a JPEG hold: all that is in no marker segment. */
export function pixelsOfJpeg(bytes: Uint8Array): number {
  const lone = (marker: number) => marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd9); // no length follows
  let heads = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0) {
      at++;
    } else if (lone(marker)) {
      at += 2;
      heads += 2;
    } else {
      const size = 2 + 256 * bytes[at + 2] + bytes[at + 3];
      at += size;
      heads += size;
    }
  }
  return bytes.length - heads;
}
