"""Likelihoods against cross entropy, squared error, SciPy and numerical integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from torch import Tensor, nn
from torch.distributions import ContinuousBernoulli

from explorer.config import ModelConfig
from explorer.models.likelihoods import build_likelihood

KINDS = ["bernoulli", "gaussian", "learned-gaussian", "continuous-bernoulli"]


def likelihood(kind: str, variance: float = 0.5) -> nn.Module:
    config = ModelConfig.model_validate({"likelihood": kind, "variance": variance})
    return build_likelihood(config).double()


def batch(seed: int = 0) -> tuple[Tensor, Tensor]:
    """Decoder output and grey images (4, 3, 5, 6)."""
    torch.manual_seed(seed)
    return 3 * torch.randn(4, 3, 5, 6).double(), torch.rand(4, 3, 5, 6).double()


@pytest.mark.parametrize("kind", KINDS)
def test_log_density_is_nats_per_image_summed_over_pixels_and_channels(kind: str) -> None:
    output, x = batch()
    p = likelihood(kind)(output)
    assert (p.batch_shape, p.event_shape) == ((4,), (3, 5, 6))
    total = torch.zeros(4).double()
    for c in range(3):  # one pixel at a time
        for i in range(5):
            for j in range(6):
                cell = (slice(None), slice(c, c + 1), slice(i, i + 1), slice(j, j + 1))
                total += likelihood(kind)(output[cell]).log_prob(x[cell])
    torch.testing.assert_close(p.log_prob(x), total)


def test_bernoulli_is_the_binary_cross_entropy_of_a_sigmoid() -> None:
    output, x = batch()
    r = torch.sigmoid(output)
    by_hand = -(x * r.log() + (1 - x) * (1 - r).log()).sum((1, 2, 3))
    torch.testing.assert_close(-likelihood("bernoulli")(output).log_prob(x), by_hand)
    torch.testing.assert_close(likelihood("bernoulli")(output).mean, r)
    binary = (x > 0.5).double()
    truth = stats.bernoulli(r.numpy()).logpmf(binary.numpy()).sum((1, 2, 3))
    np.testing.assert_allclose(likelihood("bernoulli")(output).log_prob(binary).numpy(), truth)


@pytest.mark.parametrize("kind", ["bernoulli", "continuous-bernoulli"])
@pytest.mark.parametrize("logit", [-1e4, -90.0, -30.0, 0.0, 30.0, 90.0, 1e4])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_extreme_logits_stay_finite(kind: str, logit: float, value: float) -> None:
    output = torch.full((1, 1, 1, 1), logit, requires_grad=True)
    log_p = build_likelihood(ModelConfig.model_validate({"likelihood": kind}))(output).log_prob(
        torch.full((1, 1, 1, 1), value)
    )
    (slope,) = torch.autograd.grad(log_p.sum(), output)
    assert torch.isfinite(log_p).all()
    assert torch.isfinite(slope).all()


def test_gaussian_with_variance_one_half_is_the_sum_of_squared_errors() -> None:
    output, x = batch()
    squared = (x - output).square().sum((1, 2, 3))
    constant = 0.5 * 90 * math.log(math.pi)
    torch.testing.assert_close(-likelihood("gaussian")(output).log_prob(x), squared + constant)


@given(variance=st.floats(1e-4, 10))
def test_gaussian_equals_scipy(variance: float) -> None:
    output, x = batch()
    truth = stats.norm(output.numpy(), math.sqrt(variance)).logpdf(x.numpy()).sum((1, 2, 3))
    np.testing.assert_allclose(likelihood("gaussian", variance)(output).log_prob(x).numpy(), truth, rtol=1e-5)


def test_only_the_learned_variance_is_trained() -> None:
    assert not [p for p in likelihood("gaussian").parameters() if p.requires_grad]
    assert [p.shape for p in likelihood("learned-gaussian").parameters() if p.requires_grad] == [()]


def test_the_best_learned_variance_is_the_mean_squared_error() -> None:
    output, x = batch()
    model = likelihood("learned-gaussian")
    optimizer = torch.optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe", max_iter=100)

    def closure() -> float:
        optimizer.zero_grad()
        loss = -model(output).log_prob(x).sum()
        loss.backward()
        return loss.item()

    optimizer.step(closure)
    (log_variance,) = model.parameters()
    torch.testing.assert_close(log_variance.exp(), (x - output).square().mean(), rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    "logit",
    [-300.0, -20.0, -4.0, -0.3, -0.201, -0.199, -0.003, 0.0, 0.001, 0.199, 0.201, 3.0, 15.0, 40.0, 150.0],
)
def test_continuous_bernoulli_is_a_density_on_the_unit_interval(logit: float) -> None:
    """In float32, as models compute, and beyond the logits at which a float32 probability is 0 or 1."""
    t = np.linspace(0, 1, 20_001)
    x = 0.5 - 0.5 * np.cos(np.pi * t)  # dense at both ends, where a density may be steep
    pixels = torch.tensor(x, dtype=torch.float32).view(-1, 1, 1, 1)
    p = build_likelihood(ModelConfig(likelihood="continuous-bernoulli"))(torch.full((1, 1, 1, 1), logit))
    density = p.log_prob(pixels).double().exp().numpy() * 0.5 * np.pi * np.sin(np.pi * t)
    assert integrate.simpson(density, x=t) == pytest.approx(1, abs=2e-5)
    assert p.mean.item() == pytest.approx(integrate.simpson(x * density, x=t), abs=2e-5)


def test_continuous_bernoulli_equals_torch_where_torch_is_exact() -> None:
    output, x = batch()
    p = likelihood("continuous-bernoulli")(output).base_dist
    torch_own = ContinuousBernoulli(logits=output, lims=(0.4999, 0.5001))
    torch.testing.assert_close(p.log_prob(x), torch_own.log_prob(x))
    torch.testing.assert_close(p.mean, torch_own.mean)


@given(logit=st.floats(-60, 60))
def test_continuous_bernoulli_slope_is_value_minus_mean(logit: float) -> None:
    """An exponential family with the logit as its natural parameter: ∂ log p(x)/∂a = x − E[x]."""
    output = torch.full((1, 1, 1, 1), logit, requires_grad=True)
    p = build_likelihood(ModelConfig(likelihood="continuous-bernoulli"))(output)
    (slope,) = torch.autograd.grad(p.log_prob(torch.full((1, 1, 1, 1), 0.3)).sum(), output)
    assert slope.item() == pytest.approx(0.3 - p.mean.item(), abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_float32_agrees_with_float64(kind: str) -> None:
    output, x = batch()
    config = ModelConfig.model_validate({"likelihood": kind})
    single = build_likelihood(config)(output.float()).log_prob(x.float())
    torch.testing.assert_close(single.double(), likelihood(kind)(output).log_prob(x), rtol=1e-4, atol=1e-3)
