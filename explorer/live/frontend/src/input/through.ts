import type { FrameLoop } from "../engine/frames";
import type { Seen } from "../engine/engine";
import { distortion, costOf } from "../latent/score";
import type { LiveModel } from "../page/live-model";
import { View } from "../page/view";
import type { Model } from "../schema";
import { figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { brushes } from "./brushes";
import { Easel } from "./easel";
import { Sources } from "./source";

const SIDE = 168;
type Titled = Model & { title: string };

/** What one model makes of the visitor's image, with its costs in nats. */
class Restored {
  readonly sight: FrameLoop<Seen> = this.live.sight(({ posterior, values, rgba }, image) => {
    this.picture.paint(rgba);
    this.lost = distortion(image, values, this.live.model.vision!);
    const cost = this.live.model.rate ? ` · rate ${figure(costOf(posterior), 1)}` : "";
    this.costs.textContent = `distortion ${figure(this.lost, 1)}${cost}`;
    this.changed();
  });
  /** −log p(x|μ) of the latest image; null of none. */
  lost: number | null = null;
  private readonly picture = new Picture(this.live.model.imageShape, SIDE, `your image restored by ${this.live.model.title}`);
  private readonly costs = h("span", { className: "costs" }, "–");
  readonly root = h("figure", {}, this.picture.canvas, h("figcaption", {}, h("b", {}, this.live.model.title), this.costs));

  constructor(private readonly live: LiveModel<Titled>, private readonly changed: () => void) {}

  clear(): void {
    this.lost = null;
    this.costs.textContent = "–";
    this.root.classList.remove("least");
  }
}

/** One image of the visitor's through several models, at every stroke; folded until it is wanted. */
export class Through extends View {
  readonly root: HTMLElement;
  private easel: Easel | null = null;
  private restored: Restored[] = [];
  private blank = true;

  constructor(private readonly models: readonly LiveModel<Titled>[]) {
    super();
    const place = h("div", { className: "through own" });
    this.root = h("details", { className: "own-through" }, h("summary", {}, "Your own image through these models"), place);
    this.root.addEventListener("toggle", () => this.easel ?? this.open(place));
    this.onDispose(() => this.restored.forEach(({ sight }) => sight.stop()));
  }

  /** Whether every model has its encoder. */
  static fits(models: readonly LiveModel[]): boolean {
    return models.every(({ model }) => model.vision);
  }

  private open(place: HTMLElement): void {
    const [{ model }] = this.models;
    const [channels, height, width] = model.imageShape;
    const easel = this.own(new Easel(model.imageShape, (at) => this.changed(at)));
    this.easel = easel;
    easel.size = Math.max(1, Math.min(height, width) / 12);
    const brush = brushes(easel, channels === 3, Math.max(4, width / 5), (blank) => (blank ? this.clear() : this.changed(performance.now())));
    const sources = this.own(new Sources(easel, place));
    this.restored = this.models.map((live) => new Restored(live, () => this.mark()));
    place.append(
      h("div", { className: "through-board" }, easel.root, brush, sources.root),
      h("div", { className: "through-models" }, ...this.restored.map(({ root }) => root), h("p", { className: "hint" }, this.units())),
    );
  }

  private units(): string {
    const kinds = new Set(this.models.map(({ model }) => model.vision!.likelihood));
    return "Nats of this image at its mean code; bold marks the least distortion." + (kinds.size > 1 ? " These models have different likelihoods p(x|z), so their nats are not comparable." : "");
  }

  /** Models of one data set see one image, each as it was trained to. */
  private changed(at: number): void {
    this.blank = false;
    const seen = this.models.map(({ model: { vision } }) => {
      const image = this.easel!.image(vision!.centred ?? false);
      return vision!.threshold ? image.map((value) => Number(value > 0.5)) : image;
    });
    this.restored.forEach(({ sight }, i) => sight.request(seen[i], at));
  }

  private clear(): void {
    this.blank = true;
    for (const one of this.restored) one.clear();
  }

  private mark(): void {
    if (this.blank) return this.clear();
    const costs = this.restored.map(({ lost }) => lost ?? Infinity);
    const least = Math.min(...costs);
    this.restored.forEach(({ root }, i) => root.classList.toggle("least", costs[i] === least && this.models.length > 1));
  }
}
