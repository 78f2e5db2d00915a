import { along, path } from "../latent/vectors";
import type { Session } from "../session";
import { button, calm, Choice, figure, h, icon } from "../ui/dom";
import { Picture } from "../ui/picture";
import { Strip } from "../ui/strip";
import { DistanceCurve } from "./distance-curve";

const FRAMES = 11;
const POINTS = 65;
const SECONDS = 4; // one way
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";
let instances = 0;

/** From code A to code B: a film strip, an animation, and how far the path strays from every stored code. */
export class WalkPanel {
  readonly root: HTMLElement;
  private readonly prefix = `walk${++instances}/`;
  private readonly ends: Record<"a" | "b", Picture>;
  private readonly strip: Strip;
  private readonly curve = new DistanceCurve();
  private readonly slider: HTMLInputElement;
  private readonly readout = h("output", { className: "figure" });
  private readonly play: HTMLButtonElement;
  private readonly kind: Choice<"linear" | "spherical">;
  private readonly off: (() => void)[];
  private readonly sized: ResizeObserver;
  private timer = 0;
  private direction = 1;
  private t = 0;
  /** Whether z, and with it the large image, is at t of the path. */
  private onPath = false;

  constructor(private readonly session: Session) {
    const { imageShape } = session.model;
    this.ends = { a: new Picture(imageShape, 64, "image at A"), b: new Picture(imageShape, 64, "image at B") };
    this.strip = new Strip(imageShape, FRAMES, "images along the path from A to B");
    this.slider = h("input", { type: "range", min: "0", max: "1", step: "any", value: "0", "aria-label": "position on the path from A to B" });
    this.play = button("", () => this.toggle(), "play the walk back and forth");
    this.kind = new Choice(
      "path",
      [
        ["linear", "linear"],
        ["spherical", "spherical"],
      ],
      session.pathKind,
      (kind) => session.setPathKind(kind),
    );
    const track = h("div", { className: "track" }, this.slider, this.strip.canvas, this.curve.root);
    this.root = h(
      "section",
      { className: "walk-panel", "aria-label": "walk between two codes" },
      h(
        "header",
        {},
        this.end("a", "A"),
        this.end("b", "B"),
        h("div", { className: "actions" }, button("Swap", () => this.swap(), "exchange A and B"), button("New pair", () => this.newPair(), "the codes of two random test images")),
      ),
      h("div", { className: "transport" }, this.play, this.kind.root, h("span", { className: "readout" }, "t = ", this.readout)),
      track,
      h("p", { className: "hint" }, "Where the path is far from every test code, no image taught the decoder what to draw there."),
    );
    this.slider.addEventListener("input", () => this.goTo(this.slider.valueAsNumber));
    this.slider.addEventListener("keydown", (event) => this.key(event));
    this.strip.canvas.addEventListener("click", (event) => this.goTo(this.strip.at(event) / (FRAMES - 1)));
    this.off = [session.on("ends", () => this.renew()), session.on("codes", () => this.begin()), session.on("z", () => this.locate())];
    this.sized = new ResizeObserver(() => this.fit(track));
    this.sized.observe(this.root);
    this.showPlaying();
    this.begin();
  }

  private end(which: "a" | "b", name: string): HTMLElement {
    const take = button(`${name} = z`, () => this.session.setEnd(which, this.session.z), `begin or end the walk at the current code: sets ${name}`);
    this.ends[which].canvas.addEventListener("click", () => this.goTo(which === "a" ? 0 : 1));
    return h("figure", { className: "end" }, this.ends[which].canvas, h("figcaption", {}, h("b", {}, name)), take);
  }

  /** Codes have come: without ends, walk from z, if it is anywhere, to a code that lies far from it. */
  private begin(): void {
    const { session } = this;
    const unset = ![...session.a, ...session.b].some(Boolean);
    if (unset && session.codes) {
      const nowhere = !session.z.some(Boolean);
      const a = nowhere ? session.codeOf(0)! : session.z.slice();
      const far = Array.from({ length: Math.min(200, session.model.count) }, (_, i) => session.codeOf(i)!).reduce((best, code) =>
        gap(code, a) > gap(best, a) ? code : best,
      );
      session.setEnd("a", a);
      session.setEnd("b", far);
      if (nowhere) this.goTo(0);
    } else this.renew();
  }

