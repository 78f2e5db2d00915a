import { oncePerFrame, View } from "../page/view";
import { h } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import { term } from "../ui/term";
import type { ExploreStore } from "./store";

/** Images of at most so many CSS pixels, so that ten of them fit in a row. */
const SIDE = 44;
/** More classes than this stand in smaller images. */
const MANY = 24;
const CHANNEL = "classes";

/** Every class of a conditional model in the present style, each a button that chooses it. */
export class ClassRow extends View {
  private readonly names = this.store.model.labelNames.slice(0, this.store.model.classes);
  private readonly pictures = this.names.map((name) => new Picture(this.store.model.imageShape, this.names.length > MANY ? SIDE / 2 : SIDE, `${name} in this style`));
  private readonly buttons = this.names.map((name, i) => {
    const button = h("button", { type: "button", title: `be ${name} from now on, in the same style` }, this.pictures[i].canvas, h("span", {}, name));
    button.addEventListener("click", () => this.store.setLabel(i));
    return button;
  });
  private readonly about = h("span", { className: "hint" });
  readonly root = h(
    "section",
    { className: "class-row", role: "group", "aria-label": "the class, and every class in this style" },
    h("header", {}, h("b", {}, "class"), term("condition"), this.about),
    h("div", { className: "classes" }, ...this.buttons),
  );
  private readonly decode = oncePerFrame(() => {
    const { engine, z } = this.store;
    const count = this.pictures.length;
    const style = new Float32Array(count * z.length);
    for (let i = 0; i < count; i++) style.set(z, i * z.length);
    engine.decodeMany([{ channel: CHANNEL, z: style, count, labels: this.pictures.map((_, i) => i), done: (rgba, decoded) => decoded === count && paintAll(this.pictures, rgba) }]);
  });

  constructor(private readonly store: ExploreStore) {
    super();
    this.onDispose(
      store.on("z", () => this.decode()),
      store.on("label", () => this.show()),
      () => store.engine.drop(CHANNEL),
    );
    this.show();
    this.decode();
  }

  private show(): void {
    const { label, model } = this.store;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === label)));
    this.about.textContent = `${model.labelNames[label ?? 0]}; z is the style, and below is every class in it`;
  }
}
