import { fromRgba, toRgba } from "../engine/pixels";
import { bits } from "../latent/score";
import { View } from "../page/view";
import type { Model } from "../schema";
import { figure, h, messageOf, slider } from "../ui/dom";
import { Picture } from "../ui/picture";
import { type Format, write } from "./codec";
import { blackAndWhite, decibels, squaredError } from "./compute";
import type { Passage } from "./passage";
import { nats } from "./sum";

const SIDE = 220;
const QUALITY = 50;

/** One way to keep an image: what it takes, and what comes back. */
class Way {
  readonly picture: Picture;
  readonly size = h("output", { className: "figure size" }, "…");
  readonly bits = h("small", { className: "figure" });
  readonly how = h("small", {});
  readonly restores = h("p", { className: "restores" });
  private readonly bar = h("i", {});
  /** Bits. */
  taken = 0;
  readonly root: HTMLElement;

  constructor(className: string, name: string, shape: Model["imageShape"], ...more: Node[]) {
    this.picture = new Picture(shape, SIDE, `what ${name} restores`);
    this.root = h("figure", { className: `way-of awaited ${className}` }, h("h4", {}, name), this.picture.canvas, this.restores, h("div", { className: "amount" }, this.bar), h("p", {}, this.size, " ", this.bits), this.how, ...more);
  }

  /** It takes so many bits. */
  amount(count: number, text: string): void {
    this.taken = count;
    this.size.value = text;
    this.bits.textContent = `= ${counted(Math.round(count), "bit")}`;
  }

  /** Show what it takes against the most that any way does. */
  against(most: number): void {
    this.bar.style.width = `${(100 * this.taken) / most}%`;
  }

  /** Show what is restored of x. */
  restore(x: Float32Array, restored: Float32Array): void {
    this.picture.paint(toRgba(restored, 1, this.picture.shape));
    const error = squaredError(x, restored);
    this.root.classList.remove("awaited");
    this.restores.textContent = error < 1e-12 ? "restores it exactly" : `error ${figure(error, 4)}, ${figure(decibels(error), 1)} dB`;
  }
}

const counted = (count: number, what: string): string => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
const bytes = (count: number): string => counted(count, "byte");

/** What an image takes as numbers, as PNG, as JPEG and as a code, and what each of them restores. */
export class Compression extends View {
  private readonly raw = new Way("as-numbers", "x", this.shape);
  private readonly png = new Way("as-png", "PNG", this.shape);
  private readonly code = new Way("as-code", "code", this.shape);
  private readonly note = h("p", { className: "hint" });
  private readonly trouble = h("p", { className: "notice", role: "status" });
  private readonly quality = slider("quality of the JPEG", { min: 1, max: 100, step: 1, value: QUALITY }, () => void this.files());
  private readonly chosen = h("output", { className: "figure" });
  private readonly source = h("canvas", {});
  private passage: Passage | null = null;
  private turn = 0;
  private readonly jpeg = new Way("as-jpeg", "JPEG", this.shape, h("label", { className: "labelled-slider" }, h("span", {}, "quality"), this.quality, this.chosen));
  readonly root = h("div", { className: "compression" }, this.trouble, h("div", { className: "ways" }, ...[this.raw, this.png, this.jpeg, this.code].map(({ root }) => root)), this.note);

  constructor(private readonly shape: Model["imageShape"]) {
    super();
    [this.source.height, this.source.width] = [shape[1], shape[2]];
  }

  show(passage: Passage): void {
    const { x, model, decoded, terms, z } = passage;
    const another = x !== this.passage?.x;
    this.passage = passage;
    this.trouble.textContent = x ? "" : "The image itself is not here, so there is nothing to compress.";
    if (!x) return;
    const whole = 8 * x.length;
    this.raw.amount(whole, bytes(x.length));
    this.raw.how.textContent = `${this.shape.join("×")} numbers of one byte`;
    this.raw.restore(x, x);
    if (terms.rate === null) {
      this.code.amount(32 * z.length, bytes(4 * z.length));
      this.code.how.textContent = `${z.length} numbers of four bytes: without a prior and without σ, nothing says how few would do`;
    } else {
      this.code.amount(bits(terms.rate), bytes(Math.ceil(bits(terms.rate) / 8)));
      this.code.how.textContent = `rate ${nats(terms.rate)} nats / ln 2`;
    }
    this.code.restore(x, decoded);
    this.note.textContent = this.explained(model, x);
    this.compare();
    if (another) void this.files();
  }

  private explained(model: Model, x: Float32Array): string {
    const loss = this.passage!.terms;
    const exactly =
      model.beta !== null && blackAndWhite(x) && model.vision?.likelihood === "bernoulli"
        ? ` With −log₂ p(x|z), ${figure(bits(loss.distortion), 0)} bits more, it restores every pixel: ${figure(bits(loss.distortion + loss.rate!), 0)} bits in all.`
        : "";
    const cost = model.beta === null ? "" : " The rate is what a code costs with bits back: sender and receiver share the model, whose weights are not counted.";
    return `JPEG and the code lose something: compare what they restore. An image this small is hard on files, which begin with a head.${cost}${exactly}`;
  }

  /** Write the files anew; of several at once the latest counts. */
  private async files(): Promise<void> {
    const { x } = this.passage ?? {};
    this.chosen.value = this.quality.value;
    if (!x) return;
    const turn = ++this.turn;
    try {
      this.source.getContext("2d", { alpha: false })!.putImageData(new ImageData(toRgba(x, 1, this.shape), this.shape[2], this.shape[1]), 0, 0);
      for (const [way, format] of [[this.png, "image/png"], [this.jpeg, "image/jpeg"]] as const) await this.file(way, format, x, () => turn === this.turn);
    } catch (error) {
      this.trouble.textContent = messageOf(error);
    }
  }

  private async file(way: Way, format: Format, x: Float32Array, still: () => boolean): Promise<void> {
    const written = await write(this.source, format, this.quality.valueAsNumber / 100);
    const back = await createImageBitmap(written.file);
    if (!still()) return back.close();
    const canvas = h("canvas", { width: back.width, height: back.height });
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(back, 0, 0);
    back.close();
    const restored = fromRgba(context.getImageData(0, 0, canvas.width, canvas.height).data, 1, this.shape);
    way.amount(8 * written.bytes, bytes(written.bytes));
    way.how.textContent = `${written.pixels.toLocaleString("en")} of them for the pixels, the rest is the file's head`;
    way.restore(x, restored);
    this.compare();
  }

  private compare(): void {
    const ways = [this.raw, this.png, this.jpeg, this.code];
    const most = Math.max(...ways.map(({ taken }) => taken));
    for (const way of ways) way.against(most);
  }
}
