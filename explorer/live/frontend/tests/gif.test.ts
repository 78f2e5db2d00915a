import { describe, expect, it } from "vitest";
import { backAndForth, enlarge, gif } from "../src/save/gif";

describe("gif", () => {
  it("writes a looping GIF89a of the enlarged size with one frame per image", () => {
    const rgba = new Uint8ClampedArray(3 * 4 * 4).map((_, i) => (i % 4 === 3 ? 255 : i * 5));
    const bytes = gif(rgba, 3, [1, 2, 2], 60, 8);
    const text = String.fromCharCode(...bytes);
    expect(text.slice(0, 6)).toBe("GIF89a");
    expect([bytes[6] + 256 * bytes[7], bytes[8] + 256 * bytes[9]]).toEqual([8, 8]);
    expect(text).toContain("NETSCAPE2.0");
    expect(text.split("\x21\xf9\x04").length - 1).toBe(3); // graphic control extensions
    expect(bytes.at(-1)).toBe(0x3b);
  });
  it("goes there and back without a double frame", () => expect(backAndForth(4)).toEqual([0, 1, 2, 3, 2, 1]));
  it("enlarges by repeating pixels", () => {
    expect([...enlarge(Uint8Array.of(1, 2, 3, 4), 2, 2, 2)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });
});
