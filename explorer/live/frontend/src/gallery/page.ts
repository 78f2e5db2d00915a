import { runtime } from "../page/live-model";
import { Page } from "../page/page";
import { h } from "../ui/dom";
import { addressOf, Card, follow } from "./card";
import { Decoders } from "./decoders";
import own from "./gallery.css";
import { HeroView } from "./hero";
import type { GalleryData, Group, Step } from "../schema";

/** All stored models as cards by data set, with their comparisons. */
export class GalleryPage extends Page<GalleryData> {
  private readonly decoders = new Decoders(runtime());
  private readonly cards = new Map<Element, Card>();
  private hero: HeroView | null = null;
  private readonly sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) this.cards.get(target.closest(".card")!)?.cover.tiles.fit(contentRect.width);
  });
  private readonly nearScreen = new IntersectionObserver((entries) => this.load(entries), { rootMargin: "400px" });

  constructor(root: ParentNode, appRoot: string) {
    super(root, appRoot, "gallery", own);
  }

  protected subject(data: GalleryData): string {
    return JSON.stringify(data);
  }

  protected open({ hero, steps, groups }: GalleryData): void {
    this.clear();
    this.hero = hero ? new HeroView(hero, this.appRoot, this.decoders) : null;
    this.frame.replaceChildren(this.opening(steps), ...groups.map((group) => this.group(group)));
    const [first] = this.cards.values();
    const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 500));
    // loads the runtime before anything is touched
    idle(() => {
      if (this.hero) this.hero.ready();
      else if (first && this.cards.size) void this.decoders.get({ ...first.data, base: new URL(first.data.base, this.appRoot).href });
    });
  }

  override dispose(): void {
    this.clear();
    this.decoders.dispose();
    super.dispose();
  }

  private clear(): void {
    this.hero?.dispose();
    this.hero = null;
    for (const card of this.cards.values()) card.cover.stop();
    this.sizes.disconnect();
    this.nearScreen.disconnect();
    this.cards.clear();
  }

  /** What this is, one live picture, and the path through the app. */
  private opening(steps: Step[]): HTMLElement {
    const path = steps.map(({ title, about, to }, i) => h("li", {}, follow(h("a", { className: "step", href: addressOf(to, this.appRoot) }, h("b", {}, `${i + 1} `, h("span", {}, title)), h("small", {}, about)))));
    return h(
      "section",
      { className: "opening", "aria-label": "what this is" },
      h(
        "div",
        { className: "words" },
        h("h1", {}, "An autoencoder turns an image into a few numbers, and back."),
        h("p", { className: "lead" }, "Move one of the numbers, and your browser decodes the image anew."),
      ),
      this.hero?.root,
      path.length ? h("nav", { className: "path", "aria-label": "a path in 60 seconds" }, h("h2", {}, "In 60 seconds"), h("ol", { className: "steps" }, ...path)) : null,
    );
  }

  private group({ title, about, cards, comparisons }: Group): HTMLElement {
    const list = h("div", { className: "cards" });
    for (const data of cards) {
      const card = new Card(data, this.appRoot, this.decoders);
      this.cards.set(card.root, card);
      list.append(card.root);
      this.sizes.observe(card.root.querySelector(".picture-place")!);
      this.nearScreen.observe(card.root);
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

  /** Fetch pictures of cards near the screen. */
  private load(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.nearScreen.unobserve(target);
      const card = this.cards.get(target);
      card?.cover.load().catch((error: Error) => (card.root.querySelector(".caption")!.textContent = error.message));
    }
  }
}
