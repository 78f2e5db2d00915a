/** The alphabet of Python's `base64.b85encode`, with a comma for "<", so that no text can end its element. */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";

/** Bytes from base 85: five characters for four bytes, the last group cut to what it needs. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(128);
  for (let i = 0; i < ALPHABET.length; i++) digits[ALPHABET.charCodeAt(i)] = i;
  const groups = Math.ceil(text.length / 5);
  const view = new DataView(new ArrayBuffer(4 * groups));
  for (let group = 0; group < groups; group++) {
    let value = 0;
    for (let i = 5 * group; i < 5 * group + 5; i++) value = 85 * value + (i < text.length ? digits[text.charCodeAt(i)] : 84);
    view.setUint32(4 * group, value);
  }
  return new Uint8Array(view.buffer, 0, 4 * groups - (5 * groups - text.length));
}

/** The first `count` bytes of numbers of `stride` bytes each, which come as all first bytes, all second ones, and so on. */
export function interleaved(planes: Uint8Array, stride: number, count: number): ArrayBuffer {
  const each = planes.length / stride;
  const out = new Uint8Array(planes.length);
  for (let plane = 0; plane < stride; plane++) for (let i = 0; i < each; i++) out[i * stride + plane] = planes[plane * each + i];
  return out.buffer.slice(0, count);
}
