import { expect, it, vi } from "vitest";
import mount from "../src/index";
import type { StageData } from "../src/schema";
import { model } from "./model";

vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
vi.stubGlobal("Worker", class {
  postMessage = () => undefined;
  terminate = () => undefined;
});
vi.stubGlobal("IntersectionObserver", class {
  observe = () => undefined;
  disconnect = () => undefined;
});

const data = (view: StageData["view"]): StageData => ({
  view,
  state: {},
  model: { ...model, rate: [2, 0.001] },
});

it("keeps one stage per root through updates, and leaves nothing when it is unmounted", async () => {
  const root = document.createElement("div");
  const component = { data: data("traverse"), parentElement: root, setStateValue: vi.fn() };
  mount(component, "http://localhost/");
  const stage = root.querySelector(".stage");
  const slider = root.querySelector("input[type=range]");
  mount({ ...component, data: data("traverse") }, "http://localhost/");
  expect(root.querySelectorAll(".stage")).toHaveLength(1);
  expect(root.querySelector("input[type=range]")).toBe(slider);
  const stop = mount({ ...component, data: data("walk") }, "http://localhost/");
  expect(root.querySelector(".stage")).toBe(stage);
  expect(root.querySelector(".walk-panel")).not.toBeNull();
  stop();
  expect(root.childElementCount).toBe(0);
});

it("labels every slider, folds dead dimensions away, and says in a sentence that the server is gone", async () => {
  const root = document.createElement("div");
  const stop = mount({ data: data("traverse"), parentElement: root, setStateValue: vi.fn() }, "http://localhost/");
  const sliders = [...root.querySelectorAll("input[type=range]")];
  expect(sliders.map((s) => s.getAttribute("aria-label"))).toEqual(["latent dimension 1, 2.00 nats", "latent dimension 2, 0.00 nats"]);
  expect(root.querySelector(".dead")?.contains(sliders[1])).toBe(true);
  await vi.waitFor(() => expect(root.querySelector(".notice")?.textContent).toMatch(/^Neither this browser nor the server can run the decoder; .*\.$/));
  stop();
});
