import { distanceUnit } from "../latent/dimensions";
import { along, path, squaredDistance } from "../latent/vectors";
import { View } from "../page/view";
import { button, calm, Choice, figure, h, icon, slider, stepByKeys } from "../ui/dom";
import { paintAll, Picture } from "../ui/picture";
import { Playback } from "../ui/playback";
import type { PathKind } from "../schema";
import { alignSlider, Strip } from "../ui/strip";
import { DistanceCurve } from "./distance-curve";
import type { ExploreStore } from "./store";

const FRAMES = 11;
const POINTS = 65;
const SECONDS = 4; // one way
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";
let instances = 0;

/** From code A to code B: a strip, an animation, and the distance of the path to the nearest stored code. */
export class WalkPanel extends View {
  readonly root: HTMLElement;
  private readonly prefix = `walk${++instances}/`;
  private readonly ends: Record<"a" | "b", Picture> = { a: new Picture(this.store.model.imageShape, 64, "image at A"), b: new Picture(this.store.model.imageShape, 64, "image at B") };
  private readonly strip = new Strip(this.store.model.imageShape, FRAMES, "images along the path from A to B");
  private readonly curve = new DistanceCurve(distanceUnit(this.store.model));
  private readonly slider = slider("position on the path from A to B", { min: 0, max: 1, step: "any", value: 0 }, (t) => this.goTo(t));
  private readonly readout = h("output", { className: "figure" });
  private readonly play = button("", () => this.toggle(), "play the walk back and forth");
  private readonly kind: Choice<PathKind> = new Choice("path", [["linear", "linear"], ["spherical", "spherical"]], this.store.pathKind, (kind) => this.store.put("pathKind", kind, "ends"));
  private readonly playback = new Playback(() => this.showPlaying());
  private direction = 1;
  private t = 0;
  /** Whether z is at t of the path. */
  private onPath = false;

  constructor(private readonly store: ExploreStore) {
    super();
    stepByKeys(this.slider, 0.05, 0.2, (by) => this.goTo(this.t + by), 5);
    const track = h("div", { className: "track" }, this.slider, this.strip.canvas, this.curve.root);
    this.root = h(
      "section",
      { className: "walk-panel", "aria-label": "walk between two codes" },
      h(
        "header",
        {},
        this.end("a", "A"),
        this.end("b", "B"),
        h("div", { className: "actions" }, button("Swap", () => this.swap(), "swap A and B"), button("New pair", () => this.newPair(), "the codes of two random test images")),
      ),
      h("div", { className: "transport" }, this.play, this.kind.root, h("span", { className: "readout" }, "t = ", this.readout)),
      track,
      h("p", { className: "hint" }, "Where the path is far from every test code, the decoder extrapolates."),
    );
    this.strip.canvas.addEventListener("click", (event) => this.goTo(this.strip.at(event) / (FRAMES - 1)));
    this.onDispose(
      store.on("ends", () => this.renew()),
      store.on("beta", () => this.renew()),
      store.on("label", () => this.renew()),
      store.on("codes", () => this.begin()),
      store.on("z", () => this.locate()),
      () => this.playback.stop(),
      () => store.engine.drop(this.prefix),
    );
    this.onResize(this.root, () => this.fit(track));
    this.showPlaying();
    this.begin();
  }

  private end(which: "a" | "b", name: string): HTMLElement {
    const take = button(`${name} = z`, () => this.store.setEnd(which, this.store.z), `set ${name} to the current code`);
    this.ends[which].canvas.addEventListener("click", () => this.goTo(which === "a" ? 0 : 1));
    return h("figure", { className: "end" }, this.ends[which].canvas, h("figcaption", {}, h("b", {}, name)), take);
  }

