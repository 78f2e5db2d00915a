import { describe, expect, it } from "vitest";
import { Camera } from "../../src/map/camera";
import { Pace } from "../../src/map/pace";

describe("camera", () => {
  const a = { cx: 0, cy: 0, scale: 100 };
  const b = { cx: 2, cy: 1, scale: 100 };

  it("glides to its target in the time given and then rests", () => {
    const camera = new Camera();
    camera.jump(a);
    camera.glide(b, 1000, 300);
    expect(camera.target).toBe(b);
    expect([camera.step(1150), camera.view.cx, camera.gliding]).toEqual([true, 1, true]);
    expect([camera.step(1300), camera.view, camera.gliding]).toEqual([true, b, false]);
    expect(camera.step(1400)).toBe(false);
  });

  it("jumps when there is no time, and a jump ends a glide", () => {
    const camera = new Camera();
    camera.glide(b, 0, 0);
    expect(camera.view).toBe(b);
    camera.glide(a, 0, 300);
    camera.jump(b);
    expect([camera.step(100), camera.view]).toEqual([false, b]);
  });

  it("limits the zoom around the fitted view", () => {
    const camera = new Camera();
    camera.setHome(80);
    expect([camera.limited(1e-9), camera.limited(200), camera.limited(1e12)]).toEqual([4, 200, 800_000]);
  });
});

describe("pace", () => {
  /** A machine on which drawing takes time in proportion to the points, shown at 60 Hz. */
  function play(pace: Pace, msPerPoint: number, frames: number): number {
    let late = 0;
    for (let k = 0; k < frames; k++) {
      const interval = 16.7 * Math.max(1, Math.ceil((pace.budget * msPerPoint) / 16.7));
      if (interval > 20) late++;
      pace.record(interval);
    }
    return late;
  }

  it("draws everything it may on a fast machine", () => {
    const pace = new Pace(40_000);
    expect(play(pace, 16 / 50_000, 600)).toBe(0);
    expect(pace.budget).toBe(40_000);
  });

  it("finds what a slow machine can do within a few frames and rarely tries for more", () => {
    const pace = new Pace(40_000);
    expect(play(pace, 16 / 15_000, 1200)).toBeLessThan(24); // two frames in a hundred
    expect(pace.budget).toBeGreaterThan(7_000);
    expect(pace.budget).toBeLessThan(17_000);
  });

  it("forgives single late frames and recovers when the machine does", () => {
    const pace = new Pace(40_000);
    for (let k = 0; k < 300; k++) pace.record(k % 50 === 0 ? 50 : 16.7);
    expect(pace.budget).toBe(40_000);
    play(pace, 16 / 8_000, 100);
    expect(pace.budget).toBeLessThan(12_000);
    play(pace, 16 / 80_000, 6000);
    expect(pace.budget).toBeGreaterThan(15_000);
  });

  it("keeps a floor", () => {
    const pace = new Pace(40_000);
    play(pace, 1, 500);
    expect(pace.budget).toBe(6_000);
  });
});
