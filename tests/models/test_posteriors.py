"""Posterior heads against SciPy, against torch's own divergences, and against their own samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from torch import Tensor
from torch.distributions import Distribution, Independent, MultivariateNormal

from explorer.models import Point, standard_normal
from explorer.models.posteriors import HEADS, DiagonalHead, FullHead


def posterior(kind: str, d: int, batch: int = 3, seed: int = 0, spread: float = 1.0) -> Distribution:
    torch.manual_seed(seed)
    q: Distribution = HEADS[kind](5, d).double()(spread * torch.randn(batch, 5).double())
    return q


def dense(q: Distribution) -> tuple[np.ndarray, np.ndarray]:
    """Mean (B, d) and covariance (B, d, d) as NumPy arrays."""
    if isinstance(q, MultivariateNormal):
        tril = q.scale_tril.detach().numpy()
        return q.loc.detach().numpy(), tril @ tril.transpose(0, 2, 1)
    return q.mean.detach().numpy(), np.stack([np.diag(v) for v in q.variance.detach().numpy()])


@pytest.mark.parametrize("kind", ["diagonal", "full"])
@given(d=st.integers(1, 6), seed=st.integers(0, 1000))
def test_log_density_and_entropy_equal_scipy(kind: str, d: int, seed: int) -> None:
    q = posterior(kind, d, seed=seed)
    z = torch.randn(3, d).double()
    assert q.log_prob(z).shape == (3,)
    for i, (mean, covariance) in enumerate(zip(*dense(q), strict=True)):
        truth = stats.multivariate_normal(mean, covariance)
        assert q.log_prob(z)[i].item() == pytest.approx(truth.logpdf(z[i]), rel=1e-6)
        assert q.entropy()[i].item() == pytest.approx(truth.entropy(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("kind", ["diagonal", "full"])
def test_samples_have_the_mean_and_covariance_of_the_posterior(kind: str) -> None:
    q = posterior(kind, 3)
    z = q.rsample(torch.Size([200_000])).detach().numpy()  # (S, B, d)
    for i, (mean, covariance) in enumerate(zip(*dense(q), strict=True)):
        draws = z[:, i]
        error = 4.5 * np.sqrt(np.diag(covariance) / len(draws))
        assert (np.abs(draws.mean(0) - mean) < error).all()
        # the standard error of a sample covariance is sqrt((Σij² + Σii Σjj)/S)
        diagonal = np.diag(covariance)
        error = 4.5 * np.sqrt((covariance**2 + np.outer(diagonal, diagonal)) / len(draws))
        assert (np.abs(np.cov(draws.T) - covariance) < error).all()


def test_reparameterization_moves_the_noise_and_scales_its_density() -> None:
    """z = μ + Lε, and log q(z) = Σ log N(ε; 0, 1) − Σ log L_ii."""
    q = posterior("full", 4, batch=5)
    assert isinstance(q, MultivariateNormal)
    torch.manual_seed(9)
    z = q.rsample()
    torch.manual_seed(9)
    noise = torch.randn(5, 4, dtype=torch.float64)
    torch.testing.assert_close(z, q.loc + torch.einsum("bij,bj->bi", q.scale_tril, noise))
    log_q = stats.norm().logpdf(noise).sum(1) - np.log(
        q.scale_tril.detach().numpy()[:, range(4), range(4)]
    ).sum(1)
    np.testing.assert_allclose(q.log_prob(z).detach().numpy(), log_q)


@given(d=st.integers(1, 8), seed=st.integers(0, 1000))
def test_cholesky_factors_are_lower_triangular_with_a_positive_diagonal(d: int, seed: int) -> None:
    q = posterior("full", d, seed=seed, spread=3.0)
    assert isinstance(q, MultivariateNormal)
    tril = q.scale_tril
    assert (tril.diagonal(dim1=1, dim2=2) > 0).all()
    assert not tril.triu(1).any()
    if d > 1:
        assert (tril.tril(-1) != 0).any()


def test_the_diagonal_head_gives_log_variances() -> None:
    head = DiagonalHead(5, 2)
    features = torch.randn(3, 5)
    q = head(features)
    out = head.linear(features)
    torch.testing.assert_close(q.mean, out[:, :2])
    torch.testing.assert_close(q.variance, out[:, 2:].exp())


@pytest.mark.parametrize("kind", ["diagonal", "full"])
def test_posterior_parameters_stay_float32_under_mixed_precision(kind: str) -> None:
    head = HEADS[kind](5, 3)
    with torch.autocast("cpu", torch.bfloat16):
        q = head(torch.randn(2, 5))
    assert q.mean.dtype == q.stddev.dtype == q.rsample().dtype == torch.float32


def test_a_point_is_one_code() -> None:
    loc = torch.randn(4, 3, requires_grad=True)
    q = Point(loc)
    assert (q.batch_shape, q.event_shape) == ((4,), (3,))
    torch.testing.assert_close(q.rsample(), loc)
    torch.testing.assert_close(q.rsample(torch.Size([6])), loc.expand(6, 4, 3))
    torch.testing.assert_close(q.mean, loc)
    assert not q.stddev.any()
    (gradient,) = torch.autograd.grad(q.rsample((2,)).sum(), loc)
    torch.testing.assert_close(gradient, torch.full_like(loc, 2))


@pytest.mark.parametrize("shape", [(5,), (4, 3), (6, 2, 3)])
def test_the_prior_is_a_standard_normal(shape: tuple[int, ...]) -> None:
    z: Tensor = torch.randn(shape, dtype=torch.float64)
    prior = standard_normal(z)
    assert isinstance(prior, Independent)
    truth = stats.multivariate_normal(np.zeros(shape[-1])).logpdf(z.numpy())
    np.testing.assert_allclose(prior.log_prob(z).numpy(), truth)


def test_the_full_head_has_one_number_per_free_entry() -> None:
    assert FullHead(10, 6).linear.out_features == 6 + 6 * 7 // 2
