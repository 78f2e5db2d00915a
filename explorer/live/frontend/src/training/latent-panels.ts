import { dimensionName, orderDimensions } from "../latent/dimensions";
import { Plane } from "../latent/plane";
import { spread, standardNormal } from "../latent/vectors";
import type { Theme } from "../map";
import { FramedMap, type Positions } from "../page/framed-map";
import { Library } from "../page/library";
import type { Decoder } from "../engine/decoder";
import type { SnapshotList } from "../schema";
import { h } from "../ui/dom";
import { pictureSide, pointSide, type Side } from "./film";
import { Panels } from "./panels";
import { Sheet } from "./sheet";
import { Snapshots } from "./snapshots";

const [STEPS, SAMPLES, COLUMNS] = [11, 36, 6];
const MOST_DIMENSIONS = 6;
/** Half-width of a traversal, in standard deviations of the prior. */
const REACH = 3;

type Images = Uint8ClampedArray<ArrayBuffer>;

/** Positions of the codes at every snapshot, and images of the same codes by each decoder. */
class LatentSnapshots extends Snapshots<Images> {
  /** The traversed dimensions, the most informative first. */
  readonly dimensions = orderDimensions(this.model).live.slice(0, MOST_DIMENSIONS);
  /** A two-dimensional space is shown as the decoded plane. */
  readonly plane = this.model.latentSize === 2;
  readonly rows = this.plane ? STEPS : this.dimensions.length;
  readonly traversals = this.rows * STEPS;
  private readonly z = new Float32Array((this.traversals + SAMPLES) * this.model.latentSize);
  private places: Positions[] = [];

  constructor(history: SnapshotList, appRoot: string) {
    super(history, appRoot);
    const d = this.model.latentSize;
    const step = (i: number) => REACH * ((2 * i) / (STEPS - 1) - 1);
    for (let row = 0; row < this.rows; row++)
      for (let i = 0; i < STEPS; i++) {
        const at = (row * STEPS + i) * d;
        if (this.plane) this.z.set([step(i), -step(row)], at);
        else this.z[at + this.dimensions[row]] = step(i);
      }
    this.z.set(standardNormal(SAMPLES * d, 0), this.traversals * d);
  }

  /** Codes are projected to the plane of the last snapshot. */
  async open(): Promise<void> {
    const d = this.model.latentSize;
    const plane = d > 1 ? Plane.of(this.model.projections[0]) : null;
    this.places = (await this.files("codes")).map((bytes): Positions => {
      const codes = new Float32Array(bytes);
      const n = codes.length / d;
      return plane ? plane.dropAll(codes, n) : [codes, Float32Array.from({ length: n }, (_, i) => spread(i))];
    });
  }

  /** Positions of the codes at `t`, linear between snapshots. */
  positions(t: number): Positions {
    const i = Math.min(this.last, Math.floor(t));
    const after = this.places[Math.min(this.last, i + 1)];
    const share = t - i;
    const between = (axis: 0 | 1) => this.places[i][axis].map((value, k) => value + share * (after[axis][k] - value));
    return [between(0), between(1)];
  }

  /** The traversals, row by row, then the samples of fixed codes. */
  protected draw(_i: number, decoder: Decoder): Promise<Images> {
    const count = this.traversals + SAMPLES;
    return decoder.decode(this.z, count, undefined, this.labels(count));
  }

  /** Of a conditional model: one class for each traversal, and the classes in turn for samples. */
  private labels(count: number): number[] | undefined {
    const { classes } = this.model;
    return classes ? Array.from({ length: count }, (_, i) => (i < this.traversals ? Math.floor(i / STEPS) : i) % classes) : undefined;
  }
}

/** The map, the traversals and the samples of a training. */
export class LatentPanels extends Panels {
  readonly root: HTMLElement;
  readonly heading: string;
  private readonly snapshots: LatentSnapshots;
  private readonly framed = this.own(new FramedMap());
  private readonly map = this.framed.map;
  private readonly traversals: Sheet;
  private readonly samples: Sheet;

  constructor(history: SnapshotList, private readonly appRoot: string) {
    super();
    const snapshots = (this.snapshots = new LatentSnapshots(history, appRoot));
    const { imageShape, count } = snapshots.model;
    this.traversals = new Sheet(imageShape, STEPS, snapshots.rows, "traversals");
    this.samples = new Sheet(imageShape, COLUMNS, SAMPLES / COLUMNS, "samples");
    this.heading = `The same ${count.toLocaleString("en")} test images, traversals and ${SAMPLES} random codes at each of ${snapshots.last + 1} snapshots.`;
    const names = snapshots.plane ? ["z₂ ↑"] : snapshots.dimensions.map(dimensionName);
    const traversals = h("div", { className: "traversals" }, h("div", { className: "names" }, ...names.map((name) => h("span", {}, name))), this.traversals.canvas);
    traversals.classList.toggle("plane", snapshots.plane);
    if (snapshots.plane) traversals.append(h("span"), h("small", {}, "z₁ →"));
    this.root = h(
      "div",
      { className: "panels" },
      h("figure", {}, h("header", {}, h("b", {}, "Map")), this.framed.root, this.framed.legend.root),
      h("figure", {}, h("header", {}, h("b", {}, "Traversals"), h("small", {}, "−3 σ to 3 σ")), traversals),
      h("figure", {}, h("header", {}, h("b", {}, "Samples"), h("small", {}, "codes from N(0, I)")), h("div", { className: "sampled" }, this.samples.canvas)),
    );
  }

  async open(): Promise<void> {
    const { snapshots, map } = this;
    await snapshots.open();
    const { latentSize, rate, projections } = snapshots.model;
    const axes = projections[0]?.axes ?? ["z₁", ""];
    map.setAxes({ x: axes[0], y: axes[1] });
    if (rate && latentSize > 1) map.setSigmaCircles([1, 2, 3]);
    const [x, y] = snapshots.positions(snapshots.last);
    map.setPoints(x, y);
    await this.colour();
    this.theme();
    this.framed.keepInView([x, y]);
  }

  private async colour(): Promise<void> {
    const { model } = this.snapshots;
    const column = model.columns.find((c) => c.names);
    if (!column) return;
    const { categories } = await new Library(model, this.appRoot + model.base).column(column.key);
    if (categories) this.framed.setClasses(categories, column.names!, column.colours);
  }

  show(t: number): void {
    this.map.setPoints(...this.snapshots.positions(t));
  }

  async decode(i: number): Promise<() => void> {
    const rgba = await this.snapshots.decoded(i);
    return () => {
      this.traversals.paint(rgba.subarray(0, this.skipped));
      this.samples.paint(rgba.subarray(this.skipped));
    };
  }

  /** Bytes of the traversals' images. */
  private get skipped(): number {
    const { traversals, model: { imageShape: [, tall, wide] } } = this.snapshots;
    return traversals * 4 * tall * wide;
  }

  async filmed(t: number, theme: Theme): Promise<[Side, Side]> {
    const { snapshots, map } = this;
    const sheet = new Sheet(snapshots.model.imageShape, COLUMNS, SAMPLES / COLUMNS, "");
    sheet.paint((await snapshots.decoded(Math.round(t))).subarray(this.skipped));
    return [pointSide(snapshots.positions(t), { theme, extent: this.framed.extent!, colourOf: (i) => map.colourOf(i) }), pictureSide(sheet.canvas)];
  }
}
