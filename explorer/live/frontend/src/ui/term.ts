import glossary from "../../../glossary.json";
import { h } from "./dom";

export type TermName = keyof typeof glossary;

const MARGIN = 8;

/** A “?” that shows what a term means, in a sentence and a formula. */
export function term(name: TermName): HTMLElement {
  const { title, sentence, formula } = glossary[name];
  const box = h("span", { className: "term-box", role: "tooltip" }, h("b", {}, title), h("span", {}, sentence), h("code", {}, formula));
  box.popover = "auto";
  const mark = h("button", { type: "button", className: "term", "aria-label": `What is ${title}?` }, "?");
  mark.addEventListener("click", (event) => {
    event.preventDefault(); // it may stand in a label or in a summary
    event.stopPropagation();
    box.togglePopover();
    const at = mark.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = Math.min(at.left, innerWidth - width - MARGIN);
    const below = at.bottom + MARGIN + height < innerHeight;
    box.style.left = `${Math.max(MARGIN, left)}px`;
    box.style.top = `${below ? at.bottom + 6 : Math.max(MARGIN, at.top - height - 6)}px`;
  });
  return h("span", { className: "term-place" }, mark, box);
}
