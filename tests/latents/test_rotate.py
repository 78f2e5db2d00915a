"""Turning a latent space: nothing that a likelihood sees changes, and what single dimensions mean is lost."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch.distributions import Distribution

from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.encode import encode, encode_means
from explorer.latents.rotate import lower_factor, plane_rotation, rotate_codes
from explorer.metrics.disentanglement.mig import entropy, mig, mutual_information
from explorer.metrics.likelihood import evaluate
from explorer.models import Autoencoder, standard_normal
from explorer.models.rotated import rotated
from tests.training.small import blobs, settings, train

SIDE = 20


def lattice() -> tuple[Autoencoder, ImageDataset]:
    """Images x = ½ + Wz of a 20 × 20 lattice of z, whose axes are the factors, and the linear VAE that restores z
    with deviations 0.1 and 0.2."""
    rng = np.random.default_rng(0)
    factors = np.indices((SIDE, SIDE)).reshape(2, -1).T
    z = (factors - (SIDE - 1) / 2) / factors.std()
    matrix = np.linalg.qr(rng.normal(size=(16, 2)))[0] * 0.3
    images = np.rint(255 * (0.5 + z @ matrix.T)).clip(0, 255).astype(np.uint8).reshape(-1, 1, 4, 4)
    every = np.arange(len(images))
    dataset = ImageDataset(
        "lattice", images, every, every, None, (), factors, ("row", "column"), (SIDE, SIDE)
    )
    config = settings(hidden=(), latent_size=2, likelihood="gaussian", variance=0.01)
    model = Autoencoder(config.model, (1, 4, 4))
    encoder, decoder = (m for m in model.modules() if isinstance(m, torch.nn.Linear))
    inverse = np.linalg.pinv(matrix)
    with torch.no_grad():
        encoder.weight.zero_()
        encoder.weight[:2] = torch.tensor(inverse)
        encoder.bias.copy_(torch.tensor([*(-0.5 * inverse.sum(1)), 2 * math.log(0.1), 2 * math.log(0.2)]))
        decoder.weight.copy_(torch.tensor(matrix))
        decoder.bias.fill_(0.5)
    return model, dataset


def test_turning_a_perfect_model_by_45_degrees_costs_its_mig_and_not_its_elbo() -> None:
    model, dataset = lattice()
    turned = rotated(model, plane_rotation(2, 0, 1, 45))
    assert dataset.factors is not None
    before, after = (
        mig(
            mutual_information(encode_means(m, dataset, dataset.test_index), dataset.factors),
            entropy(dataset.factors),
        )
        for m in (model, turned)
    )
    assert before > 0.9
    assert after < 0.05
    old, new = (evaluate(m, dataset, "none", samples=2000, images=50) for m in (model, turned))
    assert new.rate == pytest.approx(old.rate, abs=1e-4)
    assert old.elbo is not None
    assert new.elbo == pytest.approx(old.elbo, abs=0.2)  # each with its own draws from the posterior
    assert new.log_likelihood == pytest.approx(old.log_likelihood, abs=0.05)


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_every_term_of_the_elbo_is_unchanged_draw_by_draw(posterior: str) -> None:
    dataset = blobs()
    model = train(dataset, settings(posterior=posterior, latent_size=3, epochs=2)).model
    matrix = stats.ortho_group(3, seed=0).rvs()
    turned = rotated(model, matrix)
    x = torch.as_tensor(dataset.images[np.arange(20)] / 255, dtype=torch.float32)
    with torch.no_grad():
        q, q_turned = model.encode(x), turned.encode(x)
        z = q.sample((500,))
        z_turned = z @ torch.as_tensor(matrix, dtype=z.dtype).T

        def terms(m: Autoencoder, q: Distribution, z: torch.Tensor) -> list[torch.Tensor]:
            return [m.decode(z).log_prob(x), standard_normal(z).log_prob(z), q.log_prob(z)]

        for ours, theirs in zip(terms(model, q, z), terms(turned, q_turned, z_turned), strict=True):
            torch.testing.assert_close(ours, theirs, atol=2e-4, rtol=1e-5)
        prior = torch.randn(50, 3)
        torch.testing.assert_close(
            model.mean_image(prior @ torch.as_tensor(matrix).float()), turned.mean_image(prior)
        )


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
def test_codes_turn_as_the_model_does(posterior: str) -> None:
    dataset = blobs()
    model = train(dataset, settings(posterior=posterior, latent_size=3, epochs=2)).model
    matrix = plane_rotation(3, 0, 2, 30) @ plane_rotation(3, 1, 2, -70)
    index = dataset.test_index
    before, after = (
        rotate_codes(encode(model, dataset, index), matrix),
        encode(rotated(model, matrix), dataset, index),
    )
    for name, column in after.arrays().items():
        np.testing.assert_allclose(before.arrays()[name], column, atol=2e-5, err_msg=name)
    assert before.rate.sum() == pytest.approx(encode(model, dataset, index).rate.sum(), abs=1e-3)


def test_a_quarter_turn_moves_one_axis_onto_the_other() -> None:
    np.testing.assert_allclose(plane_rotation(3, 0, 2, 90) @ [1, 2, 0], [0, 2, 1], atol=1e-12)
    with pytest.raises(ExplorerError, match="two different dimensions from 0 to 2, not 1 and 1"):
        plane_rotation(3, 1, 1, 90)


def test_the_factor_is_that_of_cholesky() -> None:
    square = np.random.default_rng(0).normal(size=(5, 4, 4))
    np.testing.assert_allclose(lower_factor(square), np.linalg.cholesky(square @ square.mT), atol=1e-10)


def test_a_matrix_that_stretches_is_refused() -> None:
    model, _ = lattice()
    with pytest.raises(ExplorerError, match="orthogonal 2×2"):
        rotated(model, 2 * np.eye(2))
