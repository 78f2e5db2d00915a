import { dimensionName } from "../latent/dimensions";
import { sweep } from "../latent/vectors";
import { h } from "../ui/dom";
import { Picture } from "../ui/picture";
import type { Board } from "./board";
import { BIG, Column, REACH } from "./column";
import { measure, type Measured, unwound } from "./moments";
import { type Range, Ranges } from "./ranges";

const STEPS = 25;
const PAUSE = 120;

/** Both ways between factors and codes: draw another sprite and see which codes move; move a code and measure what is drawn. */
export class TwoWayView {
  readonly root: HTMLElement;
  private readonly table = h("div", { className: "comparison both" });
  private readonly sliders: HTMLInputElement[];
  private readonly values: HTMLElement[];
  private readonly sprite: Picture;
  private readonly columns: Both[];
  private readonly sized: ResizeObserver;
  private readonly off: (() => void)[];
  private readonly moved = h("p", { className: "hint" });
  private readonly waiting = h("span", { className: "waiting", role: "status" });
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The sprite that the sweeps at hand are around, and the factor that is being changed. */
  private base: number[] = [];
  private changing = 0;

  constructor(private readonly board: Board) {
    const { models } = board.data;
    const { factorNames, factorSizes } = models[0];
    this.columns = board.lanes.map((lane, i) => new Both(board, i, new Column(board, lane, i)));
    this.sprite = new Picture(models[0].imageShape, BIG, "the sprite as it is drawn");
    this.values = factorNames.map(() => h("output", { className: "figure" }));
    this.sliders = factorNames.map((name, f) => {
      const slider = h("input", { type: "range", min: "0", max: String(factorSizes[f] - 1), step: "1", value: String(board.sprite[f]), "aria-label": `true ${name} of the sprite` });
      slider.addEventListener("input", () => this.change(f));
      return slider;
    });
    this.table.style.setProperty("--models", String(models.length));
    this.root = h("div", {}, h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "both ways between factors and codes" }, this.table));
    this.fill(factorNames);
    this.off = [
      board.on("image", (i) => this.columns[i].seen()),
      board.on("strand", () => this.along()),
      board.on("hand", () => this.along()),
      board.on("turn", () => this.along()),
      board.on("lead", () => this.along()),
      board.on("factors", () => this.along()),
    ];
    this.sized = new ResizeObserver(() => this.columns.forEach((c) => c.fit()));
    this.sized.observe(this.table);
    this.waiting.textContent = "asking the encoders …";
    this.columns.forEach((c) => c.expect());
    void this.fetch();
    this.along();
    this.columns.forEach((_, i) => this.columns[i].seen());
  }

  private fill(names: readonly string[]): void {
    const heading = (name: string, about: string, more?: HTMLElement) => h("p", { className: "heading" }, h("b", {}, name), h("span", { className: "hint" }, about), more ?? null);
    const { models } = this.board.data;
    const controls = h("div", { className: "true-factors" }, ...names.map((name, f) => h("label", {}, h("span", {}, name), this.sliders[f], this.values[f])));
    this.table.replaceChildren(
      heading("Change one true factor", "and see which codes move: the line is all that a code goes through while that factor takes all its values", this.waiting),
      h("div", { className: "wide" }, this.sprite.canvas, controls),
      ...models.map((m) => h("h3", {}, m.title)),
      ...this.columns.map((c) => h("div", { className: "cell" }, c.codes.root)),
      heading("Move one code", "with the sliders above, and see what changes in the image: the line is all that is measured along its traversal", this.moved),
      ...this.columns.map((c) => c.column.live),
      ...this.columns.map((c) => h("div", { className: "cell" }, c.measured.root)),
      h("p", { className: "heading hint" }, "Measured from the brightness of the pixels: centre of mass (0 to 1 as the true positions), the side of a square of the same area in pixels, and the direction of the long axis in degrees, where there is one. Shape is not measured."),
    );
  }

  private change(f: number): void {
    this.changing = f;
    this.board.setSprite(this.sliders.map((slider) => slider.valueAsNumber));
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fetch(), PAUSE);
  }

  /** Codes of every sprite that differs from this one in one factor; while one factor changes none need be fetched. */
  private async fetch(): Promise<void> {
    const { board } = this;
    const sprite = [...board.sprite];
    try {
      const coded = Promise.all(board.lanes.map((lane) => lane.library.spriteCodes(sprite)));
      const bitmap = await board.lanes[0].library.sprites(sprite);
      if (!this.bitmap) this.draw(bitmap); // the encoders take a few seconds to wake up
      const codes = await coded;
      if (sprite.join() !== board.sprite.join()) return bitmap.close(); // another one by now, and its codes are on their way
      this.waiting.textContent = "";
      this.base = sprite;
      this.columns.forEach((c, i) => (c.swept = codes[i]));
      this.bitmap?.close();
      this.bitmap = bitmap;
      this.show();
    } catch (error) {
      this.waiting.textContent = "";
      board.notice((error as Error).message);
    }
  }

  /** The sprite, from a sheet of all that differ from it in one factor. */
  private draw(sheet: ImageBitmap): void {
    const [, height, width] = this.board.data.models[0].imageShape;
    const across = sheet.width / width;
    const row = this.row();
    this.sprite.canvas.getContext("2d")?.drawImage(sheet, (row % across) * width, Math.floor(row / across) * height, width, height, 0, 0, width, height);
  }

  /** Where the sprite is on that sheet, and in its codes. */
  private row(): number {
    return this.start() + this.board.sprite[this.changing];
  }

  private start(): number {
    return this.board.data.models[0].factorSizes.slice(0, this.changing).reduce((sum, size) => sum + size, 0);
  }

  private bitmap: ImageBitmap | null = null;

  private show(): void {
    const { board, base, changing } = this;
    const { factorSizes } = board.data.models[0];
    this.values.forEach((value, f) => (value.textContent = `${board.sprite[f] + 1} of ${factorSizes[f]}`));
    if (!this.bitmap || board.sprite.some((v, f) => f !== changing && v !== base[f])) return; // sweeps of another sprite
    this.draw(this.bitmap);
    for (const c of this.columns) c.respond(this.start(), factorSizes[changing], this.row());
  }

  private along(): void {
    const { board } = this;
    const k = board.traversed;
    const name = board.nameOf(board.lead, k);
    this.moved.textContent = `now ${dimensionName(k)} of ${board.data.models[board.lead].title}${name ? ` (${name})` : ""}`;
    this.show();
    for (const c of this.columns) c.sweep();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.bitmap?.close();
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    for (const { engine } of this.board.lanes) engine.drop("measured");
  }
}

