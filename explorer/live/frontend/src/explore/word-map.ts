import type { ExploreStore } from "./store";
import { View } from "../page/view";
import { figure, h, swatch } from "../ui/dom";
import { pixelRatio, resizeCanvas } from "../ui/picture";
import { classColours } from "../map";
import { planeOf, useOf, type WordUse } from "../latent/word-plane";

const MARGIN = 22;
const [WIDEST, TALLEST] = [720, 300];
/** Radii in CSS pixels of a word that is not used, and of the one used most. */
const [LEAST, MOST] = [2.5, 15];
/** Pixels beyond its disc at which the pointer still finds a word. */
const REACH = 8;

/** The words of a code book in the plane of their two principal directions; a click makes one the brush. */
export class WordMap extends View {
  readonly root: HTMLElement;
  private readonly canvas = h("canvas", { className: "word-map", role: "img" });
  private readonly about = h("p", { className: "hint about" });
  private places: { x: number; y: number; radius: number }[] = [];
  private plane: [x: Float64Array, y: Float64Array] | null = null;
  private use: WordUse[] = [];
  private hovered: number | null = null;
  private total = 1;

  constructor(private readonly store: ExploreStore) {
    super();
    const { labelNames } = store.model;
    const colours = classColours(labelNames.length);
    const legend = labelNames.map((name, i) => h("span", {}, swatch(colours[i]), name));
    this.root = h("section", { className: "word-map-panel", "aria-label": "map of the words" }, h("header", {}, this.about), this.canvas, h("p", { className: "hint classes-key" }, ...legend));
    this.canvas.addEventListener("pointermove", (event) => this.hover(this.at(event)));
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.canvas.addEventListener("click", (event) => {
      const word = this.at(event);
      if (word === null) return;
      store.painting.brush = word;
      store.emit("brush");
    });
    this.onResize(this.root, () => this.fit());
    this.onDispose(store.on("brush", () => this.draw()));
    this.load().catch(store.fail);
  }

  private async load(): Promise<void> {
    const { library } = this.store;
    const [vocabulary, labels] = await Promise.all([library.vocabulary(), library.labels()]);
    this.use = useOf(vocabulary, labels);
    this.total = vocabulary.tokens.length;
    const { x, y, share } = planeOf(vocabulary);
    this.plane = [x, y];
    this.canvas.setAttribute("aria-label", `${this.use.length} words in the plane of their two principal directions, which has ${Math.round(100 * share)} % of their variance`);
    this.fit();
    this.say();
  }

  private fit(): void {
    const { plane, use } = this;
    const width = Math.min(WIDEST, this.root.clientWidth);
    if (!plane || width <= 0) return;
    const ratio = pixelRatio();
    const height = Math.min(TALLEST, Math.round(0.66 * width));
    resizeCanvas(this.canvas, Math.round(width * ratio), Math.round(height * ratio), 1 / ratio);
    const most = Math.max(1, ...use.map(({ count }) => count));
    const [[left, right], [low, high]] = plane.map((values) => [Math.min(...values), Math.max(...values)]);
    const scale = Math.min((width - 2 * MARGIN) / (right - left || 1), (height - 2 * MARGIN) / (high - low || 1));
    this.places = use.map(({ count }, word) => ({
      x: width / 2 + scale * (plane[0][word] - (left + right) / 2),
      y: height / 2 - scale * (plane[1][word] - (low + high) / 2),
      radius: LEAST + (MOST - LEAST) * Math.sqrt(count / most),
    }));
    this.draw();
  }

  private draw(): void {
    const context = this.canvas.getContext("2d")!;
    const style = getComputedStyle(this.canvas);
    const colour = (name: string) => style.getPropertyValue(name) || "#808080";
    const colours = classColours(this.store.model.labelNames.length);
    const ratio = pixelRatio();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const disc = (word: number, more: number) => {
      const { x, y, radius } = this.places[word];
      context.beginPath();
      context.arc(x, y, radius + more, 0, 2 * Math.PI);
    };
    // the largest first, so that none hides another
    const order = this.places.map((_, word) => word).sort((a, b) => this.places[b].radius - this.places[a].radius);
    for (const word of order) {
      disc(word, 0);
      const { count, label } = this.use[word];
      context.fillStyle = count ? (colours[label] ?? colour("--accent")) : colour("--quiet");
      context.globalAlpha = 0.85;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colour("--ground");
      context.lineWidth = 1;
      context.stroke();
    }
    for (const [word, width] of [[this.hovered, 1.5], [this.store.painting.brush, 3]] as const) {
      if (word === null || !this.places[word]) continue;
      disc(word, 2);
      context.strokeStyle = colour("--text");
      context.lineWidth = width;
      context.stroke();
    }
  }

  override theme(): void {
    super.theme();
    this.draw();
  }

  private at(event: MouseEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null as number | null, REACH];
    this.places.forEach((place, word) => {
      const beyond = Math.hypot(place.x - x, place.y - y) - place.radius;
      // of discs one above another, the smaller
      if (beyond < least || (beyond <= 0 && least <= 0 && best !== null && place.radius < this.places[best].radius)) [best, least] = [word, beyond];
    });
    return best;
  }

  private hover(word: number | null): void {
    if (word === this.hovered) return;
    this.hovered = word;
    this.draw();
    this.say();
  }

  private say(): void {
    const { hovered, use, total, store: { model: { labelNames } } } = this;
    if (hovered === null) {
      this.about.textContent = `Words by what is near in the code book; size: use${labelNames.length ? ", colour: the class that uses it most" : ""}. Press one to take it as the brush.`;
      return;
    }
    const { count, label, share } = use[hovered];
    const percent = (100 * count) / total;
    const kind = label >= 0 ? `, ${Math.round(100 * share)} % of these in images of ${labelNames[label]}` : "";
    this.about.textContent = count ? `Word ${hovered + 1}: ${figure(percent, percent < 1 ? 2 : 1)} % of all tokens${kind}.` : `Word ${hovered + 1}: no test image uses it.`;
  }
}
