import { describe, expect, it } from "vitest";
import { keysOf } from "../src/deck/keys";
import { numberKeys } from "../src/page/number-keys";
import { numbered, Presenter } from "../src/page/present";
import type { Code, DeckScene } from "../src/schema";
import { h } from "../src/ui/dom";
import { model } from "./model";

const code = (part: Partial<Code>): Code => ({ kind: "vq", tokens: 1, words: 128, size: 1, side: 0, title: "", shared: true, entropy: 0, perplexity: 1, used: 1, levels: [], ...part });

describe("the number keys", () => {
  it("are said to select what a model is made of", () => {
    const said = [
      null,
      code({ kind: "fsq", words: 240, levels: [8, 6, 5] }),
      code({}),
      code({ words: 3 }),
      code({ tokens: 49, side: 7 }),
      code({ kind: "categorical", words: 10 }),
      code({ kind: "categorical", words: 6 }),
      code({ kind: "categorical", words: 3, tokens: 2 }),
      code({ kind: "binary", words: 2, tokens: 16 }),
      code({ kind: "binary", words: 2, tokens: 1 }),
    ].map((one) => numberKeys(one).split(",")[0]);
    expect(said).toEqual([
      "1–9: select a slider",
      "1–3: select a dimension",
      "1–8: a word like the present one",
      "1–2: a word like the present one",
      "1: the tokens",
      "1–9: select a box",
      "1–6: select a box",
      "1–2: select a group",
      "1–9: turn a switch",
      "1: turn a switch",
    ]);
    for (const kind of ["fsq", "vq", "categorical", "binary"] as const)
      for (const side of [0, 7]) expect(numberKeys(code({ kind, side }))).not.toContain("slider");
    expect(numberKeys(code({ tokens: 49, side: 7 }), false)).not.toContain("tokens");
  });

  it("are those of the scene on show in a deck", () => {
    const scene = (entry: DeckScene["entry"], of: Code | null) => keysOf({ entry, caption: "", data: { model: { ...model, code: of }, view: "explore", state: null } });
    expect(scene("stage", null)).toContain("1–9: take a slider");
    expect(scene("lessons", code({}))).toContain("1–9: take a slider");
    expect(scene("stage", code({ kind: "binary", tokens: 4 }))).toContain("1–4: turn a switch");
  });

  it("press buttons, and focus sliders, canvases and the chosen one of several buttons", () => {
    let pressed = 0;
    const press = numbered(h("button", {}));
    press.addEventListener("click", () => pressed++);
    const [slider, canvas] = [h("input", { type: "range" }), numbered(h("canvas", { tabIndex: 0 }))];
    const [one, other] = ["false", "true"].map((checked) => h("button", { role: "radio", "aria-checked": checked }));
    const element = h("div", {}, press, slider, canvas, numbered(h("div", {}, one, other)));
    document.body.replaceChildren(element);
    const presenter = new Presenter(element, "", undefined, true);
    const type = (key: string) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const focused = ["1", "2", "3", "4", "5"].map((key) => {
      type(key);
      return document.activeElement;
    });
    expect([pressed, focused]).toEqual([1, [press, slider, canvas, other, other]]);
    presenter.dispose();
  });
});
