import { describe, expect, it } from "vitest";
import { random } from "../../src/map/shuffle";
import { shortNumber, TickLabels, tickStep } from "../../src/map/ticks";

describe("ticks", () => {
  const next = random(2);
  const scales = Array.from({ length: 200 }, () => Math.exp(20 * next() - 8));

  it("step by 1, 2 or 5 times a power of ten, never closer than asked nor much wider", () => {
    for (const scale of scales) {
      const step = tickStep(scale, 76);
      const lead = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
      expect([1, 2, 5].some((l) => Math.abs(lead - l) < 1e-6)).toBe(true);
      expect(step * scale).toBeGreaterThanOrEqual(76 * (1 - 1e-9));
      expect(step * scale).toBeLessThanOrEqual(76 * 2.5 * (1 + 1e-9));
    }
  });

  it("are written as the numbers they are, with a real minus", () => {
    const labels = new TickLabels();
    for (const scale of scales) {
      const step = tickStep(scale, 76);
      for (const k of [-7, -1, 0, 1, 3, 12]) {
        const text = labels.text(k, step);
        expect(text).not.toContain("-");
        const value = Number(text.replace("−", "-"));
        expect(Math.abs(value - k * step)).toBeLessThanOrEqual(Math.abs(k * step) * 0.05 + 1e-12);
      }
    }
    const texts = [labels.text(-3, 0.5), labels.text(0, 0.5), labels.text(4, 50), labels.text(1, 0.01)];
    expect(texts).toEqual(["−1.5", "0.0", "200", "0.01"]);
  });

  it("shortens the ends of a colour bar", () => {
    const texts = [0, -1.23456, 1234, 0.000012, 2.5e7].map(shortNumber);
    expect(texts).toEqual(["0", "−1.23", "1230", "1.2e−5", "2.5e+7"]);
  });
});
