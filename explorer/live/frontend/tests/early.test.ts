import { afterEach, beforeEach, expect, it, vi } from "vitest";
import mount, { early } from "../src/index";
import type { StageData } from "../src/schema";
import { model } from "./model";

vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
vi.stubGlobal("matchMedia", () => ({ matches: true }));
vi.stubGlobal("IntersectionObserver", class {
  observe = () => undefined;
  disconnect = () => undefined;
});

const data = (name = "m"): StageData => ({
  view: "traverse",
  state: {},
  model: { ...model, name, base: `checkpoints/${name}/1/`, rate: [2, 1] },
});
const THEMES = { light: { "--st-background-color": "#ffffff" }, dark: { "--st-background-color": "#010203" } };

const host = () => document.getElementById("early");
const shown = (root: ParentNode | null | undefined) => root?.querySelector(".stage");
const component = () => ({ data: data(), parentElement: document.createElement("div"), setStateValue: vi.fn() });
const slide = (stage: Element, value: string) => {
  const slider = stage.querySelector<HTMLInputElement>("input[type=range]")!;
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
};

beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  history.replaceState(null, "", "/explore");
});
afterEach(() => vi.useRealTimers());

/** Streamlit's page comes up, with what it shows. */
const up = (content: string) => (document.getElementById("root")!.innerHTML = content);
const running = '<div class="stApp" data-test-script-state="running"></div>';
const complete = '<div class="stApp" data-test-script-state="notRunning"><div class="stElementContainer"></div></div>';

it("hands the stage that stands over to the component, and what was moved until then", async () => {
  early(data(), THEMES);
  const stage = shown(host()?.shadowRoot)!;
  expect(host()!.style.getPropertyValue("--st-background-color")).toBe("#010203"); // the system is dark
  slide(stage, "1.5");
  await new Promise((resolve) => setTimeout(resolve, 400));
  const real = component();
  const stop = mount(real, "http://localhost/");
  expect(host()).toBeNull();
  expect(shown(real.parentElement)).toBe(stage);
  await vi.waitFor(() => expect(real.setStateValue).toHaveBeenCalledWith("state", expect.objectContaining({ z: [1.5, 0] })));
  slide(stage, "-1");
  await vi.waitFor(() => expect(real.setStateValue).toHaveBeenLastCalledWith("state", expect.objectContaining({ z: [-1, 0] })));
  const other = component();
  const stopOther = mount(other, "http://localhost/");
  expect(shown(other.parentElement)).not.toBe(stage);
  stop();
  stopOther();
  expect(real.parentElement.childElementCount).toBe(0);
});

it("stays where it is while a hand is on it", async () => {
  early(data(), THEMES);
  const stage = shown(host()?.shadowRoot)!;
  stage.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  const real = component();
  const stop = mount(real, "http://localhost/");
  expect(shown(host()?.shadowRoot)).toBe(stage);
  window.dispatchEvent(new Event("pointerup"));
  await vi.waitFor(() => expect(shown(real.parentElement)).toBe(stage));
  expect(host()).toBeNull();
  stop();
});

it("leaves with the page that it was opened on", async () => {
  early(data(), THEMES);
  expect(host()).not.toBeNull();
  history.pushState(null, "", "/elsewhere");
  await vi.waitFor(() => expect(host()).toBeNull());
  const real = component();
  const stop = mount(real, "http://localhost/");
  expect(shown(real.parentElement)).not.toBeNull();
  stop();
});

it.each([
  ["is complete and has something else to show", complete, 5],
  ["is not the page that is known", '<div class="other"></div>', 5],
  ["never takes it over", running, 30],
])("leaves a page that %s", (_, content, seconds) => {
  vi.useFakeTimers();
  early(data(), THEMES);
  vi.advanceTimersByTime(60_000); // what is not up yet has nothing to show instead
  expect(host()).not.toBeNull();
  up(content);
  vi.advanceTimersByTime(1000 * seconds - 100);
  expect(host()).not.toBeNull();
  vi.advanceTimersByTime(500);
  expect(host()).toBeNull();
  expect(document.documentElement.style.background).toBe("");
  const real = component();
  const stop = mount(real, "http://localhost/");
  expect(shown(real.parentElement)).not.toBeNull();
  stop();
});

it("does not leave under a hand", () => {
  vi.useFakeTimers();
  early(data(), THEMES);
  shown(host()?.shadowRoot)!.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  up(complete);
  vi.advanceTimersByTime(60_000);
  expect(host()).not.toBeNull();
  window.dispatchEvent(new Event("pointerup"));
  vi.advanceTimersByTime(500);
  expect(host()).toBeNull();
});

it("does not come where it does not know where the page mounts", () => {
  document.body.innerHTML = '<div id="app"></div>';
  early(data(), THEMES);
  expect(host()).toBeNull();
});
