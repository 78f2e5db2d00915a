import { dimensionName } from "../latent/dimensions";
import { RotationLoss, WHY_AXES } from "../page/rotation-loss";
import { View } from "../page/view";
import { button, figure, h, menu, slider } from "../ui/dom";
import { gap, mutualInformation } from "./information";
import type { CompareStore } from "./store";

/** An orthogonal rotation of two latent dimensions of one model. */
export class RotationPanel extends View {
  private readonly choices = h("span", { className: "controls-line" });
  private readonly dial = slider("rotation of two latent dimensions, degrees", { min: 0, max: 90, step: 1, value: this.store.rotation?.degrees ?? 0 }, () => this.rotate());
  private readonly angle = h("output", { className: "figure" });
  private readonly loss = new RotationLoss();
  private readonly status = h("p", { className: "hint", role: "status" });
  /** Index of the model. */
  private model: number = this.store.rotation?.model ?? this.store.reference;
  private pair: [number, number];
  private trained: { key: string; mig: number } | null = null;
  readonly root = h(
    "details",
    { className: "rotation", open: !!this.store.rotation },
    h("summary", {}, "Rotate the latents of one model"),
    h("div", { className: "controls-line" }, this.choices, this.dial, this.angle, button("to 45°", () => this.set(45)), button("back to 0°", () => this.set(0))),
    this.loss.root,
    h("p", { className: "hint" }, `R is applied after the encoder and Rᵀ before the decoder: reconstructions and the distribution of samples stay, traversals and MIG do not. ${WHY_AXES}`),
    this.status,
  );

  constructor(private readonly store: CompareStore) {
    super();
    const { rotation } = store;
    this.pair = rotation ? [rotation.i, rotation.j] : this.strongest();
    this.dial.addEventListener("dblclick", () => this.set(0));
    this.onDispose(
      ...(["rotation", "factors", "codes"] as const).map((topic) => store.on(topic, () => this.show())),
      store.on("reference", () => this.fill()),
    );
    this.fill();
    this.show();
  }

  private strongest(): [number, number] {
    const { order } = this.store.match(this.model);
    const [a, b] = this.store.dimensions;
    return [order[a], order[b ?? a]];
  }

  private fill(): void {
    const { store } = this;
    const { models } = store.data;
    const model = menu("model to rotate", models.map((m, i) => [String(i), m.title]), String(this.model), (i) => {
      this.model = Number(i);
      this.pair = this.strongest();
      this.fill();
      this.rotate();
    });
    const { order } = store.match(this.model);
    const options = store.dimensions.map((k) => [String(order[k]), dimensionName(order[k])] as const);
    const dimension = (which: 0 | 1) =>
      menu(`${which ? "second" : "first"} rotated dimension`, options, String(this.pair[which]), (j) => {
        if (Number(j) === this.pair[1 - which]) this.pair.reverse(); // keep them different
        else this.pair[which] = Number(j);
        this.fill();
        this.rotate();
      });
    this.choices.replaceChildren(model, dimension(0), h("span", { className: "hint" }, "and"), dimension(1));
  }

  private set(degrees: number): void {
    this.dial.value = String(degrees);
    this.rotate();
  }

  private rotate(): void {
    const [i, j] = this.pair;
    if (i !== j) this.store.setRotation({ model: this.model, i, j, degrees: this.dial.valueAsNumber });
  }

  private show(): void {
    const { store } = this;
    const degrees = this.dial.valueAsNumber;
    this.angle.value = `${degrees}°`;
    const live = store.liveModels[this.model];
    const { title, elbo } = live.model;
    const [i, j] = this.pair;
    this.loss.show(live.model, live.scales, { i, j, degrees });
    const information = live.informationOn(store.factors);
    const before = information && degrees ? ` (${figure(this.before(), 3)} as trained)` : "";
    const mig = information ? `MIG ${figure(gap(information), 3)}${before}${store.factors.length < 2 ? " (of the class alone)" : ""}` : "";
    const trained = elbo === null ? "" : `ELBO ${figure(elbo, 1)} nats as trained`;
    this.status.textContent = `${title} at ${degrees}°: ${[mig, trained].filter(Boolean).join("; ")}`.replace(/: $/, "");
  }

  /** MIG of the unrotated codes. */
  private before(): number {
    const { store } = this;
    const live = store.liveModels[this.model];
    const key = `${this.model} ${this.pair} ${store.factors.length}`;
    if (this.trained?.key === key) return this.trained.mig;
    const { table, entropy } = live.informationOn(store.factors)!;
    const rows = table.map((row) => row.slice());
    for (const k of this.pair) {
      const code = Float32Array.from({ length: live.means!.length / live.d }, (_, i) => live.means![i * live.d + k]);
      store.factors.forEach((factor, f) => (rows[f][k] = mutualInformation(code, factor)));
    }
    this.trained = { key, mig: gap({ table: rows, entropy }) };
    return this.trained.mig;
  }
}
