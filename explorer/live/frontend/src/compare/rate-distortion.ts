import { figure, h, svg } from "../ui/dom";
import { placesOf, rateTitle, type RatePlace, SQUARES } from "../latent/words-rate";
import type { ComparedModel, WordsRate } from "../schema";

const [WIDTH, HEIGHT] = [300, 210];
const EDGE = { left: 46, right: 14, top: 12, bottom: 34 };

/**
 * Rate against distortion: one point per model, and one that moves along the line between them. Models of discrete codes
 * of the same images are squares, at their rate under uniform words and, from there, under a learned prior; as they cost
 * many times as much, the rate is then on a logarithmic scale, of 1 + rate.
 */
export class RateDistortion {
  readonly root = h("figure", { className: "curve-figure" });
  private readonly svg = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  private readonly dot: SVGElement;
  private readonly caption = h("figcaption", {});
  private readonly places: (RatePlace | null)[];
  private readonly bounded: boolean[];
  private readonly x: (rate: number) => number;
  private readonly y: (distortion: number) => number;

  constructor(models: readonly ComparedModel[], private readonly words: readonly WordsRate[] = []) {
    this.places = models.map((m) => (m.totalRate !== null && m.distortion !== null ? [m.totalRate, m.distortion] : null));
    this.bounded = models.map((m) => m.beta !== null); // a plain AE has no likelihood to bound
    const places = this.places.filter((p) => p !== null);
    const axis = (values: number[], from: number, to: number, scale: (v: number) => number) => {
      const [low, high] = [scale(Math.min(...values)), scale(Math.max(...values))];
      const room = (high - low || 1) * 0.12;
      return (v: number) => from + ((scale(v) - low + room) / (high - low + 2 * room)) * (to - from);
    };
    const all: RatePlace[] = [...places, ...words.flatMap(placesOf)];
    this.x = axis(all.map((p) => p[0]), EDGE.left, WIDTH - EDGE.right, words.length ? Math.log1p : Number);
    this.y = axis(all.map((p) => p[1]), HEIGHT - EDGE.bottom, EDGE.top, Number);
    this.svg.setAttribute("aria-label", `rate and distortion: ${models.map((m) => `${m.title} ${formatNats(m.totalRate)} and ${formatNats(m.distortion)} nats`).concat(words.map((m) => `${m.title} ${formatNats(m.rate)} and ${formatNats(m.distortion)} nats`)).join("; ")}`);
    this.draw(models, places, all);
    this.dot = this.add("circle", { class: "here", r: 6, cx: -20, cy: -20 });
    const squares = h("p", { className: "hint" }, SQUARES);
    this.root.append(places.length > 1 ? this.svg : h("p", { className: "hint" }, "Rate and distortion of these models have not been evaluated."), this.caption, ...(words.length ? [squares] : []));
  }

  private draw(models: readonly ComparedModel[], places: RatePlace[], all: RatePlace[]): void {
    const [left, bottom] = [EDGE.left, HEIGHT - EDGE.bottom];
    this.add("path", { class: "axis", d: `M${left} ${EDGE.top}V${bottom}H${WIDTH - EDGE.right}` });
    this.text(this.words.length ? "rate, nats (log scale)" : "rate, nats", (left + WIDTH - EDGE.right) / 2, HEIGHT - 4, "middle");
    this.text("distortion, nats", 12, (EDGE.top + bottom) / 2, "middle", "rotate(-90 12 " + (EDGE.top + bottom) / 2 + ")");
    for (const k of [0, 1] as const) {
      const values = all.map((p) => p[k]);
      const ends = [Math.min(...values), Math.max(...values)];
      const decimals = ends[1] - ends[0] < 3 ? 1 : 0;
      for (const end of places.length ? ends : []) {
        if (k === 0) this.text(figure(end, decimals), this.x(end), bottom + 13, "middle");
        else this.text(figure(end, decimals), left - 5, this.y(end) + 4, "end");
      }
    }
    for (const model of this.words) this.square(model);
    this.add("polyline", { class: "line", points: places.map((p) => `${this.x(p[0])},${this.y(p[1])}`).join(" ") });
    this.places.forEach((place, i) => {
      if (!place) return;
      this.add("circle", { class: "run", r: 3.5, cx: this.x(place[0]), cy: this.y(place[1]) });
      this.text(models[i].beta === null ? "AE" : `${models[i].beta}`, this.x(place[0]) + 7, this.y(place[1]) - 6, "start");
    });
  }

  /** A model of discrete codes, with its name as a tooltip. */
  private square(model: WordsRate): void {
    const places = placesOf(model);
    this.add("polyline", { class: "words-line", points: places.map((p) => `${this.x(p[0])},${this.y(p[1])}`).join(" ") });
    places.forEach((place, i) => {
      const shape = this.add("rect", { class: i ? "words learned" : "words", x: this.x(place[0]) - 3.5, y: this.y(place[1]) - 3.5, width: 7, height: 7 });
      shape.append(svg("title"));
      shape.firstElementChild!.textContent = rateTitle(model, place, i > 0);
    });
  }

  private add(tag: "path" | "polyline" | "circle" | "rect" | "text", attributes: Record<string, string | number>): SVGElement {
    const element = svg(tag, attributes);
    this.svg.append(element);
    return element;
  }

  private text(words: string, x: number, y: number, anchor: string, transform = ""): void {
    this.add("text", { x, y, "text-anchor": anchor, ...(transform ? { transform } : {}) }).textContent = words;
  }

  /** Move the point to `share` of the way from model `low` to model `high`. */
  move(low: number, high: number, share: number): void {
    const [a, b] = [this.places[low], this.places[high]];
    const place: RatePlace | null = a && b ? [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])] : share < 0.5 ? a : b;
    this.dot.setAttribute("cx", String(place ? this.x(place[0]) : -20));
    this.dot.setAttribute("cy", String(place ? this.y(place[1]) : -20));
    const bound = place && (this.bounded[low] || share > 0.995) && (this.bounded[high] || share < 0.005) ? ` · ELBO ${figure(-place[0] - place[1], 1)}` : "";
    this.caption.textContent = place ? `rate ${figure(place[0], 1)} · distortion ${figure(place[1], 1)}${bound} nats` : "";
  }
}

const formatNats = (value: number | null): string => (value === null ? "unknown" : figure(value, 1));
