import { bits } from "../latent/score";
import type { Vision } from "../schema";
import { figure, h } from "../ui/dom";
import { blackAndWhite, squaredError } from "./compute";
import type { Passage } from "./passage";
import type { Reader, Reading } from "./reader";

/** −ln p(x|z) of a model's pixels, and their mean, by the decoder's last layer a. */
export function likelihoodOf({ likelihood, variance }: Vision): { distortion: string; mean: string } {
  const gaussian = { distortion: `D = Σᵢ (xᵢ − x̂ᵢ)² / 2v + ½ ln 2πv,  v = ${Number(variance.toPrecision(3))}`, mean: "x̂ = a = w·h + b, kept within 0 and 1" };
  return {
    bernoulli: { distortion: "D = −Σᵢ xᵢ ln x̂ᵢ + (1 − xᵢ) ln(1 − x̂ᵢ)", mean: "x̂ = sigmoid(a),  a = w·h + b" },
    gaussian,
    "learned-gaussian": gaussian,
    "continuous-bernoulli": { distortion: "D = −Σᵢ ln CB(xᵢ; aᵢ)", mean: "x̂ = ½ + ½ (coth ½a − 2/a),  a = w·h + b" },
  }[likelihood];
}

/** Nats as they are read from the last row: whole numbers from a thousand on. */
export const nats = (value: number): string => (Math.abs(value) < 1000 ? figure(value, 1) : Number.isFinite(value) ? Math.round(value).toLocaleString("en").replace("-", "−") : "–");

/** A number of the sum, under what it is called. */
class Term {
  readonly value = h("output", { className: "figure" });
  readonly unit = h("span", { className: "unit" }, " nats");
  readonly more = h("small", {});
  readonly root: HTMLElement;

  constructor(className: string, name: string) {
    this.root = h("div", { className: `nats ${className}` }, h("b", {}, name), h("span", {}, this.value, this.unit), this.more);
  }
}

/** The two terms of the loss, and where they meet. */
export class Sum {
  readonly rate = new Term("rate-term", "rate");
  readonly weighted = new Term("rate-term weighted", "β · rate");
  readonly distortion = new Term("distortion-term", "distortion");
  readonly loss = new Term("loss-term", "loss");
  private readonly shares = h("div", { className: "shares", "aria-hidden": "true" }, h("i", { className: "of-rate" }), h("i", { className: "of-distortion" }));
  private passage: Passage | null = null;

  constructor(reader: Reader) {
    reader.attach(this.rate.root, "rate", () => this.readRate());
    reader.attach(this.weighted.root, "β times rate", () => this.readBeta());
    reader.attach(this.distortion.root, "distortion", () => this.readDistortion());
    reader.attach(this.loss.root, "loss", () => this.readLoss());
    this.loss.root.append(this.shares);
  }

  show(passage: Passage): void {
    this.passage = passage;
    const { model, terms } = passage;
    const plain = terms.rate === null;
    for (const { root } of [this.rate, this.weighted]) root.classList.toggle("ghost", plain);
    for (const { unit } of [this.rate, this.weighted]) unit.hidden = plain;
    this.rate.value.value = plain ? "none" : nats(terms.rate!);
    this.rate.more.textContent = plain ? "no prior to stay close to" : `KL(q‖p) = ${figure(bits(terms.rate!), 1)} bits`;
    this.weighted.value.value = plain ? "none" : nats(model.beta! * terms.rate!);
    this.weighted.more.textContent = plain ? "no β" : `β = ${model.beta}`;
    this.distortion.value.value = nats(terms.distortion);
    this.distortion.more.textContent = Number.isFinite(terms.distortion) ? "−ln p(x|z)" : "needs x and p(x|z)";
    this.loss.value.value = nats(terms.loss);
    this.loss.more.textContent = plain ? "distortion alone" : model.beta === 1 ? "distortion + rate" : "distortion + β · rate";
    const share = plain ? 0 : (model.beta! * terms.rate!) / terms.loss;
    this.shares.hidden = !(terms.distortion >= 0 && share >= 0); // of a density, the distortion can be negative
    this.shares.style.setProperty("--of-rate", String(share));
  }

  private readRate(): Reading {
    const { terms } = this.passage!;
    if (terms.rate === null) return { title: "No rate", about: "a plain autoencoder has no prior, so nothing says where codes should lie, or what one costs" };
    return {
      title: "Rate",
      about: "what the code costs: how far q(z|x) is from the prior N(0, I)",
      formula: "R = KL(q‖p) = ½ Σₖ (μₖ² + σₖ² − 1 − ln σₖ²)",
      value: `${figure(terms.rate, 3)} nats / ln 2 = ${figure(bits(terms.rate), 2)} bits`,
    };
  }

  private readBeta(): Reading {
    const { model, terms } = this.passage!;
    if (terms.rate === null) return { title: "No β", about: "β weighs the rate, and there is none" };
    return {
      title: "β",
      about: model.beta === 1 ? "1, so this is a VAE: the loss is minus the ELBO" : "scales the rate: the larger it is, the less codes may say",
      formula: "loss = D + β·R",
      value: `${model.beta} · ${figure(terms.rate, 2)} = ${figure(model.beta! * terms.rate, 2)} nats`,
    };
  }

  private readDistortion(): Reading {
    const { model, x, decoded, terms } = this.passage!;
    if (!Number.isFinite(terms.distortion)) return { title: "Distortion", about: x ? "the model came without its p(x|z), so it cannot be computed" : "the image is not there, so it cannot be compared" };
    return {
      title: "Distortion",
      about: `how badly this z restores x${model.beta === null ? "" : "; training averages it over draws of ε"}`,
      formula: likelihoodOf(model.vision!).distortion,
      value: `${figure(terms.distortion, 2)} nats over ${decoded.length.toLocaleString("en")} numbers; mean squared error ${figure(squaredError(x!, decoded), 4)}`,
    };
  }

  private readLoss(): Reading {
    const { model, x, terms } = this.passage!;
    const exact = model.beta === 1 && x && blackAndWhite(x) && model.vision?.likelihood === "bernoulli";
    return {
      title: "Loss",
      about: model.beta === null ? "what training lowers: the distortion alone" : `what training lowers, for this image and this ε${model.beta === 1 ? ": minus the ELBO" : ""}`,
      formula: model.beta === null ? "loss = D" : "loss = D + β·R",
      value: exact ? `${figure(terms.loss, 2)} nats: with ${figure(bits(terms.loss), 0)} bits x is restored exactly` : `${figure(terms.loss, 2)} nats`,
    };
  }
}
