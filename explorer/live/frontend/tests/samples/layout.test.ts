import { describe, expect, it } from "vitest";
import { layout } from "../../src/samples/grid";
import { FAR, supportColour } from "../../src/samples/support";

describe("layout of a grid", () => {
  it.each([1, 16, 36, 64, 100])("puts %i images into the room there is, on whole pixels", (count) => {
    for (const side of [8, 28, 64])
      for (const room of [180, 301, 640, 1200]) {
        const { columns, rows, width, height } = layout(count, [side, side], room, 4);
        expect(columns * rows).toBe(count);
        expect(columns * width + (columns - 1) * 4).toBeLessThanOrEqual(room);
        expect(width).toBe(height);
        if (width > side) expect(width % side).toBe(0);
        expect(width).toBeGreaterThan(0);
      }
  });

  it("keeps the shape of images that are not square", () => {
    const { width, height } = layout(16, [8, 16], 400, 4);
    expect(width).toBe(2 * height);
  });
});

describe("colour of support", () => {
  const rgb = (text: string) => [...text.matchAll(/[\d.]+/g)].map(Number);

  it("goes from blue to red and stays there", () => {
    const [near, far] = [rgb(supportColour(0)), rgb(supportColour(FAR))];
    expect(near[2]).toBeGreaterThan(near[0]);
    expect(far[0]).toBeGreaterThan(far[2]);
    expect(supportColour(10 * FAR)).toBe(supportColour(FAR));
    expect(supportColour(NaN)).toBe("rgba(128, 128, 128, 1)");
  });
});
