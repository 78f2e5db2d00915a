"""What rotating two latent axes costs a diagonal posterior: the dial's formula beside a posterior that is fitted again.

    python -m benchmarks.rotation [--images 50] [--json FILE] [NAME ...]

The two dimensions with the highest rate are rotated by 45°. For every image a diagonal Gaussian is fitted to
the objective log p(x|z) − β · KL, once before the rotation and once after it, by gradient ascent with common
draws; the difference of the two optima is the cost. The formula is that of the dial on Compare
(docs/comparing.md), with the deviations of the first fit: β · ½ (Σ ln Λ′ₖₖ − ln det Λ). It assumes that log
p(x, z) is quadratic where q has its mass; a fit can move to where it is not.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
import torch
from torch import Tensor

from benchmarks import results
from explorer import environment, store
from explorer.data.dataset import materialise
from explorer.models import Autoencoder
from explorer.store.originals import load_images
from explorer.store.weights import load_model

MODELS = ("digits-vae-z10", "mnist-vae-z10", "mnist-vae-beta4-z10")
ANGLE = math.pi / 4
STEPS, RATE, DRAWS = 600, 3e-2, 16
BLOCKS, BLOCK = 40, 100  # draws that measure an optimum


class Fit:
    """Diagonal posteriors N(mean, scale²), `(N, d)`, of images x `(N, C, H, W)`, and their objective in nats, `(N,)`.

    rotation `(d, d)`: a row vector z of the rotated space is z @ rotation before it.
    """

    def __init__(
        self, model: Autoencoder, x: Tensor, beta: float, rotation: Tensor, mean: Tensor, scale: Tensor
    ) -> None:
        self.model, self.x, self.beta, self.rotation = model, x, beta, rotation
        self.mean = mean.clone().requires_grad_()
        self.log_scale = scale.log().requires_grad_()
        optimizer = torch.optim.Adam([self.mean, self.log_scale], lr=RATE)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
        generator = torch.Generator().manual_seed(0)
        for _ in range(STEPS):
            loss = -(self._log_likelihood(DRAWS, generator) - beta * self._rate()).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        with torch.no_grad():
            generator = torch.Generator().manual_seed(1)
            draws = [self._log_likelihood(BLOCK, generator) for _ in range(BLOCKS)]
            self.objective = torch.stack(draws).mean(0) - beta * self._rate()

    def _log_likelihood(self, draws: int, generator: torch.Generator) -> Tensor:
        half = torch.randn(draws // 2, *self.mean.shape, generator=generator)
        z = self.mean + self.log_scale.exp() * torch.cat([half, -half])
        mean: Tensor = self.model.decode(z @ self.rotation).log_prob(self.x).mean(0)
        return mean

    def _rate(self) -> Tensor:
        log_variance = 2 * self.log_scale
        return 0.5 * (self.mean.square() + log_variance.exp() - 1 - log_variance).sum(1)


def cost(name: str, count: int) -> dict[str, float]:
    """Nats per image that the rotation costs: `fit` with its standard `error` over images, and `formula`."""
    checkpoint = store.open_checkpoint(environment.checkpoints_folder() / name)
    codes, manifest = checkpoint.codes, checkpoint.manifest
    model = load_model(checkpoint).eval().requires_grad_(False)
    images = materialise(load_images(checkpoint).images, codes.index[:count])
    x = torch.from_numpy(images).float() / 255
    if manifest.data.binarize != "none":
        x = (x > 0.5).float()
    i, j = np.argsort(-codes.rate.mean(0))[:2]
    d, beta = codes.mean.shape[1], manifest.objective.beta
    turn = torch.eye(d)
    turn[i, i] = turn[j, j] = math.cos(ANGLE)
    turn[i, j], turn[j, i] = -math.sin(ANGLE), math.sin(ANGLE)
    mean, scale = torch.from_numpy(codes.mean[:count]), torch.from_numpy(codes.scale[:count])
    before = Fit(model, x, beta, torch.eye(d), mean, scale)
    deviation = before.log_scale.detach().exp()
    precision = deviation.pow(-2)
    turned = precision @ turn.square().T  # of the best diagonal posterior after the rotation
    after = Fit(model, x, beta, turn, before.mean.detach() @ turn.T, turned.rsqrt())
    lost = before.objective - after.objective
    formula = 0.5 * beta * (turned.log() - precision.log()).sum(1)
    return {
        "fit": lost.mean().item(),
        "error": (lost.std() / math.sqrt(len(lost))).item(),
        "formula": formula.mean().item(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="checkpoints (default: three that ship)")
    parser.add_argument("--images", type=int, default=50)
    results.add_option(parser)
    options = parser.parse_args()
    figures = {}
    for name in options.names or MODELS:
        row = figures[name] = cost(name, options.images)
        print(
            f"{name:24} fitted again {row['fit']:6.3f} ± {row['error']:.3f} nats, formula {row['formula']:6.3f}"
        )
    results.keep(options.json, figures)


if __name__ == "__main__":
    main()
