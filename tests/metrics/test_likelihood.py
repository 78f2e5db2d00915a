"""The likelihood report against NumPy, and a trained linear VAE against probabilistic PCA."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from explorer.config import ModelConfig, ObjectiveConfig
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.codes import active_units
from explorer.metrics import likelihood as likelihood_module
from explorer.metrics.likelihood import compute_likelihood, compute_log_likelihood
from explorer.models import Autoencoder
from explorer.objectives import compute_loss
from tests.training.small import anneal, blobs


def untrained(posterior: str = "diagonal", likelihood: str = "bernoulli", d: int = 3) -> Autoencoder:
    torch.manual_seed(3)
    flat = {"latent_size": d, "posterior": posterior, "likelihood": likelihood, "hidden": (6,)}
    return Autoencoder(ModelConfig.model_validate(flat), (1, 4, 4))


def images(count: int = 10) -> torch.Tensor:
    return torch.rand(count, 1, 4, 4, generator=torch.Generator().manual_seed(5))


# --- importance sampling ---


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
@pytest.mark.parametrize("samples", [1, 6])
def test_log_likelihood_is_its_formula(posterior: str, samples: int) -> None:
    """log (1/L) Σ p(x|z) p(z) / q(z|x); with L = 1 the integrand of the ELBO."""
    model, x = untrained(posterior), images()
    torch.manual_seed(1)
    value = compute_log_likelihood(model, x, samples)
    torch.manual_seed(1)
    with torch.no_grad():
        q = model.encode(x)
        z = q.rsample((samples,))
        log_p_x = torch.stack([model.decode(row).log_prob(x) for row in z]).double().numpy()
        log_q = q.log_prob(z).double().numpy()
    log_p_z = (-0.5 * z.double().numpy() ** 2 - 0.5 * np.log(2 * np.pi)).sum(-1)
    expected = np.log(np.exp(log_p_x + log_p_z - log_q).mean(0))
    np.testing.assert_allclose(value.numpy(), expected, rtol=1e-4)


@pytest.mark.parametrize("cells", [160, 320, 1600])
def test_chunks_do_not_show(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,600 decoded codes at once, or 16 draws for 10 images at a time."""
    model, x = untrained(d=4), images()
    torch.manual_seed(1)
    whole = compute_log_likelihood(model, x, 160)
    monkeypatch.setattr(likelihood_module, "IMPORTANCE_CELLS", cells)
    torch.manual_seed(1)
    torch.testing.assert_close(compute_log_likelihood(model, x, 160), whole)


def test_many_pixels_do_not_underflow() -> None:
    """Weights of e^-3000 are beyond float32 and float64; log-sum-exp does not mind."""
    model = untrained("diagonal", "gaussian")
    with torch.no_grad():
        model.likelihood.log_variance.fill_(math.log(1e-3))  # type: ignore[operator]
        value = compute_log_likelihood(model, images(), 20)
    assert torch.isfinite(value).all()
    assert value.max() < -750


# --- the report ---


def dataset(count: int = 60) -> ImageDataset:
    return blobs(count)


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
def test_the_report_agrees_with_the_objective(posterior: str) -> None:
    data, model = dataset(), untrained(posterior)
    report = compute_likelihood(model, data, seed=4)
    x = torch.from_numpy(np.asarray(data.images[data.test_index])).float() / 255
    torch.manual_seed(4)
    with torch.no_grad():
        terms = compute_loss(ObjectiveConfig(), model, x, x)
    assert report.images == 12
    assert report.distortion == pytest.approx(terms.distortion.item(), rel=1e-5)
    assert report.rates == pytest.approx(terms.rate.tolist(), rel=1e-5)
    assert report.rate == pytest.approx(sum(report.rates))
    if posterior == "point":
        assert report.elbo is None
        assert report.bits_per_dimension is None
        assert report.rate == 0
    else:
        assert report.elbo == pytest.approx(-terms.loss.item(), rel=1e-5)
        assert report.bits_per_dimension == pytest.approx(terms.loss.item() / (16 * math.log(2)), rel=1e-5)
    assert report.log_likelihood is None
    assert report.as_dict()["rates"] == report.rates


def test_bits_per_dimension_of_a_coin_flip_is_one() -> None:
    """A model that calls every pixel a fair coin, whatever the code, and a rate of 0: one bit per pixel."""
    model = untrained(likelihood="bernoulli")
    with torch.no_grad():
        for module in (model.decoder, model.head):
            for parameter in module.parameters():
                parameter.zero_()
    report = compute_likelihood(model, dataset(), binarize="threshold", samples=3)
    assert report.bits_per_dimension == pytest.approx(1)
    assert report.elbo == pytest.approx(-16 * math.log(2))
    assert report.log_likelihood == pytest.approx(-16 * math.log(2))
    assert report.active_units == 0


