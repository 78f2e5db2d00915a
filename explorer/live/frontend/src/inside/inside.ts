import { FrameLoop } from "../engine/frames";
import { fromRgba } from "../engine/pixels";
import type { Posterior } from "../engine/encoder";
import { draw } from "../latent/score";
import { standardNormal } from "../latent/vectors";
import { cached, type Library } from "../page/library";
import { keyed } from "../page/present";
import { View } from "../page/view";
import { button, Choice, h, messageOf } from "../ui/dom";
import { Compression } from "./compression";
import { Computation } from "./computation";
import { terms } from "./compute";
import { type Layer, Networks } from "./networks";
import type { Passage } from "./passage";

export type Part = "computation" | "compression";

/**
 * An image: its numbers (C, H, W) in [0, 1], where they are there, which stored code is its own, if one is, and its
 * class, which a conditional model is given.
 */
export interface Given {
  x: Float32Array | null;
  row: number | null;
  about: string;
  label?: number | undefined;
}

/** One of the models that an image can go through; all take the same images. */
export interface Subject {
  title: string;
  library: Library;
}

/** The computation of a model for one image, with every value on show, and what the image takes as a file and as a code. */
export class Inside extends View {
  readonly root: HTMLElement;
  private readonly computation = this.own(new Computation(this.model.imageShape, () => this.why, (k, value) => this.fix(k, value)));
  private readonly compression = this.own(new Compression(this.model.imageShape));
  private readonly networks = new Map<number, Promise<Networks>>();
  private readonly models = h("span", {});
  private readonly chance = [
    keyed("n", button("Draw ε again", () => this.again(), "another ε from N(0, I) (key n)")),
    keyed("0", button("ε = 0", () => this.set(new Float32Array(this.model.latentSize)), "z = μ (key 0)")),
  ];
  private readonly said = h("p", { className: "notice", role: "status" });
  private given: Given = { x: null, row: null, about: "" };
  private encoded: { posterior: Posterior; layers: Layer[] | null } | null = null;
  private loop: FrameLoop<{ image: Float32Array; layers: Layer[] }> | null = null;
  private passage: Passage | null = null;
  private seed = 1;
  private epsilon = standardNormal(this.model.latentSize, this.seed);
  private turn = 0;
  private shown: (() => void) | null = null;
  /** Resolves once there is something to see, or a sentence that says why not. */
  readonly ready = new Promise<void>((resolve) => (this.shown = resolve));

  /** `buttons` stand before those of ε. */
  constructor(private subjects: Subject[], private at: number, part: Part, ...buttons: HTMLElement[]) {
    super();
    const parts = new Choice<Part>("what to show", [["computation", "Computation"], ["compression", "Compression"]], part, (chosen) => this.turnTo(chosen));
    this.root = h("section", { className: "inside", "aria-label": "inside the model" }, h("header", {}, ...buttons, this.models, parts.root, h("div", { className: "actions" }, ...this.chance)), this.said, this.computation.root, this.compression.root);
    this.offer(subjects, at);
    this.turnTo(part);
    this.onDispose(
      () => this.loop?.stop(),
      () => this.networks.forEach((opened) => void opened.then((networks) => networks.dispose(), () => undefined)),
    );
  }

  /** Let an image go through these models; `at` is the one that is shown, which stays the same. */
  offer(subjects: Subject[], at: number): void {
    const before = this.networks.get(this.at);
    this.networks.clear();
    if (before) this.networks.set(at, before);
    [this.subjects, this.at] = [subjects, at];
    const options = subjects.map(({ title }, i) => [String(i), title] as const);
    this.models.replaceChildren(...(options.length > 1 ? [new Choice("model", options, String(at), (i) => void this.through(Number(i))).root] : []));
  }

  /** Let another image go through. */
  async show(given: Given): Promise<void> {
    this.given = given;
    await this.through(this.at);
  }

