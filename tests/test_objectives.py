"""The objective against closed forms written out again, SciPy, Monte Carlo and finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logsumexp
from torch import Tensor
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from explorer.beta_schedule import beta_at, capacity_at
from explorer.config import ModelConfig, ObjectiveConfig
from explorer.errors import ExplorerError
from explorer.models import Autoencoder, Point
from explorer.objectives import (
    check_objective,
    compute_loss,
    divergence_per_dimension,
    rate_per_dimension,
)

MEANS = st.floats(-5, 5)
SCALES = st.floats(0.05, 5)
DIVERGENCES = ["kl-qp", "kl-pq", "h-pq", "h-qp"]


def written(name: str, mean: float, scale: float) -> float:
    """The four divergences between N(μ, σ²) and N(0, 1) as they stand in textbooks."""
    variance = scale**2
    return {
        "kl-qp": 0.5 * (mean**2 + variance - 1 - math.log(variance)),
        "kl-pq": 0.5 * (math.log(variance) + (1 + mean**2) / variance - 1),
        "h-pq": 0.5 * (math.log(2 * math.pi * variance) + (1 + mean**2) / variance),
        "h-qp": 0.5 * (math.log(2 * math.pi) + mean**2 + variance),
    }[name]


def diagonal(mean: Tensor, scale: Tensor) -> Independent:
    return Independent(Normal(mean, scale), 1)


def full(rng: np.random.Generator, batch: int, d: int) -> MultivariateNormal:
    tril = np.tril(rng.normal(size=(batch, d, d)) * 0.6)
    tril[:, range(d), range(d)] = rng.uniform(0.3, 2, (batch, d))
    return MultivariateNormal(torch.tensor(rng.normal(size=(batch, d))), scale_tril=torch.tensor(tril))


@pytest.mark.parametrize("name", DIVERGENCES)
@given(mean=MEANS, scale=SCALES)
def test_divergences_equal_the_written_formulas(name: str, mean: float, scale: float) -> None:
    q = diagonal(torch.tensor([[mean, 0.0]]).double(), torch.tensor([[scale, 1.0]]).double())
    value = divergence_per_dimension(q, name)
    assert value.shape == (1, 2)
    expected = [written(name, float(q.mean[0, 0]), float(q.stddev[0, 0])), written(name, 0, 1)]
    np.testing.assert_allclose(value[0].numpy(), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", DIVERGENCES)
@pytest.mark.parametrize(("mean", "scale"), [(0.0, 1.0), (1.5, 0.7), (-0.8, 1.6), (2.0, 0.5)])
def test_divergences_equal_monte_carlo(name: str, mean: float, scale: float) -> None:
    q, p = stats.norm(mean, scale), stats.norm(0, 1)
    z = (q if name.endswith("qp") else p).rvs(400_000, random_state=1)
    integrand = {
        "kl-qp": q.logpdf(z) - p.logpdf(z),
        "kl-pq": p.logpdf(z) - q.logpdf(z),
        "h-pq": -q.logpdf(z),
        "h-qp": -p.logpdf(z),
    }[name]
    value = divergence_per_dimension(diagonal(torch.tensor([[mean]]), torch.tensor([[scale]])), name).item()
    assert value == pytest.approx(integrand.mean(), abs=4 * integrand.std() / math.sqrt(len(z)) + 1e-6)


@given(mean=MEANS, scale=SCALES)
def test_gradients_of_the_rate_pull_the_mean_to_zero_and_the_variance_to_one(
    mean: float, scale: float
) -> None:
    def rate(mu: Tensor, variance: Tensor) -> Tensor:
        return rate_per_dimension(diagonal(mu.view(1, 1), variance.sqrt().view(1, 1))).sum()

    mu = torch.tensor(mean, dtype=torch.float64, requires_grad=True)
    variance = torch.tensor(scale**2, dtype=torch.float64, requires_grad=True)
    by_mu, by_variance = torch.autograd.grad(rate(mu, variance), (mu, variance))
    assert by_mu.item() == pytest.approx(mean, abs=1e-9)
    assert by_variance.item() == pytest.approx(0.5 * (1 - 1 / scale**2), rel=1e-9, abs=1e-9)
    with torch.no_grad():
        h = 1e-4 * scale**2
        slope_mu = (rate(mu + h, variance) - rate(mu - h, variance)) / (2 * h)
        slope_variance = (rate(mu, variance + h) - rate(mu, variance - h)) / (2 * h)
    assert slope_mu.item() == pytest.approx(mean, rel=1e-4, abs=1e-4)
    assert slope_variance.item() == pytest.approx(0.5 * (1 - 1 / scale**2), rel=1e-4, abs=1e-4)


def test_full_covariance_rates_sum_to_the_divergence_of_the_whole(rng: np.random.Generator) -> None:
    q = full(rng, 6, 4)
    prior = MultivariateNormal(torch.zeros(4).double(), torch.eye(4).double())
    torch.testing.assert_close(rate_per_dimension(q).sum(1), kl_divergence(q, prior))


def test_a_full_covariance_that_is_diagonal_has_the_diagonal_rates(rng: np.random.Generator) -> None:
    mean, scale = torch.tensor(rng.normal(size=(5, 3))), torch.tensor(rng.uniform(0.1, 3, (5, 3)))
    whole = MultivariateNormal(mean, scale_tril=torch.diag_embed(scale))
    torch.testing.assert_close(rate_per_dimension(whole), rate_per_dimension(diagonal(mean, scale)))


@pytest.mark.parametrize("name", ["kl-pq", "h-pq", "h-qp"])
def test_full_covariance_divergences_equal_matrix_formulas(name: str, rng: np.random.Generator) -> None:
    q = full(rng, 3, 4)
    for i, value in enumerate(divergence_per_dimension(q, name)):
        mean, cov = q.loc[i].numpy(), q.covariance_matrix[i].numpy()
        inverse, log_det = np.linalg.inv(cov), np.linalg.slogdet(cov)[1]
        quadratic = np.trace(inverse) + mean @ inverse @ mean
        expected = {
            "kl-pq": 0.5 * (quadratic - 4 + log_det),
            "h-pq": 0.5 * (quadratic + log_det + 4 * np.log(2 * np.pi)),
            "h-qp": 0.5 * (4 * np.log(2 * np.pi) + np.trace(cov) + mean @ mean),
        }[name]
        assert value.tolist() == pytest.approx([expected])


def test_a_point_has_no_rate() -> None:
    q = Point(torch.randn(5, 3))
    assert not rate_per_dimension(q).any()
    assert not divergence_per_dimension(q, "kl-pq").any()


def test_only_h_qp_lets_the_scale_vanish() -> None:
    """What the four divergences say of a posterior that narrows to a point."""
    narrow = diagonal(torch.zeros(2, 1), torch.tensor([[1e-2], [1e-4]]))
    at = {name: divergence_per_dimension(narrow, name).flatten().tolist() for name in DIVERGENCES}
    assert at["h-qp"][1] <= at["h-qp"][0]  # falls all the way
    assert 0 < at["kl-qp"][0] < at["kl-qp"][1] < 10  # rises with log σ
    assert at["kl-pq"][1] > at["kl-pq"][0] > 1000 * at["kl-qp"][0]  # rises with 1/σ²


# --- the objective as a whole ---


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def small(posterior: str = "diagonal", likelihood: str = "bernoulli", d: int = 3) -> Autoencoder:
    torch.manual_seed(3)
    config = ModelConfig.model_validate(
        {"latent_size": d, "posterior": posterior, "likelihood": likelihood, "hidden": (7,)}
    )
    return Autoencoder(config, (1, 3, 4)).double()


def images(count: int = 6) -> Tensor:
    return torch.rand(count, 1, 3, 4, generator=torch.Generator().manual_seed(5)).double()


def seeded(config: ObjectiveConfig, model: Autoencoder, x: Tensor, **more: Any) -> tuple[Tensor, Tensor]:
    """(penalty, z): the penalty of the objective, and the draw from q(z|x) that it was computed with."""
    torch.manual_seed(11)
    penalty = compute_loss(config, model, x, x, images=100, **more).penalty
    torch.manual_seed(11)
    return penalty.detach(), model.encode(x).rsample().detach()


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_a_vae_minimises_distortion_plus_beta_times_rate(posterior: str) -> None:
    model, x = small(posterior), images()
    torch.manual_seed(11)
    terms = compute_loss(ObjectiveConfig(beta=4.0), model, x, x)
    torch.manual_seed(11)
    q = model.encode(x)
    logits = model.decoder(q.rsample())
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    prior = MultivariateNormal(torch.zeros(3).double(), torch.eye(3).double())
    tril = q.scale_tril if isinstance(q, MultivariateNormal) else torch.diag_embed(q.stddev)
    whole = MultivariateNormal(q.mean, scale_tril=tril)
    rate = kl_divergence(whole, prior).mean()
    torch.testing.assert_close(terms.distortion, cross_entropy)
    torch.testing.assert_close(terms.rate.sum(), rate)
    torch.testing.assert_close(terms.penalty, 4 * rate)
    torch.testing.assert_close(terms.loss, cross_entropy + 4 * rate)


def test_a_plain_ae_minimises_the_distortion_alone() -> None:
    model, x = small("point", "gaussian"), images()
    terms = compute_loss(ObjectiveConfig(beta=4.0), model, x, x)
    restored = model.decoder(model.head(model.encoder(x)).loc)
    squared = (x - restored).square().sum() / len(x)
    assert terms.loss.item() == pytest.approx((squared + 6 * math.log(math.pi)).item())  # ½·12·log π
    assert terms.penalty.item() == 0


def test_the_target_may_differ_from_the_input() -> None:
    model, x, clean = small("point", "gaussian"), images(), images().flip(0)
    terms = compute_loss(ObjectiveConfig(), model, x, clean)
    squared = (clean - model.decoder(model.encode(x).mean)).square().sum() / len(x)
    assert terms.distortion.item() == pytest.approx((squared + 6 * math.log(math.pi)).item())


def test_posterior_samples_are_averaged() -> None:
    model, x = small(), images()
    torch.manual_seed(11)
    terms = compute_loss(ObjectiveConfig(posterior_samples=5), model, x, x)
    torch.manual_seed(11)
    draws = model.encode(x).rsample((5,))
    each = [-model.decode(z).log_prob(x).mean() for z in draws]
    torch.testing.assert_close(terms.distortion, torch.stack(each).mean())


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_chosen_divergence_is_the_penalty(name: str) -> None:
    model, x = small(), images()
    q = model.encode(x)
    expected = np.mean(
        [
            sum(written(name, m, s) for m, s in zip(mean, scale, strict=True))
            for mean, scale in zip(q.mean.tolist(), q.stddev.tolist(), strict=True)
        ]
    )
    config = ObjectiveConfig.model_validate({"beta": 2.5, "divergence": name})
    assert seeded(config, model, x)[0].item() == pytest.approx(2.5 * expected)


@given(floor=st.floats(0.001, 2))
def test_free_bits_leave_each_dimension_its_nats(floor: float) -> None:
    model, x = small(), images()
    rate = rate_per_dimension(model.encode(x)).mean(0).detach().numpy()
    penalty, _ = seeded(ObjectiveConfig(beta=3, free_bits=floor), model, x)
    assert penalty.item() == pytest.approx(3 * np.maximum(rate, floor).sum())


@given(epoch=st.floats(0, 30), goal=st.floats(0, 5))
def test_a_capacity_penalises_the_distance_from_it(epoch: float, goal: float) -> None:
    model, x = small(), images()
    rate = rate_per_dimension(model.encode(x)).sum(1).mean().item()
    config = ObjectiveConfig(capacity=goal, capacity_epochs=10, gamma=7)
    now = goal * epoch / 10 if epoch < 10 else goal
    assert seeded(config, model, x, capacity=now)[0].item() == pytest.approx(7 * abs(rate - now), abs=1e-9)
    assert capacity_at(config, epoch) == pytest.approx(now)
    assert capacity_at(config, math.inf) == goal
    assert seeded(config, model, x)[0].item() == pytest.approx(7 * abs(rate - goal), abs=1e-9)


# --- β-TCVAE (Chen et al. 2018) ---


def test_tcvae_with_beta_one_is_the_plain_rate_at_every_point() -> None:
    """Information + total correlation + dimension-wise KL telescope to log q(z|x) − log p(z)."""
    model = small()
    for image in images(8).split(1):  # batches of one: the mean over the batch is the value at one point
        penalty, z = seeded(ObjectiveConfig(divergence="tcvae"), model, image)
        q = model.encode(image)
        log_q = stats.norm(q.mean.detach(), q.stddev.detach()).logpdf(z).sum()
        assert penalty.item() == pytest.approx(log_q - stats.norm().logpdf(z).sum())


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_tcvae_on_the_whole_data_set_is_exact_up_to_a_constant(beta: float) -> None:
    """With every image in the batch q(z) is known: a mixture of N Gaussians. Minibatch-weighted sampling has
    log N² where the mixture has log N, so it is off by the constant (β − 1)(d − 1) log N, without gradient."""
    model, x = small(), images(9)
    torch.manual_seed(11)
    penalty = compute_loss(
        ObjectiveConfig(divergence="tcvae", beta=beta), model, x, x, images=9
    ).penalty.item()
    _, z = seeded(ObjectiveConfig(), model, x)
    q = model.encode(x)
    mean, scale = q.mean.detach().numpy(), q.stddev.detach().numpy()
    total = 0.0
    for i, point in enumerate(z.numpy()):
        log = stats.norm(mean, scale).logpdf(point)  # (9, 3): this point under every image's posterior
        log_mixture = logsumexp(log.sum(1)) - np.log(9)
        log_margins = (logsumexp(log, axis=0) - np.log(9)).sum()
        information = log[i].sum() - log_mixture
        total += (
            information + beta * (log_mixture - log_margins) + log_margins - stats.norm().logpdf(point).sum()
        )
    assert penalty == pytest.approx(total / 9 + (beta - 1) * 2 * np.log(9))


def test_tcvae_weighs_the_total_correlation_alone() -> None:
    """∂penalty/∂β is the estimate of log q(z) − Σ log q(z_i), written here with loops."""
    model, x = small(), images()
    low, z = seeded(ObjectiveConfig(divergence="tcvae", beta=1), model, x)
    high, _ = seeded(ObjectiveConfig(divergence="tcvae", beta=3), model, x)
    q = model.encode(x)
    mean, scale = q.mean.detach().numpy(), q.stddev.detach().numpy()
    correlation = 0.0
    for point in z.numpy():
        log = stats.norm(mean, scale).logpdf(point)
        correlation += np.log(np.exp(log.sum(1)).sum() / (100 * 6))
        correlation -= np.log(np.exp(log).sum(0) / (100 * 6)).sum()
    assert (high - low).item() == pytest.approx(2 * correlation / 6)


@pytest.mark.parametrize("posterior", ["point", "full"])
def test_tcvae_needs_a_diagonal_posterior(posterior: str) -> None:
    with pytest.raises(ExplorerError, match="needs a diagonal posterior"):
        check_objective(ObjectiveConfig(divergence="tcvae"), posterior)
    check_objective(ObjectiveConfig(divergence="tcvae"), "diagonal")
    check_objective(ObjectiveConfig(), posterior)


# --- schedules ---


@pytest.mark.parametrize(
    ("warmup", "epochs", "values"),
    [
        ("none", [0, 3, math.inf], [4, 4, 4]),
        ("linear", [0, 1, 2.5, 5, 7, math.inf], [0, 0.8, 2, 4, 4, 4]),
        # cycles of 5 epochs: rise for the first half, stay for the second (Fu et al. 2019, R = 1/2)
        ("falling", [0, 2.5, 5, 7, math.inf], [80, 80 / 20**0.5, 4, 4, 4]),
        ("cyclical", [0, 1.25, 2.5, 4.9, 5, 6.25, 8, 10, math.inf], [0, 2, 4, 4, 0, 2, 4, 0, 4]),
    ],
)
def test_beta_schedules(warmup: str, epochs: list[float], values: list[float]) -> None:
    config = ObjectiveConfig.model_validate({"beta": 4, "warmup": warmup, "warmup_epochs": 5})
    assert [beta_at(config, epoch) for epoch in epochs] == pytest.approx(values)


# --- gradients through chance ---


@contextmanager
def fixed_noise(monkeypatch: pytest.MonkeyPatch, noise: Callable[[torch.Size], Tensor]) -> Iterator[None]:
    """Every ε ~ N(0, I) that torch.distributions draws is `noise(shape)`."""

    def standard(shape: torch.Size, **_: object) -> Tensor:
        return noise(shape)

    with monkeypatch.context() as patch:
        patch.setattr("torch.distributions.normal._standard_normal", standard)
        patch.setattr("torch.distributions.multivariate_normal._standard_normal", standard)
        yield


@pytest.mark.parametrize("posterior", ["point", "diagonal", "full"])
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"])
def test_gradients_equal_finite_differences_of_the_same_noise(posterior: str, likelihood: str) -> None:
    model, x = small(posterior, likelihood), images()
    parameters = [p for p in model.parameters() if p.requires_grad]
    config = ObjectiveConfig(beta=2, posterior_samples=2)

    def loss() -> Tensor:
        torch.manual_seed(2)
        return compute_loss(config, model, x, x).loss

    gradients = torch.autograd.grad(loss(), parameters)
    generator = torch.Generator().manual_seed(4)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        h = 1e-5
        with torch.no_grad():
            parameter.add_(direction, alpha=h)
            above = loss().item()
            parameter.sub_(direction, alpha=2 * h)
            below = loss().item()
            parameter.add_(direction, alpha=h)
        slope = (gradient * direction).sum().item()
        assert slope == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("posterior", ["diagonal", "full"])
def test_minibatch_gradients_average_to_the_full_gradient(
    posterior: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same ε for each image, equal parts of the data have gradients whose mean is that of the whole."""
    model, x = small(posterior), images(12)
    noise = torch.randn(12, 3, generator=torch.Generator().manual_seed(8)).double()
    parameters = [p for p in model.parameters() if p.requires_grad]

    def gradient(rows: slice) -> list[Tensor]:
        with fixed_noise(monkeypatch, lambda shape: noise[rows].expand(shape)):
            loss = compute_loss(ObjectiveConfig(beta=3), model, x[rows], x[rows]).loss
        return list(torch.autograd.grad(loss, parameters))

    parts = [gradient(slice(start, start + 4)) for start in (0, 4, 8)]
    for whole, *pieces in zip(gradient(slice(None)), *parts, strict=True):
        torch.testing.assert_close(torch.stack(pieces).mean(0), whole)
