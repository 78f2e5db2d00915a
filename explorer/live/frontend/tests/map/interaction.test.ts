// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { Interaction, wheelFactor, type Intents } from "../../src/map/interaction";

type Call = [string, ...unknown[]];

let target: HTMLElement;
let calls: Call[];
let interaction: Interaction;

function recorder(): Intents {
  const pointer = ["hover", "leave", "pick", "pan", "zoom", "region", "select"];
  const names = [...pointer, "keyPan", "keyZoom", "keyFit", "keyPick", "keyClear"];
  const note = (name: string) => (...values: unknown[]) => {
    calls.push([name, ...values.map((v) => (Array.isArray(v) ? [...v] : v))]);
  };
  return Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Intents;
}

/** What a browser would send; happy-dom has no layout, so the offsets are put there by hand. */
function send(type: string, x: number, y: number, more: Record<string, unknown> = {}): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  const still = { pointerId: 1, button: 0, pointerType: "mouse", shiftKey: false, altKey: false };
  const fields = { ...still, offsetX: x, offsetY: y, ...more };
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value });
  target.dispatchEvent(event);
  return event;
}

const key = (name: string, more: KeyboardEventInit = {}): KeyboardEvent => {
  const event = new KeyboardEvent("keydown", { key: name, cancelable: true, bubbles: true, ...more });
  target.dispatchEvent(event);
  return event;
};

const drag = (path: readonly (readonly [number, number])[], more: Record<string, unknown> = {}): void => {
  send("pointerdown", ...path[0]!, more);
  for (const p of path.slice(1)) send("pointermove", ...p, more);
  send("pointerup", ...path.at(-1)!, more);
};

const named = (name: string): Call[] => calls.filter(([n]) => n === name);

beforeEach(() => {
  target = document.createElement("div");
  Object.assign(target, { setPointerCapture: () => undefined });
  calls = [];
  interaction = new Interaction(target, recorder());
  calls = [];
});

describe("pointer", () => {
  it("hovers when nothing is pressed and leaves", () => {
    send("pointermove", 10, 20);
    send("pointerleave", 10, 20);
    expect(calls).toEqual([["hover", 10, 20], ["leave"]]);
  });

  it("picks on a click, also one with an unsteady hand", () => {
    drag([[10, 10], [12, 11]]);
    expect(named("pick")).toEqual([["pick", 12, 11]]);
    expect(named("pan")).toEqual([]);
  });

  it("pans by exactly what the pointer moved and does not pick", () => {
    drag([[100, 100], [110, 103], [150, 90]]);
    expect(named("pan")).toEqual([["pan", 10, 3], ["pan", 40, -13]]);
    expect(named("pick")).toEqual([]);
  });

  it("pans with the middle button in any mode", () => {
    interaction.setMode("box");
    drag([[0, 0], [20, 0]], { button: 1 });
    expect(named("pan")).toEqual([["pan", 20, 0]]);
    expect(named("select")).toEqual([]);
  });

  it("ignores the right button", () => {
    drag([[0, 0], [20, 0]], { button: 2 });
    expect(named("pan")).toEqual([]);
    expect(named("pick")).toEqual([]);
  });

  it("forgets a drag that the system takes away", () => {
    interaction.setMode("box");
    send("pointerdown", 0, 0);
    send("pointermove", 30, 30);
    send("pointercancel", 30, 30);
    expect(calls.slice(-2)).toEqual([["region", null], ["leave"]]);
    expect(named("select")).toEqual([]);
  });
});

describe("regions", () => {
  it("draws a box and selects it, replacing, adding or removing", () => {
    interaction.setMode("box");
    for (const more of [{}, { shiftKey: true }, { altKey: true }]) drag([[10, 10], [50, 30], [90, 60]], more);
    expect(named("region")).toContainEqual(["region", [10, 10, 50, 30]]);
    expect(named("select")).toEqual([
      ["select", [10, 10, 90, 60], "replace"],
      ["select", [10, 10, 90, 60], "add"],
      ["select", [10, 10, 90, 60], "remove"],
    ]);
  });

  it("draws a box with Shift in pan mode", () => {
    drag([[10, 10], [90, 60]], { shiftKey: true });
    expect(named("select")).toEqual([["select", [10, 10, 90, 60], "add"]]);
  });

  it("draws a lasso, thinned to steps that can be seen", () => {
    interaction.setMode("lasso");
    drag([[0, 0], [40, 0], [41, 1], [40, 40], [0, 40]]);
    expect(named("select")).toEqual([["select", [0, 0, 40, 0, 40, 40, 0, 40], "replace"]]);
  });

  it("gives up on Escape, and clears the selection only when no region is being drawn", () => {
    interaction.setMode("lasso");
    send("pointerdown", 0, 0);
    send("pointermove", 40, 0);
    send("pointermove", 40, 40);
    key("Escape");
    send("pointerup", 40, 40);
    expect(named("select")).toEqual([]);
    expect(named("keyClear")).toEqual([]);
    key("Escape");
    expect(named("keyClear")).toEqual([["keyClear"]]);
  });

  it("picks in select modes too", () => {
    interaction.setMode("lasso");
    drag([[5, 6], [5, 6]]);
    expect(named("pick")).toEqual([["pick", 5, 6]]);
  });
});