  /** The image of a stored code, drawn by a library: without numbers where the data set is not there. */
  static async stored(library: Library, row: number): Promise<Given> {
    const { imageShape, vision, labelNames } = library.model;
    const canvas = h("canvas", { width: imageShape[2], height: imageShape[1] });
    const [there, labels] = await Promise.all([library.drawOriginal(row, canvas), library.labels()]);
    const context = there ? canvas.getContext("2d", { willReadFrequently: true }) : null;
    const x = context && fromRgba(context.getImageData(0, 0, canvas.width, canvas.height).data, 1, imageShape);
    if (x && vision?.threshold) x.forEach((value, i) => (x[i] = Number(value > 0.5)));
    const label = labels ? ` · ${labelNames[labels[row]] ?? labels[row]}` : "";
    return { x, row, about: `test image ${row.toLocaleString("en")}${label}`, label: labels?.[row] };
  }

  private get model() {
    return this.subjects[this.at].library.model;
  }

  /** Why the encoder's layers are not shown. */
  private get why(): string {
    const stored = "μ and σ are the stored ones";
    if (!this.model.vision) return `The encoder did not come with this model, so its layers are not shown; ${stored}.`;
    return `The image is not here, so the encoder has nothing to see; ${stored}.`;
  }

  private turnTo(part: Part): void {
    this.root.dataset["part"] = part;
    if (this.passage) this.display(this.passage);
  }

  /** Only the part that is in sight is brought up to date: an image from a camera is another one at every frame. */
  private display(passage: Passage): void {
    if (this.root.dataset["part"] === "compression") return this.compression.show(passage);
    this.computation.about = this.given.about;
    this.computation.show(passage);
  }

  private again(): void {
    this.set(standardNormal(this.model.latentSize, ++this.seed));
  }

  private set(epsilon: Float32Array): void {
    this.epsilon = epsilon;
    this.decode();
  }

  private fix(k: number, value: number): void {
    this.epsilon = this.epsilon.with(k, value);
    this.decode();
  }

  /** Send the image through one of the models; of several requests the latest counts. */
  private async through(at: number): Promise<void> {
    const turn = ++this.turn;
    this.at = at;
    const { library } = this.subjects[at];
    const { model } = library;
    this.loop?.stop();
    for (const one of this.chance) one.disabled = model.beta === null;
    try {
      const networks = await cached(this.networks, at, () => Networks.open(model, library.base));
      const { x, row, label = 0 } = this.given;
      networks.label = label;
      const encoded = x && networks.sees ? await networks.encode(x) : row === null ? null : { posterior: await stored(library, row), layers: null };
      if (turn !== this.turn) return;
      if (!encoded) throw new Error("The encoder did not come with this model, and this image has no stored code; choose a test image.");
      this.said.textContent = "";
      this.encoded = encoded;
      this.loop = new FrameLoop((z) => networks.decode(z), (decoded, z) => this.paint(decoded, z), this.fail);
      this.decode();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  private readonly fail = (error: unknown): void => {
    this.said.textContent = messageOf(error);
    this.shown?.();
  };

  private decode(): void {
    if (!this.encoded) return;
    const { mean, scale, tril } = this.encoded.posterior;
    this.loop?.request(draw(mean, scale, tril, this.epsilon));
  }

  private paint({ image, layers }: { image: Float32Array; layers: Layer[] }, z: Float32Array): void {
    const { posterior, layers: encoderLayers } = this.encoded!;
    const { x } = this.given;
    const { model } = this;
    this.passage = { model, x, posterior, encoderLayers, epsilon: this.epsilon, z, decoderLayers: layers, decoded: image, terms: terms(model, x, image, posterior) };
    this.display(this.passage);
    this.shown?.();
  }
}

/** The stored posterior of a code. */
async function stored(library: Library, row: number): Promise<Posterior> {
  const { latentSize: d } = library.model;
  const [codes, scales] = await Promise.all([library.codes(), library.scales()]);
  return { mean: codes.slice(row * d, (row + 1) * d), scale: scales.slice(row * d, (row + 1) * d), tril: null };
}
