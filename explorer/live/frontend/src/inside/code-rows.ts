import type { Posterior } from "../engine/encoder";
import { dimensionName, orderDimensions } from "../latent/dimensions";
import { View } from "../page/view";
import type { Model } from "../schema";
import { figure, h, slider } from "../ui/dom";
import type { Reader, Reading } from "./reader";

/** The most dimensions that have a row: the most informative ones. */
const MOST = 10;
/** ε beyond this is as rare as one in 370; a slider ends there. */
const REACH = 3;

/** The axes of μ and z reach at least so far, so that one σ of the prior, 1, is on them. */
const LEAST = 1.5;

/** The code of one image: by what it was drawn, and what that costs. */
export interface Code {
  posterior: Posterior;
  epsilon: Float32Array;
  z: Float32Array;
  /** KL per dimension in nats; null of a plain autoencoder. */
  rates: number[] | null;
}

interface Row {
  k: number;
  mean: HTMLElement;
  whisker: HTMLElement;
  epsilon: HTMLInputElement;
  z: HTMLElement;
  number: HTMLElement;
  cost: HTMLElement;
}

const list = (values: ArrayLike<number>): string => `(${Array.from(values).slice(0, 6).map((value) => figure(value)).join(", ")}${values.length > 6 ? ", …" : ""})`;

/** One row per latent dimension: μ with its whiskers σ, ε on a slider, z, and what the dimension costs. */
export class CodeRows extends View {
  readonly root = h("div", { className: "code-rows" });
  private rows: Row[] = [];
  private rest: number[] = [];
  private readonly more = h("p", { className: "hint" });
  private model: Model | null = null;
  private code: Code | null = null;

  constructor(private readonly reader: Reader, private readonly moved: (k: number, epsilon: number) => void) {
    super();
  }

  show(model: Model, code: Code): void {
    this.code = code;
    if (model !== this.model) this.build(model);
    const { mean, scale } = code.posterior;
    const reach = Math.max(code.rates ? LEAST : 0, ...Array.from(mean, (value, k) => Math.abs(value) + REACH * scale[k]));
    this.root.style.setProperty("--prior", `${code.rates ? 50 / reach : 0}%`);
    const most = Math.max(1e-9, ...(code.rates ?? []));
    for (const row of this.rows) {
      const { k } = row;
      span(row.mean, 0, mean[k], reach);
      span(row.whisker, mean[k] - scale[k], mean[k] + scale[k], reach);
      span(row.z, 0, code.z[k], reach);
      row.number.textContent = figure(code.z[k]);
      if (row.epsilon.valueAsNumber !== code.epsilon[k]) row.epsilon.value = String(code.epsilon[k]);
      row.epsilon.classList.toggle("outside", Math.abs(code.epsilon[k]) > REACH);
      row.cost.style.width = `${(100 * (code.rates?.[k] ?? 0)) / most}%`;
    }
    const cost = code.rates ? `, ${figure(this.rest.reduce((sum, k) => sum + code.rates![k], 0))} nats together` : "";
    this.more.textContent = this.rest.length ? `and ${this.rest.length} more dimension${this.rest.length > 1 ? "s" : ""}${cost}` : "";
  }

  /** What z is, for the reader to begin with. */
  readonly readZ = (): Reading => {
    const plain = !this.code?.rates;
    return {
      title: "z",
      about: plain ? "the code: all that the decoder is told of the image" : "one draw from q(z|x), and all that the decoder is told of the image",
      formula: plain ? "z = f(x)" : this.code?.posterior.tril ? "z = μ + L·ε" : "z = μ + σ·ε",
      ...this.vector(this.code?.z),
    };
  };

  private build(model: Model): void {
    this.model = model;
    const { live, dead } = orderDimensions(model);
    const order = [...live, ...dead];
    this.rest = order.slice(MOST);
    this.rows = order.slice(0, MOST).map((k) => this.row(k));
    const plain = model.beta === null;
    this.root.classList.toggle("plain", plain);
    const heads = this.heads(model, plain);
    const ghost = h("p", { className: "ghost" }, "A plain autoencoder has no σ and draws no ε: its code is a point. So there is no rate either.");
    this.root.style.setProperty("--rows", String(this.rows.length + 1));
    this.root.replaceChildren(...heads, ...this.rows.flatMap((row) => this.cellsOf(row)), ...(plain ? [ghost] : []), this.more);
  }

