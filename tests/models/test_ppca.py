"""A linear Gaussian VAE is probabilistic PCA (Tipping & Bishop 1999), whose exact likelihood is known.

scikit-learn gives the maximum-likelihood solution and its score; SciPy the density of the marginal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.decomposition import PCA
from torch import Tensor

from explorer.config import ModelConfig, ObjectiveConfig
from explorer.metrics.likelihood import compute_log_likelihood
from explorer.models import Autoencoder
from explorer.objectives import compute_loss

SHAPE, PIXELS, LATENT = (1, 3, 4), 12, 3


@dataclass(frozen=True)
class Truth:
    """x = Wz + m + noise of the given variance, and its exact posterior N(M⁻¹Wᵀ(x − m), variance·M⁻¹)."""

    weight: np.ndarray  # (12, 3)
    mean: np.ndarray
    variance: float
    x: np.ndarray  # (N, 12)

    @property
    def precision(self) -> np.ndarray:
        """M = WᵀW + σ²I."""
        return self.weight.T @ self.weight + self.variance * np.eye(LATENT)

    @property
    def log_p(self) -> np.ndarray:
        covariance = self.weight @ self.weight.T + self.variance * np.eye(PIXELS)
        log_p: np.ndarray = stats.multivariate_normal(self.mean, covariance).logpdf(self.x)
        return log_p

    @property
    def images(self) -> Tensor:
        return torch.tensor(self.x).view(-1, *SHAPE)


def solution(rotate: bool) -> tuple[Truth, PCA]:
    """The maximum-likelihood W = U(Λ − σ²I)^½R of made-up data; without a rotation R, WᵀW is diagonal."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(300, LATENT)) * (3, 1, 0.5) @ rng.normal(size=(LATENT, PIXELS)) + 0.4 * rng.normal(
        size=(300, PIXELS)
    )
    pca = PCA(LATENT).fit(x + rng.normal(size=PIXELS))
    weight = pca.components_.T * np.sqrt(pca.explained_variance_ - pca.noise_variance_)
    if rotate:
        weight = weight @ stats.ortho_group.rvs(LATENT, random_state=4)
    fresh = pca.mean_ + rng.normal(size=(40, LATENT)) @ weight.T + rng.normal(size=(40, PIXELS))
    return Truth(weight, pca.mean_, float(pca.noise_variance_), fresh), pca


def vae(truth: Truth, posterior: str, shift: float = 0.0, widen: float = 1.0) -> Autoencoder:
    """The VAE with exactly the weights of `truth`; `shift` (in its deviations) and `widen` spoil its posterior."""
    config = ModelConfig.model_validate(
        {
            "latent_size": LATENT,
            "posterior": posterior,
            "hidden": (),
            "likelihood": "gaussian",
            "variance": truth.variance,
        }
    )
    model = Autoencoder(config, SHAPE).double()
    inverse = np.linalg.inv(truth.precision)
    encode = inverse @ truth.weight.T
    tril = widen * np.linalg.cholesky(truth.variance * inverse)
    if posterior == "diagonal":  # the best there is; exact where M is diagonal
        tril = widen * np.diag(np.sqrt(truth.variance / np.diag(truth.precision)))
    scale = np.diag(tril)
    spread = 2 * np.log(scale) if posterior == "diagonal" else np.log(scale)
    below = [] if posterior == "diagonal" else tril[tuple(torch.tril_indices(LATENT, LATENT, -1).numpy())]
    constant = np.concatenate((shift * scale - encode @ truth.mean, spread, below))
    slope = np.zeros((len(constant), PIXELS))
    slope[:LATENT] = encode
    decoder = model.decoder[0][0]  # type: ignore[index]
    with torch.no_grad():
        model.likelihood.log_variance.fill_(np.log(truth.variance))  # type: ignore[operator]
        model.head.linear.weight.copy_(torch.tensor(slope))
        model.head.linear.bias.copy_(torch.tensor(constant))
        decoder.weight.copy_(torch.tensor(truth.weight))
        decoder.bias.copy_(torch.tensor(truth.mean))
    return model