  /** Where on the path z is, if it is on it. */
  private locate(): void {
    const { a, b, pathKind, z } = this.session;
    const off = (t: number) => gap(along(a, b, t, pathKind), z);
    const near = 1e-6 * z.length; // links give four decimals
    let t = this.t;
    if (off(t) > near) {
      t = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1)).reduce((best, at) => (off(at) < off(best) ? at : best));
      for (let step = 1 / (POINTS - 1); step > 1e-6; step /= 2) t = [t - step, t, t + step].reduce((best, at) => (at >= 0 && at <= 1 && off(at) < off(best) ? at : best), t);
    }
    this.onPath = off(t) <= near;
    if (this.onPath) this.t = t;
    this.showPlace();
  }

  /** The slider and the readings; without a place on the path they claim none. */
  private showPlace(): void {
    this.slider.value = String(this.t);
    this.slider.setAttribute("aria-valuetext", this.onPath ? figure(this.t) : "z is not on the path");
    this.slider.classList.toggle("outside", !this.onPath);
    this.readout.value = this.onPath ? figure(this.t) : "–";
    this.curve.mark(this.onPath ? this.t : null);
  }

  private newPair(): void {
    const { session } = this;
    const code = () => session.codeOf(Math.floor(Math.random() * session.model.count));
    const [a, b] = [code(), code()];
    if (!a || !b) return;
    session.setEnd("a", a);
    session.setEnd("b", b);
  }

  private swap(): void {
    const { a, b } = this.session;
    this.session.setEnd("a", b);
    this.session.setEnd("b", a);
  }

  /** Ends or kind of path have changed. */
  private renew(): void {
    const { session } = this;
    const { a, b, engine, pathKind } = session;
    this.kind.set(pathKind);
    this.locate();
    const both = new Float32Array([...a, ...b]);
    const size = this.ends.a.shape[1] * this.ends.a.shape[2] * 4;
    engine.decodeMany([
      { channel: this.prefix + "strip", z: path(a, b, FRAMES, pathKind), count: FRAMES, row: this.strip.row, done: (rgba) => this.strip.paint(rgba) },
      {
        channel: this.prefix + "ends",
        z: both,
        count: 2,
        done: (rgba) => {
          this.ends.a.paint(rgba.slice(0, size));
          this.ends.b.paint(rgba.slice(size));
        },
      },
    ]);
    if (session.codes) engine.distances(this.prefix + "distance", path(a, b, POINTS, pathKind), POINTS, (distance) => this.curve.draw(distance));
  }

  private goTo(t: number): void {
    const { a, b, pathKind } = this.session;
    this.t = Math.max(0, Math.min(1, t));
    this.session.setZ(along(a, b, this.t, pathKind)); // and so hear where it is
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 0.05, ArrowUp: 0.05, ArrowLeft: -0.05, ArrowDown: -0.05, PageUp: 0.2, PageDown: -0.2 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.goTo(this.t + (event.shiftKey ? step / 5 : step));
  }

  private toggle(): void {
    if (this.timer) return this.stop();
    let last = performance.now();
    const frame = (now: number) => {
      const next = this.t + (this.direction * (now - last)) / 1000 / SECONDS;
      last = now;
      if (next >= 1 || next <= 0) this.direction = next >= 1 ? -1 : 1;
      this.goTo(next);
      // asked for less motion, the walk goes once to the end and rests
      if (calm() && next >= 1) this.stop();
      else this.timer = requestAnimationFrame(frame);
    };
    this.timer = requestAnimationFrame(frame);
    this.showPlaying();
  }

  private stop(): void {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.showPlaying();
  }

  private showPlaying(): void {
    const playing = this.timer !== 0;
    this.play.replaceChildren(icon(playing ? PAUSE : PLAY), playing ? " Pause" : " Play");
    this.play.setAttribute("aria-pressed", String(playing));
  }

  private fit(track: HTMLElement): void {
    this.strip.fit(Math.max(160, this.root.clientWidth), 72);
    const inset = (this.strip.cell - 16) / 2;
    this.slider.style.width = `${this.strip.width - 2 * inset}px`;
    this.slider.style.marginLeft = `${inset}px`;
    track.style.width = `${this.strip.width}px`;
    this.curve.resize(this.strip.width, this.strip.cell / 2);
    this.renew();
  }

  dispose(): void {
    this.stop();
    this.sized.disconnect();
    this.off.forEach((stop) => stop());
    this.session.engine.drop(this.prefix);
  }
}

const gap = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, k) => sum + (value - y[k]) ** 2, 0);
