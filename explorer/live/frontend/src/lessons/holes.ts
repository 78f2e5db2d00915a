import { path } from "../latent/vectors";
import type { LiveModel } from "../page/live-model";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, h } from "../ui/dom";
import { Wall } from "./wall";

/** Images of a walk, odd, so that one is halfway; fewer where they would be too small to see. */
const STEPS = 11;
const FEW = 5;
/** Width of an image that can still be seen well, in device pixels. */
const SEEN = 56;
const WALKS = 5;

/** Straight walks from the code of one test image to that of another: what lies between was never seen in training. */
export class Holes extends View {
  readonly root: HTMLElement;
  private readonly wall: Wall;
  private codes: Float32Array | null = null;

  /** `rows` are the ends of the walks, two and two. */
  constructor(private readonly live: LiveModel, private rows: readonly number[]) {
    super();
    const walks = Math.max(1, Math.min(WALKS, Math.floor(rows.length / 2)));
    this.wall = this.own(new Wall(live.model.imageShape, "walks between the codes of two test images, decoded", (across) => [across < STEPS * SEEN ? FEW : STEPS, walks], () => this.show()));
    this.root = h(
      "div",
      { className: "holes" },
      h("div", { className: "ends" }, h("b", {}, "a test image"), h("b", {}, "halfway"), h("b", {}, "another")),
      this.wall.root,
      h("div", { className: "actions" }, keyed("n", button("Other images", () => this.others(), "walks between other test images (key n)"))),
    );
  }

  async open(): Promise<void> {
    this.codes = await this.live.library.codes();
    if (this.rows.length < 2 || this.rows.some((row) => row >= this.live.model.count)) this.others();
    this.show();
  }

  private others(): void {
    const any = () => Math.floor(Math.random() * this.live.model.count);
    const count = Math.max(2, this.rows.length - (this.rows.length % 2));
    this.rows = Array.from({ length: count }, any);
    this.show();
  }

  private show(): void {
    const { codes, live, wall } = this;
    if (!codes || !wall.count) return;
    const d = live.model.latentSize;
    const steps = wall.columns;
    const z = new Float32Array(wall.count * d);
    const code = (row: number) => codes.subarray(row * d, (row + 1) * d);
    for (let i = 0; i < wall.count / steps; i++) z.set(path(code(this.rows[2 * i]), code(this.rows[2 * i + 1]), steps, "linear"), i * steps * d);
    live.engine.decodeMany([{ channel: "walks", z, count: wall.count, done: (rgba) => wall.paint(rgba) }]);
  }
}
