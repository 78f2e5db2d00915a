import { diagonalLoss } from "../latent/rotation-loss";
import type { Rotation } from "../latent/rotation";
import type { Model } from "../schema";
import { figure, h } from "../ui/dom";

/** What rotating a model costs the objective it was trained on: nothing where q may have full covariance. */
export class RotationLoss {
  readonly root = h("p", { className: "rotation-loss", role: "status" });

  /** Without scales (N, d) the loss is not known yet; a plain autoencoder has no objective that could notice. */
  show(model: Model, scale: Float32Array | null, rotation: Rotation): void {
    const { beta, diagonal, latentSize } = model;
    const name = beta === null || beta === 1 ? "ELBO" : `objective −(distortion + ${beta}·rate)`;
    if (beta === null) return void this.root.replaceChildren(hint("A plain autoencoder has no prior and no q: nothing prefers any axes."));
    const unchanged = [name, hint(diagonal ? " with a full-covariance q " : ", q has full covariance: "), h("b", {}, "unchanged")];
    if (!diagonal) return void this.root.replaceChildren(...unchanged);
    const fall = scale ? beta * diagonalLoss(scale, latentSize, rotation) : NaN;
    const text = Number.isFinite(fall) ? figure(-fall, fall < 0.1 ? 3 : 2) : "…";
    this.root.replaceChildren(...unchanged, hint(" · with the best diagonal q "), h("b", { className: "figure" }, `${text} nats`), hint(" per image"));
  }
}

const hint = (text: string): HTMLElement => h("span", { className: "hint" }, text);

/** Why there are axes at all. */
export const WHY_AXES = "p(x) does not notice a rotation: N(0, I) is the same in every direction. Nor does the ELBO if q may have full covariance, because the rotated q is such a one. A diagonal q cannot follow where σ differs between the two dimensions, so the ELBO falls. That is why a VAE finds axes at all (Rolínek et al. 2019).";
