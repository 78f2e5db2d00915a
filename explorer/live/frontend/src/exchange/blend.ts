import type { ExploreStore } from "../explore/store";
import { figure, h, slider, stepByKeys } from "../ui/dom";
import { alignSlider, Strip } from "../ui/strip";
import { blends } from "./mix";

const FRAMES = 9;

/** How much of what is taken comes from B: a slider over the images on the way. */
export class Blend {
  private readonly slider = slider("blend from A to B", { min: 0, max: 1, step: "any", value: this.store.exchange.blend }, (share) => this.move(share));
  private readonly strip = new Strip(this.store.model.imageShape, FRAMES, "from image A to A with all that is taken from B");
  private readonly track = h("div", { className: "track" }, this.slider, this.strip.canvas);
  private readonly readout = h("span", { className: "figure" });
  readonly root = h("div", { className: "blend" }, h("div", { className: "readout" }, "blend ", this.readout), this.track);

  constructor(private readonly store: ExploreStore, private readonly channel: string, private readonly changed: () => void) {
    const { exchange } = store;
    stepByKeys(this.slider, 0.05, 0.2, (by) => this.move(exchange.blend + by), 5);
    this.strip.canvas.addEventListener("click", (event) => this.move(this.strip.at(event) / (FRAMES - 1)));
    this.show();
  }

  fit(width: number): void {
    if (!width) return;
    this.strip.fit(Math.max(160, width), 64);
    alignSlider(this.slider, this.strip);
    this.track.style.width = `${this.strip.width}px`;
    this.decode();
  }

  show(): void {
    const { blend } = this.store.exchange;
    this.slider.value = String(blend);
    this.readout.textContent = `${figure(100 * blend, 0)} %`;
    this.slider.setAttribute("aria-valuetext", `${figure(100 * blend, 0)} % from B`);
  }

  /** Decode the images on the way. */
  decode(): void {
    const { engine, exchange, model } = this.store;
    const { pair } = exchange;
    const codes = pair?.map((row) => this.store.codeOf(row));
    if (!pair || !codes?.[0] || !codes[1]) return;
    const classes = pair.map((row) => this.store.labelOf(row) ?? 0);
    const labels = model.classes ? Array.from({ length: FRAMES }, (_, i) => classes[exchange.class && i >= (FRAMES - 1) / 2 ? 1 : 0]) : undefined;
    engine.decodeMany([{ channel: this.channel, z: blends(codes[0], codes[1], exchange.span(pair), FRAMES), count: FRAMES, row: this.strip.row, ...(labels ? { labels } : {}), done: (rgba) => this.strip.paint(rgba) }]);
  }

  private move(share: number): void {
    this.store.exchange.blend = Math.max(0, Math.min(1, share));
    this.show();
    this.changed();
  }
}