describe("touch", () => {
  it("pinches: the world points under both fingers stay under them", () => {
    const finger = (type: string, id: number, x: number, y: number) =>
      send(type, x, y, { pointerId: id, pointerType: "touch" });
    finger("pointerdown", 1, 100, 100);
    finger("pointerdown", 2, 200, 100);
    calls = [];
    finger("pointermove", 2, 300, 140);
    // Apply what was asked for to a view (screen = origin + scale * world) and look where the fingers' points went.
    let [ox, oy, scale] = [0, 0, 1];
    for (const [name, a, b, c] of calls as [string, number, number, number][]) {
      if (name === "pan") [ox, oy] = [ox + a, oy + b];
      if (name === "zoom") [ox, oy, scale] = [a + (ox - a) * c, b + (oy - b) * c, scale * c];
    }
    const distance = Math.hypot(100 * scale, 0);
    expect(distance).toBeCloseTo(Math.hypot(200, 40), 9);
    expect([ox + scale * 150, oy + scale * 100]).toEqual([expect.closeTo(200, 9), expect.closeTo(120, 9)]);
    finger("pointerup", 2, 300, 140);
    calls = [];
    finger("pointermove", 1, 110, 100);
    expect(calls).toEqual([["pan", 10, 0]]);
    finger("pointerup", 1, 110, 100);
    expect(named("pick")).toEqual([]);
  });

  it("leaves no hover behind a finger", () => {
    drag([[0, 0], [30, 0]], { pointerType: "touch" });
    expect(named("hover")).toEqual([]);
  });
});

describe("wheel", () => {
  it("zooms to the pointer, in for up, and keeps the page still", () => {
    const event = send("wheel", 30, 40, { deltaY: -100, deltaMode: 0, ctrlKey: false });
    expect(event.defaultPrevented).toBe(true);
    expect(calls).toEqual([["zoom", 30, 40, expect.closeTo(Math.exp(0.18), 9)]]);
  });

  it("undoes itself, knows lines and pages, is finer in a pinch's small steps and never leaps", () => {
    expect(wheelFactor(70, 0, false) * wheelFactor(-70, 0, false)).toBeCloseTo(1, 12);
    expect(wheelFactor(3, 1, false)).toBe(wheelFactor(90, 0, false));
    expect(wheelFactor(-1, 0, true)).toBeGreaterThan(wheelFactor(-1, 0, false));
    expect(wheelFactor(-1e6, 2, false)).toBeLessThan(1.6);
  });
});

describe("keys", () => {
  it("do what the help says", () => {
    for (const name of ["ArrowLeft", "ArrowUp", "+", "-", "0", "Enter"]) expect(key(name).defaultPrevented).toBe(true);
    key("ArrowRight", { shiftKey: true });
    const expected = ["keyPan", "keyPan", "keyZoom", "keyZoom", "keyFit", "keyPick", "keyPan"];
    expect(calls.map(([name]) => name)).toEqual(expected);
    expect(calls[0]).toEqual(["keyPan", 0.08, 0]);
    expect(calls[6]).toEqual(["keyPan", -0.01, 0]);
    expect((calls[2]![1] as number) * (calls[3]![1] as number)).toBeCloseTo(1, 12);
  });

  it("leave the browser's own shortcuts and other keys alone", () => {
    expect(key("0", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(key("Tab").defaultPrevented).toBe(false);
    expect(calls).toEqual([]);
  });
});

it("hears nothing after it is destroyed", () => {
  interaction.destroy();
  send("pointermove", 1, 1);
  send("wheel", 1, 1, { deltaY: 1, deltaMode: 0 });
  key("Enter");
  expect(calls).toEqual([]);
});