  private heads(model: Model, plain: boolean): HTMLElement[] {
    const head = (name: string, read: () => Reading) => this.reader.attach(h("b", {}, name), name, read);
    const code = () => this.code!;
    if (plain) return [h("span", { className: "name" }), h("span", { className: "heads sum" }, head("z = f(x)", this.readZ))];
    const spread = model.diagonal ? "σ = exp(½ ln σ²), from the last layer" : "σₖ = length of row k of L,  Σ = L·Lᵀ";
    const mu = head("μ", () => ({ title: "μ", about: "the mean of q(z|x): the encoder's best guess of the code", formula: "μ = W·h + b", ...this.vector(code().posterior.mean) }));
    const sigma = head("σ", () => ({ title: "σ", about: "the width of q(z|x), which the whiskers show: the encoder's doubt", formula: spread, ...this.vector(code().posterior.scale) }));
    const epsilon = head("ε", () => ({ title: "ε", about: "chance, drawn anew at a click, or fixed by a slider. It is an input, so gradients reach μ and σ", formula: "ε ~ N(0, I)", ...this.vector(code().epsilon) }));
    const cost = head("rate", () => ({
      title: "rate per dimension",
      about: "what each dimension of the code costs, in nats",
      formula: "KLₖ = ½ (μₖ² + σₖ² − 1 − ln σₖ²)",
      ...this.vector(code().rates ?? []),
    }));
    const z = head(model.diagonal ? "z = μ + σ·ε" : "z = μ + L·ε", this.readZ);
    return [h("span", { className: "name" }), h("span", { className: "heads" }, mu, h("span", {}, "±"), sigma), ...[epsilon, z, cost].map((one) => h("span", { className: "heads" }, one))];
  }

  private row(k: number): Row {
    const bar = (className: string) => h("i", { className });
    const name = dimensionName(k);
    const epsilon = slider(`ε of ${name}`, { min: -REACH, max: REACH, step: "any", value: 0 }, (value) => this.moved(k, value));
    this.reader.attach(epsilon, "", () => this.readRow(k));
    return { k, mean: bar("mean"), whisker: bar("whisker"), epsilon, z: bar("mean"), number: h("output", { className: "figure" }), cost: bar("cost") };
  }

  private cellsOf({ k, mean, whisker, epsilon, z, number, cost }: Row): HTMLElement[] {
    const cell = (className: string, ...parts: HTMLElement[]) => {
      const element = h("span", { className }, ...parts);
      element.addEventListener("pointerenter", () => epsilon.dispatchEvent(new Event("pointerenter")));
      return element;
    };
    const plain = this.model!.beta === null;
    const label = h("span", { className: "name" }, dimensionName(k));
    if (plain) return [label, h("span", { className: "sum" }, cell("bars", mean), number)];
    return [label, cell("bars", mean, whisker), cell("chance", epsilon), h("span", { className: "sum" }, cell("bars", z), number), cell("cost-bar", cost)];
  }

  private readRow(k: number): Reading {
    const { posterior: { mean, scale }, epsilon, z, rates } = this.code!;
    const name = dimensionName(k);
    const title = this.model?.names?.[k] ? `${name}, ${this.model.names[k]}` : name;
    if (!rates) return { title, about: "one number of the code", value: figure(z[k]) };
    const sum = this.model!.diagonal ? `${name} = ${figure(mean[k])} + ${figure(scale[k])} · ${figure(epsilon[k])} = ${figure(z[k])}`.replace("+ −", "− ") : `${name} = ${figure(z[k])}`;
    return { title, about: "the slider fixes its ε", formula: sum, value: `μ ${figure(mean[k])} ± σ ${figure(scale[k], 3)}; it costs ${figure(rates[k])} nats` };
  }

  private vector(values: ArrayLike<number> = []): Pick<Reading, "shape" | "value"> {
    const d = values.length;
    return { shape: d === 1 ? "1 number" : `${d} numbers`, value: list(values) };
  }
}

/** Lay a bar from one value to another on an axis from −reach to reach. */
function span(bar: HTMLElement, from: number, to: number, reach: number): void {
  const place = (value: number) => 50 + (50 * Math.max(-reach, Math.min(reach, value))) / reach;
  const [low, high] = [place(Math.min(from, to)), place(Math.max(from, to))];
  bar.style.left = `${low}%`;
  bar.style.width = `${high - low}%`;
}
