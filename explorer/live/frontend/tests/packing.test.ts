import { expect, it } from "vitest";
import { fromBase85, interleaved } from "../src/page/packing";

// what Python's base64.b85encode gives, "<" as a comma
const ENCODED: [string, number[]][] = [
  ["", []],
  ["009", [0, 1]],
  ["009C6|NsC0", [0, 1, 2, 3, 255, 255, 255, 255]],
  ["Xk~0{", [104, 101, 108, 108]],
];

it("reads base 85 as Python writes it", () => {
  for (const [text, bytes] of ENCODED) expect([...fromBase85(text)], text).toEqual(bytes);
});

it("puts bytes that were sorted by their place in a number back", () => {
  // 1.5 and −2 as little-endian float32, then two bytes that only fill up
  const numbers = new Float32Array([1.5, -2]);
  const bytes = [...new Uint8Array(numbers.buffer)];
  const planes = Uint8Array.from([0, 1, 2, 3].flatMap((place) => [bytes[place], bytes[4 + place]]));
  expect([...new Float32Array(interleaved(planes, 4, 8))]).toEqual([1.5, -2]);
  expect(interleaved(planes, 4, 6).byteLength).toBe(6);
});