  /** Set missing ends once the codes have arrived: from z (from the first code, if z is 0) to a code far from it. */
  private begin(): void {
    const { store } = this;
    const unset = ![...store.a, ...store.b].some(Boolean);
    if (unset && store.codes) {
      const atOrigin = !store.z.some(Boolean);
      const a = atOrigin ? store.codeOf(0)! : store.z.slice();
      const far = Array.from({ length: Math.min(200, store.model.count) }, (_, i) => store.codeOf(i)!).reduce((best, code) =>
        squaredDistance(code, a) > squaredDistance(best, a) ? code : best,
      );
      store.setEnd("a", a);
      store.setEnd("b", far);
      if (atOrigin) this.goTo(0);
    } else this.renew();
  }

  /** Find the position of z on the path, if it is on it. */
  private locate(): void {
    const { a, b, pathKind, z } = this.store;
    const off = (t: number) => squaredDistance(along(a, b, t, pathKind), z);
    const near = 1e-6 * z.length; // links carry four decimals
    let t = this.t;
    if (off(t) > near) {
      t = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1)).reduce((best, at) => (off(at) < off(best) ? at : best));
      for (let step = 1 / (POINTS - 1); step > 1e-6; step /= 2) t = [t - step, t, t + step].reduce((best, at) => (at >= 0 && at <= 1 && off(at) < off(best) ? at : best), t);
    }
    this.onPath = off(t) <= near;
    if (this.onPath) this.t = t;
    this.showPlace();
  }

  /** Update the slider and the readouts; off the path they show no position. */
  private showPlace(): void {
    this.slider.value = String(this.t);
    this.slider.setAttribute("aria-valuetext", this.onPath ? figure(this.t) : "z is not on the path");
    this.slider.classList.toggle("outside", !this.onPath);
    this.readout.value = this.onPath ? figure(this.t) : "–";
    this.curve.mark(this.onPath ? this.t : null);
  }

  private newPair(): void {
    const { store } = this;
    const code = () => store.codeOf(Math.floor(Math.random() * store.model.count));
    const [a, b] = [code(), code()];
    if (!a || !b) return;
    store.setEnd("a", a);
    store.setEnd("b", b);
  }

  private swap(): void {
    const { a, b } = this.store;
    this.store.setEnd("a", b);
    this.store.setEnd("b", a);
  }

  /** Decode the path after its ends or kind have changed. */
  private renew(): void {
    const { store } = this;
    const { a, b, engine, pathKind } = store;
    this.kind.set(pathKind);
    this.locate();
    engine.decodeMany([
      { channel: this.prefix + "strip", z: path(a, b, FRAMES, pathKind), count: FRAMES, row: this.strip.row, done: (rgba) => this.strip.paint(rgba) },
      { channel: this.prefix + "ends", z: new Float32Array([...a, ...b]), count: 2, done: (rgba) => paintAll([this.ends.a, this.ends.b], rgba) },
    ]);
    if (store.codes) engine.distances(this.prefix + "distance", path(a, b, POINTS, pathKind), POINTS, (distance) => this.curve.draw(distance));
  }

  private goTo(t: number): void {
    const { a, b, pathKind } = this.store;
    this.t = Math.max(0, Math.min(1, t));
    this.store.setZ(along(a, b, this.t, pathKind)); // which locates z and updates the slider
  }

  private toggle(): void {
    if (this.playback.playing) return this.playback.stop();
    this.playback.play((seconds) => {
      const next = this.t + (this.direction * seconds) / SECONDS;
      if (next >= 1 || next <= 0) this.direction = next >= 1 ? -1 : 1;
      this.goTo(next);
      return !(calm() && next >= 1); // with reduced motion, play once to the end
    });
  }

  private showPlaying(): void {
    const { playing } = this.playback;
    this.play.replaceChildren(icon(playing ? PAUSE : PLAY), playing ? " Pause" : " Play");
    this.play.setAttribute("aria-pressed", String(playing));
  }

  private fit(track: HTMLElement): void {
    this.strip.fit(Math.max(160, this.root.clientWidth), 72);
    alignSlider(this.slider, this.strip);
    track.style.width = `${this.strip.width}px`;
    this.curve.resize(this.strip.width, this.strip.cell / 2);
    this.renew();
  }
}
