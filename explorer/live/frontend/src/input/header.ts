/** Beyond these a picture is refused: bytes of the file, and pixels. */
export const MOST_BYTES = 64 * 2 ** 20;
export const MOST_PIXELS = 1e8;

export interface Header {
  width: number;
  height: number;
  animated: boolean;
}

const text = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));

/** What a PNG, JPEG, GIF, WebP or BMP file says of itself before anything is decoded; null for any other file. */
export function readHeader(bytes: Uint8Array): Header | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (text(bytes, 1, 3) === "PNG" && bytes[0] === 0x89) return { width: view.getUint32(16), height: view.getUint32(20), animated: contains(bytes, "acTL") };
    if (text(bytes, 0, 4) === "GIF8") return { width: view.getUint16(6, true), height: view.getUint16(8, true), animated: contains(bytes, "NETSCAPE2.0") };
    if (text(bytes, 0, 2) === "BM") return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)), animated: false };
    if (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 4) === "WEBP") return webp(bytes, view);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes, view);
  } catch {
    // it ends before its size: as good as unknown
  }
  return null;
}

function contains(bytes: Uint8Array, word: string): boolean {
  const codes = Array.from(word, (letter) => letter.charCodeAt(0));
  const end = Math.min(bytes.length, 1 << 16) - codes.length;
  for (let i = 0; i < end; i++) if (codes.every((code, k) => bytes[i + k] === code)) return true;
  return false;
}

function webp(bytes: Uint8Array, view: DataView): Header | null {
  const kind = text(bytes, 12, 4);
  const three = (at: number) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  if (kind === "VP8X") return { width: three(24) + 1, height: three(27) + 1, animated: (bytes[20] & 2) !== 0 };
  if (kind === "VP8L") {
    const packed = view.getUint32(21, true);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1, animated: false };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff, animated: false };
}

/** The frame header is the first marker from C0 to CF that is no table. */
function jpeg(bytes: Uint8Array, view: DataView): Header | null {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), animated: false };
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}
