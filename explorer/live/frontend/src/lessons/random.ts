import { standardNormal } from "../latent/vectors";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { filling, Wall } from "./wall";

const ROWS = 5;

/** Random codes from N(0, I), decoded: by one model, or the same ones by several. */
export class Random extends View {
  readonly root: HTMLElement;
  private readonly walls: Wall[] = this.models.map(({ model }, i) => this.own(new Wall(model.imageShape, `random codes decoded by the ${this.titles[i]}`, filling(ROWS), () => this.show())));

  constructor(private readonly models: readonly LiveModel[], private readonly titles: readonly string[], private seed: number) {
    super();
    const several = models.length > 1;
    this.root = h(
      "div",
      { className: "random" },
      h("div", { className: "walls" }, ...this.walls.map((wall, i) => h("figure", {}, several && h("h3", {}, titles[i]), wall.root))),
      h("div", { className: "actions" }, keyed("n", button("New codes", () => (this.seed++, this.show()), "other codes from N(0, I) (key n)"))),
    );
  }

  private show(): void {
    this.models.forEach(({ engine, model }, i) => {
      const { count } = this.walls[i];
      if (count) engine.decodeMany([{ channel: "random", z: standardNormal(count * model.latentSize, this.seed), count, done: (rgba) => this.walls[i].paint(rgba) }]);
    });
  }
}