def test_log_likelihood_in_the_report() -> None:
    data, model = dataset(), untrained()
    report = compute_likelihood(model, data, samples=200, images=7)
    x = torch.from_numpy(np.asarray(data.images[data.test_index[:7]])).float() / 255
    torch.manual_seed(0)
    each = compute_log_likelihood(model, x, 200).double()
    assert (report.images, report.samples) == (7, 200)
    assert report.log_likelihood == pytest.approx(each.mean().item(), abs=0.02)
    assert report.log_likelihood_error == pytest.approx(each.std().item() / math.sqrt(7), rel=0.05)
    assert report.elbo is not None
    assert report.log_likelihood is not None
    assert report.log_likelihood > report.elbo
    assert report.bits_per_dimension == pytest.approx(-report.log_likelihood / (16 * math.log(2)))


def test_a_seed_decides_the_report_and_nothing_outside() -> None:
    data, model = dataset(), untrained()
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    reports = [compute_likelihood(model, data, "stochastic", 5, seed) for seed in (1, 1, 2)]
    assert torch.equal(torch.rand(3), expected)
    assert reports[0] == reports[1]
    assert reports[0].distortion != reports[2].distortion


def test_a_plain_ae_has_no_log_likelihood() -> None:
    with pytest.raises(ExplorerError, match="plain autoencoder has no log-likelihood"):
        compute_likelihood(untrained("point"), dataset(), samples=10)


@given(
    count=st.integers(2, 40),
    scales=st.lists(st.sampled_from([0.0, 0.05, 0.09, 0.12, 1.0]), min_size=1, max_size=6),
    seed=st.integers(0, 1000),
)
def test_active_units_are_those_whose_mean_varies(count: int, scales: list[float], seed: int) -> None:
    """Burda et al. 2016: Var_x(E[z|x]) > 0.01."""
    means = 5 + np.random.default_rng(seed).normal(size=(count, len(scales))) * scales
    expected = sum(np.var(column, ddof=1) > 0.01 for column in means.T)
    assert active_units(means) == expected


# --- a trained linear VAE is probabilistic PCA ---


def gaussian_images(count: int = 1500) -> ImageDataset:
    """uint8 images (count, 1, 4, 4) from a 2-dimensional Gaussian model with noise of deviation 12."""
    rng = np.random.default_rng(6)
    directions = np.linalg.qr(rng.normal(size=(16, 2)))[0].T * np.array([[90.0], [60.0]])
    pixels = 128 + rng.normal(size=(count, 2)) @ directions + 12 * rng.normal(size=(count, 16))
    stacked = pixels.clip(0, 255).round().astype(np.uint8).reshape(-1, 1, 4, 4)
    return ImageDataset("gaussian", stacked, np.arange(1000), np.arange(1000, count))


@pytest.mark.slow
@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_a_trained_linear_vae_approaches_probabilistic_pca(posterior: str) -> None:
    """Its ELBO rises to the exact log-likelihood of the best linear model, as scikit-learn computes it.

    Lucas et al. 2019: the ELBO of a linear VAE has no other local maxima, and it finds the principal axes.
    """
    data = gaussian_images()
    linear = {"hidden": (), "likelihood": "learned-gaussian", "variance": 0.05, "batch_size": 100}
    model = anneal(data, {0.05: 40, 0.005: 30, 0.001: 10}, posterior=posterior, **linear)
    report = compute_likelihood(model, data, samples=50)
    flat: Any = np.asarray(data.images[np.arange(1500)]).reshape(-1, 16) / 255
    pca = PCA(2).fit(flat[:1000])
    exact = pca.score(flat[1000:])
    assert report.elbo is not None
    assert report.log_likelihood is not None
    assert exact - 0.4 < report.elbo < exact + 0.1
    assert report.elbo - 0.05 < report.log_likelihood < exact + 0.1
    variance = model.likelihood.log_variance.exp().item()  # type: ignore[operator]
    assert variance == pytest.approx(pca.noise_variance_, rel=0.05)
    decoder = model.decoder[0][0].weight.detach().numpy()  # type: ignore[index]
    spanned = np.linalg.norm(pca.components_ @ np.linalg.qr(decoder)[0])  # √2 for the same plane
    assert spanned == pytest.approx(math.sqrt(2), abs=0.01)


@pytest.mark.filterwarnings("error")
def test_one_image_has_no_spread_and_no_error() -> None:
    assert active_units(np.ones((1, 3))) == 0
    data = blobs()
    model = Autoencoder(ModelConfig(latent_size=2, hidden=(4,)), data.image_shape)
    report = compute_likelihood(model, data, samples=2, images=1)
    assert report.log_likelihood is not None
    assert (report.images, report.active_units, report.log_likelihood_error) == (1, 0, None)


def test_the_other_figures_do_not_depend_on_the_number_of_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likelihood_module, "BATCH", 3)
    model, data = untrained(), dataset()
    without, few, many = (
        compute_likelihood(model, data, "stochastic", samples).as_dict() for samples in (0, 2, 9)
    )
    for name in ("elbo", "distortion", "rate", "rates", "active_units"):
        assert without[name] == few[name] == many[name]
