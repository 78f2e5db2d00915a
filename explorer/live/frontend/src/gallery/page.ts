import { assetsBeside } from "../engine/assets";
import { timings } from "../engine/timing";
import common from "../style.css";
import { h } from "../ui/dom";
import { addressOf, Card, follow } from "./card";
import { Decoders } from "./decoders";
import own from "./gallery.css";
import type { GalleryData, Group } from "./types";

/** All models that are stored, as cards by data set, with the comparisons that they allow. */
export class Gallery {
  private readonly message = h("p", { className: "notice", role: "status" });
  private readonly frame = h("div", { className: "frame" });
  private readonly element = h("div", { className: "stage gallery" }, h("style", {}, common + own), this.message, this.frame);
  private readonly decoders: Decoders;
  private readonly cards = new Map<Element, Card>();
  private readonly sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) this.cards.get(target.closest(".card")!)?.cover.fit(contentRect.width);
  });
  private readonly seen = new IntersectionObserver((entries) => this.look(entries), { rootMargin: "400px" });
  private shown = "";

  constructor(
    root: ParentNode,
    /** Address of the app's root; ends in a slash. */
    private readonly appRoot: string,
    bundle = import.meta.url,
  ) {
    timings();
    this.decoders = new Decoders(assetsBeside(bundle));
    root.replaceChildren(this.element);
  }

  update({ groups }: GalleryData): void {
    const now = JSON.stringify(groups);
    if (now === this.shown) return;
    this.shown = now;
    this.clear();
    this.frame.replaceChildren(...groups.map((group) => this.group(group)));
    const [first] = this.cards.values();
    const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 500));
    // the runtime is then there before the first card is pointed at
    idle(() => first && this.cards.size && void this.decoders.get({ ...first.data, base: new URL(first.data.base, this.appRoot).href }));
  }

  dispose(): void {
    this.clear();
    this.decoders.dispose();
    this.element.remove();
  }

  private clear(): void {
    for (const card of this.cards.values()) card.cover.stop();
    this.sizes.disconnect();
    this.seen.disconnect();
    this.cards.clear();
  }

  private group({ title, about, cards, comparisons }: Group): HTMLElement {
    const list = h("div", { className: "cards" });
    for (const data of cards) {
      const card = new Card(data, this.appRoot, this.decoders);
      this.cards.set(card.root, card);
      list.append(card.root);
      this.sizes.observe(card.root.querySelector(".picture-place")!);
      this.seen.observe(card.root);
    }
    const links = h("nav", { className: "comparisons", "aria-label": `comparisons of ${title}` });
    for (const { label, about: why, to } of comparisons) {
      links.append(follow(h("a", { className: "comparison", href: addressOf(to, this.appRoot), title: why }, label)));
    }
    return h(
      "section",
      { "aria-label": title },
      h("header", {}, h("h2", {}, title), h("p", { className: "hint" }, about), links),
      list,
    );
  }

  /** Pictures are fetched when their card comes near the screen. */
  private look(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.seen.unobserve(target);
      const card = this.cards.get(target);
      card?.cover.load().catch((error: Error) => (card.root.querySelector(".caption")!.textContent = error.message));
    }
  }
}
