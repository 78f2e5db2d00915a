"""Likelihoods: decoder output `(..., C, H, W)` -> p(x|z), a distribution over whole images.

`log_prob` of the returned distribution is in nats per image (summed over channels and pixels).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, ContinuousBernoulli, Distribution, Independent, Normal

from explorer.config import ModelConfig


def _image(pixels: Distribution) -> Independent:
    return Independent(pixels, 3, validate_args=False)


class BernoulliPixels(nn.Module):
    """Bernoulli pixels with the output as logits: −log p is the binary cross entropy.

    Grey values in [0, 1] are accepted as probabilities of white, as the literature does.
    """

    def forward(self, output: Tensor) -> Independent:
        return _image(Bernoulli(logits=output, validate_args=False))


class ContinuousBernoulliPixels(nn.Module):
    """A true density on [0, 1] for grey values (Loaiza-Ganem & Cunningham 2019), the output as logits."""

    def forward(self, output: Tensor) -> Independent:
        return _image(ContinuousBernoulli(logits=output, validate_args=False))


class GaussianPixels(nn.Module):
    """N(output, variance), one variance for all pixels, fixed or learned.

    With variance 1/2, −log p is the sum of squared errors plus the constant ½·C·H·W·log π.
    A learned variance is the scalar of Rybkin et al. 2021 (σ-VAE); in a linear model, probabilistic PCA's.
    """

    def __init__(self, variance: float, learned: bool) -> None:
        super().__init__()
        self.log_variance = nn.Parameter(torch.tensor(float(variance)).log(), requires_grad=learned)

    def forward(self, output: Tensor) -> Independent:
        scale = (0.5 * self.log_variance).exp()
        return _image(Normal(output, scale, validate_args=False))


def build_likelihood(config: ModelConfig) -> nn.Module:
    """The likelihood that `config` names."""
    match config.likelihood:
        case "bernoulli":
            return BernoulliPixels()
        case "continuous-bernoulli":
            return ContinuousBernoulliPixels()
        case "gaussian" | "learned-gaussian":
            return GaussianPixels(config.variance, learned=config.likelihood == "learned-gaussian")
