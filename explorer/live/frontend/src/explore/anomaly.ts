import { distortion, costOf } from "../latent/score";
import { type Roc, roc, sharesFrom } from "../latent/roc";
import { View } from "../page/view";
import { Choice, figure, h, menu, svg } from "../ui/dom";
import type { ExploreStore } from "./store";

const SIDE = 150;
/** The most corners of the curve that are drawn. */
const CORNERS = 400;

type Score = "bound" | "distortion";

/**
 * How well a model's surprise finds a class: the ROC curve of −ELBO, or of the distortion, of the stored test images,
 * for one class against all others, and where the visitor's image is on it.
 */
export class Anomaly extends View {
  private readonly curve = svg("polyline", { class: "line" });
  private readonly area = svg("polygon", { class: "area" });
  private readonly here = svg("circle", { class: "here", r: 4 });
  private readonly auc = h("output", { className: "figure" });
  private readonly says = h("p", { role: "status" });
  private readonly ownSays = h("p", { className: "hint" });
  private readonly place = h("div", {});
  private labels: Uint8Array | Uint16Array | null = null;
  private columns: { distortion: Float32Array; rate: Float32Array | null } | null = null;
  private values: Float32Array | null = null;
  private kind: Score = this.store.model.rate ? "bound" : "distortion";
  private chosen = 0;
  readonly root = h("details", { className: "anomaly" }, h("summary", {}, "Anomaly detection: which class looks unusual?"), this.place);

  constructor(private readonly store: ExploreStore) {
    super();
    this.root.hidden = true;
    this.root.addEventListener("toggle", () => this.columns ?? void this.open());
    void store.library.labels().then((labels) => {
      this.labels = labels;
      this.root.hidden = !labels || store.model.labelNames.length < 2;
    });
    this.onDispose(store.on("own", () => this.showOwn()));
  }

  private async open(): Promise<void> {
    const { library, model } = this.store;
    const numbers = async (key: string) => (await library.column(key)).values ?? null;
    try {
      const [lost, cost] = await Promise.all([numbers("error"), model.rate ? numbers("rate") : null]);
      if (!lost) return;
      this.columns = { distortion: lost, rate: cost };
    } catch (error) {
      return this.store.fail(error);
    }
    this.build();
    this.score();
  }

  private build(): void {
    const { labelNames } = this.store.model;
    const classes = menu("class to find", labelNames.map((name, i) => [String(i), name] as const), "0", (value) => {
      this.chosen = Number(value);
      this.show();
    });
    const kinds: [Score, string][] = [["bound", "−ELBO"], ["distortion", "Distortion"]];
    const score = new Choice<Score>("score", kinds, this.kind, (kind) => {
      this.kind = kind;
      this.score();
    });
    const chart = svg("svg", { viewBox: `-1 -1 ${SIDE + 2} ${SIDE + 2}`, class: "roc", role: "img", "aria-label": "ROC curve" });
    chart.append(svg("rect", { width: SIDE, height: SIDE, class: "frame" }), svg("line", { x1: 0, y1: SIDE, x2: SIDE, y2: 0, class: "chance" }), this.area, this.curve, this.here);
    this.place.replaceChildren(
      h("div", { className: "actions" }, h("label", { className: "field" }, "find ", classes), this.store.model.rate ? score.root : null),
      h("div", { className: "roc-place" }, chart, h("div", {}, h("p", { className: "auc" }, "AUC ", this.auc), this.says, this.ownSays)),
      h("p", { className: "hint" }, "Across: share of the other classes that score as high; up: share of this class. The model saw every class in training, so it need not find any of them unusual."),
    );
  }

  /** The score of every test image: the higher, the more unusual. */
  private score(): void {
    const { distortion: lost, rate: cost } = this.columns!;
    this.values = this.kind === "bound" && cost ? lost.map((value, i) => value + cost[i]) : lost;
    this.show();
  }

  private readonly isChosen = (row: number): boolean => this.labels![row] === this.chosen;

  private show(): void {
    const { values, store } = this;
    if (!values) return;
    const name = store.model.labelNames[this.chosen];
    const found = roc(values, this.isChosen);
    this.draw(found);
    this.auc.value = found ? figure(found.auc, 3) : "–";
    this.says.textContent = found ? said(found.auc, name) : `No test image is ${name}.`;
    this.showOwn();
  }

  private draw(found: Roc | null): void {
    const step = found ? Math.max(1, Math.ceil(found.trueShare.length / CORNERS)) : 1;
    const all = found ? found.trueShare.map((up, i) => [SIDE * found.falseShare[i], SIDE * (1 - up)] as const) : [];
    const points = all.filter((_, i) => i % step === 0 || i === all.length - 1).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
    this.curve.setAttribute("points", points.join(" "));
    this.area.setAttribute("points", found ? [...points, `${SIDE},${SIDE}`, `0,${SIDE}`].join(" ") : "");
  }

  /** Where the visitor's image lies among them. */
  private showOwn(): void {
    const { own, model } = this.store;
    const shown = own !== null && this.values !== null;
    this.here.style.display = shown ? "" : "none";
    if (!shown) return void (this.ownSays.textContent = "");
    const surprise = distortion(own.image, own.values, model.vision!) + (this.kind === "bound" ? costOf(own.posterior) : 0);
    const [others, of] = sharesFrom(this.values!, this.isChosen, surprise);
    if (!Number.isFinite(others + of)) return void (this.here.style.display = "none");
    this.here.setAttribute("cx", String(SIDE * others));
    this.here.setAttribute("cy", String(SIDE * (1 - of)));
    this.ownSays.textContent = `As unusual as your image: ${percent(of)} of ${model.labelNames[this.chosen]}, ${percent(others)} of the others.`;
  }
}

const percent = (share: number): string => `${figure(100 * share, share > 0 && share < 0.1 ? 1 : 0)} %`;

/** What an area means for a class of this name. */
function said(auc: number, name: string): string {
  const pair = `Of a random ${name} and a random other image, the ${name} scores higher ${percent(auc)} of the time`;
  if (auc > 0.7) return `${pair}: the class looks unusual to the model.`;
  return `${pair}: ${auc < 0.3 ? "the class looks more usual than the others" : "the class is hard to tell by this score"}.`;
}
