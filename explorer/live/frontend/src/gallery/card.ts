import { h } from "../ui/dom";
import { Cover } from "./cover";
import type { Decoders } from "./decoders";
import type { CardData, Destination } from "../schema";

/** The address of a page of the app. */
export const addressOf = ({ page, query }: Destination, appRoot: string): string =>
  new URL(`${page}?${new URLSearchParams(query)}`, appRoot).href;

/**
 * A link followed inside the app, as Streamlit follows the browser's back and forward. With a modifier key or another
 * mouse button, the browser follows it.
 */
export function follow(link: HTMLAnchorElement): HTMLAnchorElement {
  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  });
  return link;
}

/** One model: a link to it, whose picture plays while hovered or focused. */
export class Card {
  readonly root: HTMLAnchorElement;
  readonly cover: Cover;

  constructor(readonly data: CardData, appRoot: string, decoders: Decoders) {
    this.cover = new Cover(data, new URL(data.base, appRoot).href, decoders);
    const figures = h("dl", {});
    for (const { label, value, unit, about } of data.figures)
      figures.append(h("div", { title: about }, h("dt", {}, label), h("dd", {}, value, unit ? h("small", {}, ` ${unit}`) : null)));
    this.root = h(
      "a",
      { className: "card", href: addressOf(data.to, appRoot), "aria-label": `${data.title}: ${data.name}. ${data.mark ? `${data.mark}. ` : ""}${data.caption}`, "aria-description": data.figures.map(({ label, value, unit }) => `${label} ${value} ${unit ?? ""}`).join(", ") },
      h("span", { className: "picture-place" }, this.cover.tiles.canvas),
      h("span", { className: "heading" }, h("b", {}, data.title), h("code", {}, data.name), data.mark ? h("small", { className: "mark" }, data.mark) : null),
      h("span", { className: "caption" }, data.caption),
      figures,
    );
    follow(this.root);
    for (const kind of ["pointerenter", "focus"]) this.root.addEventListener(kind, () => void this.cover.play().catch(() => this.cover.stop()));
    for (const kind of ["pointerleave", "blur"]) this.root.addEventListener(kind, () => this.cover.stop());
  }
}
