import { dimensionName } from "../latent/dimensions";
import { sameCodes } from "../latent/vectors";
import { View } from "../page/view";
import { h, slider } from "../ui/dom";
import { Picture } from "../ui/picture";
import { BIG, Column } from "./column";
import { measure, type Measured, unwound } from "./moments";
import { type Range, Ranges } from "./ranges";
import { type CompareStore, REACH } from "./store";

const STEPS = 25;
const PAUSE = 120;

/** From factors to codes and back: change a factor and see which codes move; move a code and measure the image. */
export class TwoWayView extends View {
  private readonly table = h("div", { className: "comparison two-way" });
  private readonly sliders: HTMLInputElement[];
  private readonly values: HTMLElement[];
  private readonly sprite = new Picture(this.store.data.models[0].imageShape, BIG, "sprite with these factors");
  private readonly columns = this.store.liveModels.map((live, i) => new TwoWayColumn(this.store, i, new Column(this.store, live, i)));
  private readonly dimension = h("p", { className: "hint" });
  private readonly waiting = h("span", { className: "waiting", role: "status" });
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The sprite whose sweeps are loaded, and the factor that changes. */
  private base: number[] = [];
  private factor = 0;
  /** All sprites that differ from it in one factor. */
  private sheet: ImageBitmap | null = null;
  readonly root = h("div", {}, h("div", { className: "scroller", tabIndex: 0, role: "region", "aria-label": "from factors to codes and back" }, this.table));

  constructor(private readonly store: CompareStore) {
    super();
    const { models } = store.data;
    const { factorNames, factorSizes } = models[0];
    this.values = factorNames.map(() => h("output", { className: "figure" }));
    this.sliders = factorNames.map((name, f) => slider(`true ${name} of the sprite`, { min: 0, max: factorSizes[f] - 1, step: 1, value: store.sprite[f] }, () => this.change(f)));
    this.table.style.setProperty("--models", String(models.length));
    this.fill(factorNames);
    this.onDispose(
      store.on("image", (i) => this.columns[i].measureNow()),
      ...(["rank", "z", "rotation", "reference", "factors"] as const).map((topic) => store.on(topic, () => this.traverse())),
      () => clearTimeout(this.timer),
      () => this.sheet?.close(),
      () => store.liveModels.forEach(({ engine }) => engine.drop("measured")),
    );
    this.onResize(this.table, () => this.columns.forEach((c) => c.fit()));
    this.waiting.textContent = "encoding …";
    this.columns.forEach((c) => c.showEmpty());
    void this.fetch();
    this.traverse();
    this.columns.forEach((c) => c.measureNow());
  }

  private fill(names: readonly string[]): void {
    const heading = (name: string, about: string, more?: HTMLElement) => h("p", { className: "heading" }, h("b", {}, name), h("span", { className: "hint" }, about), more ?? null);
    const { models } = this.store.data;
    const controls = h("div", { className: "factor-sliders" }, ...names.map((name, f) => h("label", {}, h("span", {}, name), this.sliders[f], this.values[f])));
    this.table.replaceChildren(
      heading("Change one true factor", "and see which codes move: each line spans the values of a code while that factor takes all its values", this.waiting),
      h("div", { className: "full-width" }, this.sprite.canvas, controls),
      ...models.map((m) => h("h3", {}, m.title)),
      ...this.columns.map((c) => h("div", { className: "cell" }, c.codes.root)),
      heading("Move one code", "with the sliders above and see what changes in the image: each line spans the measurements along the traversal", this.dimension),
      ...this.columns.map((c) => c.column.current),
      ...this.columns.map((c) => h("div", { className: "cell" }, c.measured.root)),
      h("p", { className: "heading hint" }, "Measured from pixel brightness: centre of mass (0 to 1, as the true positions), side of a square of equal area in pixels, and direction of the long axis in degrees, if there is one. Shape is not measured."),
    );
  }