/** One model's answers: its codes of the drawn sprites, and what is measured of its images. */
class Both {
  readonly codes = new Ranges();
  readonly measured = new Ranges();
  /** Mean codes of the sprites of all five sweeps (113, d). */
  swept: Float32Array | null = null;
  private along: Measured[] = [];
  private asked: Float32Array | null = null;

  constructor(
    private readonly board: Board,
    private readonly index: number,
    readonly column: Column,
  ) {}

  fit(): void {
    this.column.fit(this.column.live.clientWidth);
  }

  /** The rows, before there is anything to put into them. */
  expect(): void {
    const { order } = this.board.match(this.index);
    this.codes.show(this.board.dimensions.map((k) => ({ label: dimensionName(order[k]), low: -REACH, high: REACH, values: [], now: NaN })));
  }

  /** Codes while one factor takes all its values, rows `start` to `start + size`, and at `row`. */
  respond(start: number, size: number, row: number): void {
    const { board, index, swept } = this;
    if (!swept) return;
    const lane = board.lanes[index];
    const z = lane.fromOwn(swept);
    const { order } = board.match(index);
    this.codes.show(
      board.dimensions.map((k, strand): Range => {
        const j = order[k];
        const at = (i: number) => z[i * lane.d + j] / lane.unit[j];
        return {
          label: dimensionName(j),
          title: board.nameOf(index, j),
          low: -REACH,
          high: REACH,
          values: Array.from({ length: size }, (_, i) => at(start + i)),
          now: at(row),
          chosen: strand === board.strand,
        };
      }),
    );
  }

  /** Measure along the traversal of the chosen dimension. */
  sweep(): void {
    const { board, index } = this;
    const lane = board.lanes[index];
    const { order, sign } = board.match(index);
    const k = board.traversed;
    const reach = REACH * lane.unit[order[k]] * sign[k];
    const z = lane.own(sweep(board.codeOf(index), order[k], -reach, reach, STEPS));
    if (this.asked && z.every((value, i) => value === this.asked![i])) return;
    this.asked = z;
    const [, height, width] = lane.model.imageShape;
    const pixels = 4 * width * height;
    const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
      this.along = Array.from({ length: STEPS }, (_, i) => measure(rgba.subarray(i * pixels, (i + 1) * pixels), width));
      this.seen();
    };
    lane.engine.decodeMany([{ channel: "measured", z, count: STEPS, done }]);
  }

  /** The image at the hand is there. */
  seen(): void {
    const lane = this.board.lanes[this.index];
    this.column.paint();
    if (!lane.image) return;
    const now = measure(lane.image, lane.model.imageShape[2]);
    const row = (label: string, pick: (m: Measured) => number, low: number, high: number, decimals = 2): Range => ({ label, low, high, values: this.along.map(pick), now: pick(now), decimals });
    const angles = unwound(this.along.map((m) => m.angle));
    this.measured.show([
      row("x position", (m) => m.x, 0, 1),
      row("y position", (m) => m.y, 0, 1),
      row("size, px", (m) => m.size, 0, 24, 1),
      { label: "direction, °", low: -90, high: 90, values: angles, now: now.angle, decimals: 0 },
    ]);
  }
}
