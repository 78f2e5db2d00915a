"""A linear model of a range of β, against its closed form at every β.

With a Gaussian likelihood of fixed variance σ², the loss divided by β is that of a linear VAE with variance βσ², which
is probabilistic PCA (Tipping & Bishop 1999; Lucas et al. 2019): with λ_i the eigenvalues of the data's covariance,
direction i lives if λ_i > βσ², with a rate of ½ log λ_i/βσ² and a squared error of βσ²; of all others λ_i is the error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from explorer import data
from explorer.config import DataConfig
from explorer.models import Autoencoder
from explorer.objectives import rate_per_dimension
from tests.training.small import settings, train

LATENT, VARIANCE = 6, 0.0613  # 6, 6, 5, 3 and 0 directions live
BETAS = [1, 2, 4, 8, 16]
LIVE = 0.02
"""Nats from which a direction counts as living: the least of those that live has 0.04."""
SEPARATE = 3
"""Axes before a wide gap. Those within a narrow one turn into place very slowly (Bao et al. 2020)."""


@dataclass(frozen=True)
class Truth:
    """Eigenvalues, largest first, and eigenvectors `(pixels, pixels)` of the training images `(N, pixels)`."""

    images: torch.Tensor
    values: np.ndarray
    axes: np.ndarray

    def rates(self, beta: float) -> np.ndarray:
        """Of the directions that live, in nats."""
        values = self.values[:LATENT]
        rates: np.ndarray = 0.5 * np.log(values[values > beta * VARIANCE] / (beta * VARIANCE))
        return rates

    def loss(self, beta: float) -> float:
        """Squared error / 2σ² + β · rate in nats, without the constant of the density."""
        rates = self.rates(beta)
        error = len(rates) * beta * VARIANCE + self.values[len(rates) :].sum()
        return float(error / (2 * VARIANCE) + beta * rates.sum())


@pytest.fixture(scope="module")
def truth() -> Truth:
    digits = data.load(DataConfig(data="digits"))
    images = torch.tensor(digits.images[digits.train_index]).float() / 255
    values, axes = np.linalg.eigh(np.cov(images.flatten(1).double().numpy().T, bias=True))
    return Truth(images, values[::-1], axes[:, ::-1])


@pytest.fixture(scope="module")
def model() -> Autoencoder:
    """Pretrained as a linear autoencoder, which spares it the long way out of the origin."""
    config = settings(
        hidden=(),
        latent_size=LATENT,
        likelihood="gaussian",
        variance=VARIANCE,
        beta_range=(0.5, 16),  # the smallest β is the plain network, which is learned from its images alone
        pretrain_epochs=30,
        epochs=300,
        batch_size=64,
        learning_rate=2e-2,
        schedule="cosine",
    )
    return train(data.load(config.data), config).model.eval()


def decoder_matrix(model: Autoencoder, beta: float) -> torch.Tensor:
    """`(pixels, d)`."""
    codes = torch.cat([torch.zeros(1, LATENT), torch.eye(LATENT)])
    images = model.decode(codes, beta).mean.flatten(1)
    return (images[1:] - images[0]).T


@pytest.mark.parametrize("beta", BETAS)
@torch.no_grad()
def test_it_reaches_the_closed_form_at_every_beta(beta: float, truth: Truth, model: Autoencoder) -> None:
    q, matrix = model.encode(truth.images, beta), decoder_matrix(model, beta)
    rates = rate_per_dimension(q).mean(0)
    at_mean = (truth.images - model.decode(q.mean, beta).mean).square().flatten(1).sum(1).mean()
    spread = (q.variance.mean(0) * matrix.square().sum(0)).sum()  # of a linear decoder, exactly
    loss = (at_mean + spread) / (2 * VARIANCE) + beta * rates.sum()
    assert loss.item() == pytest.approx(truth.loss(beta), rel=0.01)
    assert loss.item() > truth.loss(beta) - 1e-3  # nothing is better
    expected = truth.rates(beta)
    order = rates.argsort(descending=True)
    assert (rates > LIVE).sum() == len(expected)
    np.testing.assert_allclose(rates[order][: len(expected)], expected, atol=0.1)
    if len(expected) >= SEPARATE:
        found = subspace_angles(matrix[:, order[:SEPARATE]].numpy(), truth.axes[:, :SEPARATE])
        assert np.degrees(found).max() < 5
