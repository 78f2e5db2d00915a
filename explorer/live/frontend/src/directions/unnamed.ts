import { RowList } from "../explore/row-list";
import type { ExploreStore } from "../explore/store";
import type { ColumnValues } from "../page/library";
import { View } from "../page/view";
import { button, Choice, figure, h } from "../ui/dom";
import { decoderAxes } from "./decoder-axes";
import { type Components, local, nameOf, principal } from "./components";
import { measure } from "./direction";
import { DirectionRow, fact } from "./direction-row";
import { Slices, Superseded } from "./slices";

type Kind = "principal" | "local" | "decoder" | "average";

const COUNT = 5;
/** A factor of more values is named too, but not an identity for each image. */
const MOST_VALUES = 64;

interface Words {
  label: string;
  title: (i: number) => string;
  strength: (value: number) => [string, string];
  about: string;
  /** It depends on the present code. */
  here: boolean;
}

const variance = (value: number): [string, string] => [`${Math.round(100 * value)} % of the variance`, "share of the variance of these codes along it"];
const change = (value: number): [string, string] => [`${figure(value, 2)} per unit`, "how far the image moves for each unit of z along it: Euclidean distance of pixel values from 0 to 1"];

const KINDS: Record<Kind, Words> = {
  principal: { label: "principal", title: (i) => `PC ${i + 1}`, strength: variance, about: "The principal components of all codes: where they spread most.", here: false },
  local: { label: "local", title: (i) => `local PC ${i + 1}`, strength: variance, about: "The principal components of the codes nearest to z: how images like this one differ.", here: true },
  decoder: { label: "decoder, here", title: (i) => `decoder ${i + 1}`, strength: change, about: "The right singular vectors of the decoder's Jacobian at z: where a small step changes this image most.", here: true },
  average: { label: "decoder, on average", title: (i) => `mean decoder ${i + 1}`, strength: change, about: "The same on average over test images: where a small step changes images most.", here: false },
};

/** Directions that nobody named: of the codes, and of the decoder. */
export class Unnamed extends View {
  private readonly list = h("div", { className: "rows" });
  private readonly about = h("p", { className: "hint" });
  private readonly status = h("p", { className: "problem", role: "status" });
  private readonly here = button("At the present z", () => void this.find(), "compute them again where z is now");
  private kind: Kind = "principal";
  private readonly choice = new Choice<Kind>("directions of", Object.entries(KINDS).map(([kind, { label }]) => [kind, label] as [Kind, string]), this.kind, (kind) => {
    this.kind = kind;
    void this.find();
  });
  private readonly section = h("div", { className: "dimensions directions" }, h("div", { className: "method" }, this.choice.root, this.here), this.about, this.status, this.list);
  readonly root = h("details", { className: "more" }, h("summary", {}, "Directions nobody named"), this.section);
  private readonly rows = this.own(new RowList(this.store, this.section));
  private turn = 0;
  private columns: Promise<ColumnValues[]> | null = null;

  constructor(
    private readonly store: ExploreStore,
    private readonly keep: (name: string, vector: Float64Array) => void,
    private readonly touch: (row: DirectionRow) => void,
  ) {
    super();
    this.root.addEventListener("toggle", () => this.root.open && void this.find());
    this.onDispose(
      store.on("codes", () => this.root.open && void this.find()),
      store.on("range", () => this.rows.rows.forEach((row) => (row as DirectionRow).fitRange())),
      () => this.turn++,
      () => store.engine.dropMetric(this.rows.prefix),
    );
  }

  private async find(): Promise<void> {
    const { store, kind } = this;
    const turn = ++this.turn;
    this.about.textContent = KINDS[kind].about;
    this.here.hidden = !KINDS[kind].here;
    this.list.replaceChildren();
    this.rows.set([]);
    if (!store.codes) return;
    const slices = new Slices(() => turn !== this.turn);
    try {
      const found = await this.compute(kind, store.codes, slices);
      const columns = await this.named();
      if (turn === this.turn) this.show(found, columns);
    } catch (error) {
      if (!(error instanceof Superseded) && turn === this.turn) store.fail(error);
    }
  }

  private compute(kind: Kind, codes: Float32Array, slices: Slices): Promise<Components> {
    const { store } = this;
    const d = store.model.latentSize;
    this.status.textContent = "";
    if (kind === "principal") return principal(codes, d, COUNT, slices);
    if (kind === "local") return local(codes, store.z, COUNT, slices);
    const progress = (done: number, of: number) => {
      this.status.textContent = done === of ? "" : of === 1 ? "Differentiating the decoder." : `Differentiating the decoder: ${done} of ${of} images.`;
    };
    return decoderAxes(store.engine, this.rows.prefix, kind === "decoder" ? store.z : codes, d, COUNT, slices, progress);
  }

  /** The classes and factors, which say what a direction changes. */
  private named(): Promise<ColumnValues[]> {
    const columns = this.store.model.columns.filter(({ names }) => names && names.length <= MOST_VALUES);
    columns.sort((p, q) => Number(p.key === "labels") - Number(q.key === "labels")); // a factor says more than "class"
    return (this.columns ??= Promise.all(columns.map(({ key }) => this.store.library.column(key))));
  }

  private show({ vectors, strengths }: Components, columns: ColumnValues[]): void {
    const { store, kind } = this;
    const { title, strength } = KINDS[kind];
    const rows = vectors.map((vector, i) => {
      const direction = measure(vector, store.codes!);
      const row: DirectionRow = new DirectionRow(store, title(i), direction, `${kind}${i}`, this.rows.prefix, () => this.touch(row));
      const changes = nameOf(direction.projections, columns);
      row.facts.append(fact(...strength(strengths[i])));
      if (changes) row.facts.append(fact(`changes ${changes}`, "what differs most along it, and the share of the variance along it that this explains"));
      const name = changes ? `${title(i)}, ${changes.replace(/, \d+ %$/, "")}` : title(i);
      row.actions.append(button("Keep", () => this.keep(name, vector), "keep it among your directions, with the link"));
      return row;
    });
    this.list.replaceChildren(...rows.map((row) => row.root));
    this.rows.set(rows);
  }
}
