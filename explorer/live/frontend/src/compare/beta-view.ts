import { View } from "../page/view";
import { button, figure, h } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Playback } from "../ui/playback";
import { Strip } from "../ui/strip";
import { Bars } from "./bars";
import type { CompareStore } from "./store";
import type { ComparedModel } from "../schema";

const STRIPS = 4;
export const STEPS = 7;

/** Through β: a scrubber moves map, image, curve, rates and strips. */
export abstract class BetaView extends View {
  readonly root = h("div", { className: "ladder" });
  protected readonly play = button("Play", () => (this.playback.playing ? this.playback.stop() : this.run()), this.playing);
  protected readonly playback = new Playback(() => (this.play.textContent = this.playback.playing ? "Stop" : "Play"));
  protected readonly picture = new Picture(this.store.data.models[0].imageShape, this.size, "current decode at this β");
  protected readonly bars = new Bars("rate per dimension at this β", (rank) => this.store.setRank(rank));
  /** The highest rate of a dimension, in nats. */
  protected readonly most: number = Math.max(1e-3, ...this.rates);

  /** `size` is that of the image in pixels, `rates` are all that the bars may show. */
  constructor(protected readonly store: CompareStore, private readonly playing: string, private readonly size: number, private readonly rates: readonly number[]) {
    super();
    this.picture.canvas.classList.add("large");
    this.onDispose(
      () => this.playback.stop(),
      () => store.liveModels.forEach(({ engine }) => engine.drop("film")),
    );
  }

  protected abstract run(): void;

  protected stripsOf<S extends BetaStrip>({ latentSize }: ComparedModel, make: (rank: number) => S): S[] {
    return Array.from({ length: Math.min(STRIPS, latentSize) }, (_, rank) => make(rank));
  }

  protected arrange(scrubber: HTMLElement, map: HTMLElement, curve: HTMLElement, strips: BetaStrip[], about: string): void {
    const place = h("div", { className: "strips" }, ...strips.map((strip) => strip.root));
    const side = h(
      "div",
      { className: "side-panel" },
      h("div", { className: "image-and-curve" }, h("figure", {}, this.picture.canvas, h("figcaption", {}, "current decode")), curve),
      h("div", {}, h("p", { className: "hint" }, `rate per dimension, in the order of the sliders; full height ${figure(this.most, 1)} nats`), this.bars.root),
      place,
      h("p", { className: "hint" }, about),
    );
    this.root.append(scrubber, h("div", { className: "ladder-panels" }, map, side));
    this.onResize(place, () => {
      if (place.clientWidth > 0) for (const strip of strips) strip.fit(place.clientWidth - 70);
    });
  }

  /** Move from here to one end and then to the other, `speed` a second. */
  protected swing(from: number, [low, high]: readonly [number, number], speed: number, move: (at: number) => void): void {
    let [turns, direction, at] = [0, from < high - 1e-6 ? 1 : -1, from];
    this.playback.play((seconds) => {
      at += direction * Math.min(0.1, seconds) * speed;
      if (direction > 0 ? at >= high : at <= low) [turns, direction] = [turns + 1, -direction];
      at = Math.max(low, Math.min(high, at));
      move(at);
      return turns < 2;
    });
  }
}

/** The traversal of one dimension, by its place in the order of the sliders. */
export abstract class BetaStrip {
  protected readonly strip = new Strip(this.store.data.models[0].imageShape, STEPS, `traversal of dimension number ${this.rank + 1} at this β`);
  protected readonly name = h("b", {});
  readonly root = h("div", { className: "strip-row" }, this.name, this.strip.canvas);

  constructor(protected readonly store: CompareStore, protected readonly rank: number) {}

  fit(width: number): void {
    if (!this.strip.fit(width, 60)) return;
    this.forget();
    this.trace();
  }

  /** Take what was requested for another layout as never requested. */
  protected abstract forget(): void;

  abstract trace(): void;
}
