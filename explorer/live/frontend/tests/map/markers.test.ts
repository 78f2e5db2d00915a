import { afterEach, expect, it, vi } from "vitest";
import { Markers } from "../../src/map/markers";

const theme = { background: "#ffffff", foreground: "#111111", accent: "#cc0033", muted: "#888888", grid: "#eeeeee", letter: 12 };
const view = { cx: 1, cy: -2, scale: 50 };
const [width, height] = [400, 300];

/** The box of the markers, and how often a fresh picture was begun. */
function mounted() {
  const begun = vi.fn();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    const known: Record<string | symbol, unknown> = { canvas: this, beginPath: begun };
    return new Proxy({}, { get: (_, name) => known[name] ?? (() => undefined), set: () => true }) as never;
  });
  const box = document.createElement("div");
  return { markers: new Markers(box), canvases: () => [...box.querySelectorAll("canvas")], begun };
}

afterEach(() => vi.restoreAllMocks());

it("moves the cursor without painting it again, and hides it where there is none", () => {
  const { markers, canvases, begun } = mounted();
  markers.place(view, width, height, 1, theme, { cursor: { x: 1, y: -2 }, highlight: null });
  const [ring, cross] = canvases();
  const paints = begun.mock.calls.length;
  expect(paints).toBeGreaterThan(0);
  expect(cross.style.transform).toBe("translate(200px,150px)"); // the centre of the view is the middle of the map
  markers.place(view, width, height, 1, theme, { cursor: { x: 2, y: -1 }, highlight: null });
  expect(cross.style.transform).toBe("translate(250px,100px)"); // y points up
  expect(begun.mock.calls.length).toBe(paints);
  expect([ring.style.visibility, cross.style.visibility]).toEqual(["hidden", "visible"]);
  markers.place(view, width, height, 1, theme, { cursor: null, highlight: null });
  expect(cross.style.visibility).toBe("hidden");
});

it("stands on whole device pixels, and is painted anew for another theme, ratio or colour", () => {
  const { markers, canvases, begun } = mounted();
  const at = (x: number, ratio: number, colour: [number, number, number], accent = theme.accent) => {
    const before = begun.mock.calls.length;
    markers.place(view, width, height, ratio, { ...theme, accent }, { cursor: { x, y: 0 }, highlight: { x, y: 0, colour } });
    return begun.mock.calls.length - before;
  };
  at(1.013, 2, [1, 2, 3]); // 200.65 px
  expect(canvases()[1].style.transform).toBe("translate(200.5px,50px)");
  expect(at(1.5, 2, [1, 2, 3])).toBe(0);
  expect(at(1.5, 2, [9, 2, 3])).toBe(1); // the ring
  expect(at(1.5, 2, [9, 2, 3], "#00aa00")).toBe(2); // the cross, of two shapes
  expect(at(1.5, 1, [9, 2, 3], "#00aa00")).toBe(3);
});