  private change(f: number): void {
    this.factor = f;
    this.store.setSprite(this.sliders.map((slider) => slider.valueAsNumber));
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fetch(), PAUSE);
  }

  /** Fetch the codes of every sprite that differs from this one in one factor. */
  private async fetch(): Promise<void> {
    const { store } = this;
    const sprite = [...store.sprite];
    try {
      const codesRequest = Promise.all(store.liveModels.map((live) => live.library.spriteCodes(sprite)));
      const sheet = await store.liveModels[0].library.sprites(sprite);
      if (!this.sheet) this.draw(sheet); // the encoders take a few seconds to start
      const codes = await codesRequest;
      if (sprite.join() !== store.sprite.join()) return sheet.close(); // the sprite has changed meanwhile
      this.waiting.textContent = "";
      this.base = sprite;
      this.columns.forEach((c, i) => (c.spriteCodes = codes[i]));
      this.sheet?.close();
      this.sheet = sheet;
      this.show();
    } catch (error) {
      this.waiting.textContent = "";
      store.fail(error);
    }
  }

  /** Draw the sprite from a sheet of all that differ from it in one factor. */
  private draw(sheet: ImageBitmap): void {
    const [, height, width] = this.store.data.models[0].imageShape;
    const across = sheet.width / width;
    const row = this.row();
    this.sprite.canvas.getContext("2d")?.drawImage(sheet, (row % across) * width, Math.floor(row / across) * height, width, height, 0, 0, width, height);
  }

  /** Row of the sprite on that sheet and in its codes. */
  private row(): number {
    return this.start() + this.store.sprite[this.factor];
  }

  private start(): number {
    return this.store.data.models[0].factorSizes.slice(0, this.factor).reduce((sum, size) => sum + size, 0);
  }

  private show(): void {
    const { store, base, factor } = this;
    const { factorSizes } = store.data.models[0];
    this.values.forEach((value, f) => (value.textContent = `${store.sprite[f] + 1} of ${factorSizes[f]}`));
    if (!this.sheet || store.sprite.some((v, f) => f !== factor && v !== base[f])) return; // sweeps of another sprite
    this.draw(this.sheet);
    for (const c of this.columns) c.showCodes(this.start(), factorSizes[factor], this.row());
  }

  private traverse(): void {
    const { store } = this;
    const k = store.traversed;
    const name = store.nameOf(store.reference, k);
    this.dimension.textContent = `now ${dimensionName(k)} of ${store.data.models[store.reference].title}${name ? ` (${name})` : ""}`;
    this.show();
    for (const c of this.columns) c.sweep();
  }
}

/** One model's codes of the sprites, and measurements of its images. */
class TwoWayColumn {
  readonly codes = new Ranges();
  readonly measured = new Ranges();
  /** Mean codes of the sprites of all five sweeps (113, d). */
  spriteCodes: Float32Array | null = null;
  private along: Measured[] = [];
  private requested: Float32Array | null = null;

  constructor(
    private readonly store: CompareStore,
    private readonly index: number,
    readonly column: Column,
  ) {}

  fit(): void {
    this.column.fit(this.column.current.clientWidth);
  }

  /** Show empty rows. */
  showEmpty(): void {
    const { order } = this.store.match(this.index);
    this.codes.show(this.store.dimensions.map((k) => ({ label: dimensionName(order[k]), low: -REACH, high: REACH, values: [], now: NaN })));
  }

  /** Show codes while one factor takes all its values, rows `start` to `start + size`, and at `row`. */
  showCodes(start: number, size: number, row: number): void {
    const { store, index, spriteCodes } = this;
    if (!spriteCodes) return;
    const live = store.liveModels[index];
    const z = live.fromOwn(spriteCodes);
    const { order } = store.match(index);
    this.codes.show(
      store.dimensions.map((k, rank): Range => {
        const j = order[k];
        const at = (i: number) => z[i * live.d + j] / live.unit[j];
        return {
          label: dimensionName(j),
          title: store.nameOf(index, j),
          low: -REACH,
          high: REACH,
          values: Array.from({ length: size }, (_, i) => at(start + i)),
          now: at(row),
          chosen: rank === store.rank,
        };
      }),
    );
  }

  /** Measure along the traversal of the selected dimension. */
  sweep(): void {
    const { store, index } = this;
    const live = store.liveModels[index];
    const { z } = store.traversal(index, store.traversed, STEPS);
    if (sameCodes(this.requested, z)) return;
    this.requested = z;
    const [, height, width] = live.model.imageShape;
    const pixels = 4 * width * height;
    const done = (rgba: Uint8ClampedArray<ArrayBuffer>) => {
      this.along = Array.from({ length: STEPS }, (_, i) => measure(rgba.subarray(i * pixels, (i + 1) * pixels), width));
      this.measureNow();
    };
    live.engine.decodeMany([{ channel: "measured", z, count: STEPS, done }]);
  }

  /** Measure the current image. */
  measureNow(): void {
    const live = this.store.liveModels[this.index];
    this.column.paint();
    if (!live.image) return;
    const now = measure(live.image, live.model.imageShape[2]);
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