def test_the_marginal_is_scikit_learns() -> None:
    truth, pca = solution(rotate=True)
    np.testing.assert_allclose(truth.log_p, pca.score_samples(truth.x))


@pytest.mark.parametrize(("posterior", "rotate"), [("diagonal", False), ("full", False), ("full", True)])
def test_with_the_exact_posterior_the_bound_is_tight(posterior: str, rotate: bool) -> None:
    """log p(x, z) − log q(z|x) is log p(x) for every z, so one draw is exact; the mean ELBO is too."""
    truth, _ = solution(rotate)
    model = vae(truth, posterior)
    torch.manual_seed(0)
    for samples in (1, 7):
        np.testing.assert_allclose(compute_log_likelihood(model, truth.images, samples).numpy(), truth.log_p)
    with torch.no_grad():
        repeated = truth.images.repeat(500, 1, 1, 1)
        elbo = -compute_loss(ObjectiveConfig(), model, repeated, repeated).loss.item()
    assert elbo == pytest.approx(truth.log_p.mean(), abs=0.05)


def test_the_analytic_elbo_is_exact_without_draws() -> None:
    """E_q[log p(x|z)] of a linear decoder has a closed form: no Monte Carlo error at all."""
    truth, _ = solution(rotate=True)
    model = vae(truth, "full")
    with torch.no_grad():
        q = model.encode(truth.images)
        at_mean = model.decode(q.mean).log_prob(truth.images).numpy()
    covariance = truth.variance * np.linalg.inv(truth.precision)
    spread = np.trace(truth.weight @ covariance @ truth.weight.T) / (2 * truth.variance)
    mean = q.mean.numpy()
    rate = 0.5 * (np.trace(covariance) + (mean**2).sum(1) - LATENT - np.linalg.slogdet(covariance)[1])
    np.testing.assert_allclose(at_mean - spread - rate, truth.log_p)


def test_the_gap_of_a_diagonal_posterior_is_its_divergence_from_the_exact_one() -> None:
    """log p(x) − ELBO = KL(q(z|x)‖p(z|x)) = ½(Σ log M_ii − log |M|) for the best diagonal q."""
    truth, _ = solution(rotate=True)
    gap = 0.5 * (np.log(np.diag(truth.precision)).sum() - np.linalg.slogdet(truth.precision)[1])
    assert gap > 0.2
    torch.manual_seed(0)
    repeated = truth.images.repeat(1000, 1, 1, 1)
    with torch.no_grad():
        elbo = -compute_loss(ObjectiveConfig(), vae(truth, "diagonal"), repeated, repeated).loss.item()
    assert truth.log_p.mean() - elbo == pytest.approx(gap, abs=0.03)


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_importance_sampling_closes_the_gap_from_below(posterior: str) -> None:
    """Burda et al. 2016, theorem 1: E[estimate] rises with L towards log p(x), and never passes it."""
    truth, _ = solution(rotate=posterior == "full")
    model = vae(truth, posterior, shift=0.6, widen=1.3)
    torch.manual_seed(1)
    repeats = 30
    means, errors = [], []
    for samples in (1, 4, 16, 64, 256):
        each = torch.stack(
            [compute_log_likelihood(model, truth.images, samples) for _ in range(repeats)]
        ).mean(1)
        means.append(each.mean().item() - truth.log_p.mean())
        errors.append(each.std().item() / np.sqrt(repeats))
    assert means[0] < -0.5  # the posterior is wrong enough to see
    for shorter, longer, error in zip(means, means[1:], errors, strict=False):
        assert longer > shorter + 3 * error
    assert all(gap < 3 * error for gap, error in zip(means, errors, strict=True))
    assert means[-1] > -0.03
