import { BETA_REST, type BetaPlaces } from "../latent/beta-codes";
import { Plane } from "../latent/plane";
import type { Hit } from "../map";
import { FramedMap } from "../page/framed-map";
import { oncePerFrame, View } from "../page/view";
import { h } from "../ui/dom";
import type { CompareStore } from "./store";

/** Distance in pixels within which a click picks a code. */
const REACH = 20;

/** The codes of a model of a range in its principal plane, which move with β. */
export class RangeMap extends View {
  private readonly framed = this.own(new FramedMap({ onPick: (hit) => this.pick(hit) }));
  private readonly map = this.framed.map;
  private readonly plane: Plane | null;
  private places: BetaPlaces | null = null;
  private drawn = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly follow = oncePerFrame(() => this.show());
  readonly root = h("section", { className: "ladder-map", "aria-label": "map of the codes along β" }, this.framed.root, this.framed.legend.root);

  constructor(private readonly store: CompareStore, private readonly index: number) {
    super();
    const flat = store.data.planes[index];
    this.plane = flat ? Plane.of({ key: "", label: "", axes: ["", ""], ...flat }) : null;
    this.map.setAxes({ x: "principal plane at the default β", y: "" });
    this.map.setSigmaCircles([1, 2, 3]);
    this.onDispose(store.on("beta", this.follow), store.on("z", () => this.cursor()), () => clearTimeout(this.timer));
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const { library } = this.store.liveModels[this.index];
    const codes = await library.betaCodes();
    if (!this.plane) return;
    this.places = codes.places(this.plane);
    this.show();
    const named = library.model.columns.find((column) => column.names && column.names.length > 1);
    if (!named) return;
    const { column, categories } = await library.column(named.key);
    this.framed.setClasses(categories!, column.names!, column.colours);
  }

  private show(): void {
    const { places, store, index } = this;
    if (!places) return;
    const [x, y] = places.xy(store.liveModels[index].engine.beta!);
    if (this.drawn) this.map.dragPoints(x, y);
    else {
      this.map.setPoints(x, y);
      this.framed.keepInView(places.xy(store.liveModels[index].model.betaRange!.betas[0]));
    }
    this.drawn = true;
    this.cursor();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.map.settlePoints(), BETA_REST);
  }

  private cursor(): void {
    const { store, index, plane } = this;
    if (!plane) return;
    const [x, y] = plane.drop(store.liveModels[index].own(store.codeOf(index)));
    this.map.setCursor({ x, y });
  }

  private pick({ nearest, distance }: Hit): void {
    if (nearest !== null && distance < REACH) this.store.setImage(nearest);
  }
}
