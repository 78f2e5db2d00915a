"""Each setting does to a real run on digits what the literature says it does."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor
from torch.distributions import Normal

from explorer.config import DataConfig
from explorer.data import load
from explorer.data.batches import to_unit
from explorer.data.dataset import ImageDataset
from explorer.metrics.likelihood import LikelihoodReport, compute_likelihood
from explorer.models import Autoencoder
from explorer.training.corruption import corrupt
from tests.training.small import Run, anneal, settings, train


@cache
def digits() -> ImageDataset:
    return load(DataConfig(data="digits"))


def run(**flat: Any) -> Run:
    """20 epochs of a 64-64-10-64-64 model, about half a second."""
    few = {"hidden": (64,), "latent_size": 10, "epochs": 20, "batch_size": 64, "learning_rate": 3e-3}
    return train(digits(), settings(**few | flat))


@cache
def beta_run(beta: float) -> Run:
    return run(beta=beta)


def report(trained: Run) -> LikelihoodReport:
    return compute_likelihood(trained.model, digits())


def test_images() -> Tensor:
    return to_unit(torch.from_numpy(np.asarray(digits().images[digits().test_index])))


test_images.__test__ = False  # type: ignore[attr-defined]


def weight(model: Autoencoder) -> tuple[float, float]:
    """Σ|w| and Σw² over the weight matrices."""
    matrices = [w.detach() for w in model.parameters() if w.dim() > 1]
    return sum(w.abs().sum().item() for w in matrices), sum(w.square().sum().item() for w in matrices)


def test_training_lowers_the_loss_and_beats_the_mean_image() -> None:
    losses = [p.validation["loss"] for p in beta_run(1.0).epochs if p.validation]
    assert losses[-1] < losses[4] < losses[0]
    x = test_images()
    mean = to_unit(torch.from_numpy(np.asarray(digits().images[digits().train_index]))).mean(0)
    blind = torch.nn.functional.binary_cross_entropy(mean.expand_as(x), x, reduction="sum").item() / len(x)
    assert losses[-1] < blind - 1.5


def test_beta_trades_distortion_for_rate() -> None:
    low, one, high = (report(beta_run(beta)) for beta in (0.1, 1.0, 4.0))
    assert low.distortion + 2 < one.distortion < high.distortion - 2
    assert low.rate > one.rate + 5 > high.rate + 6
    assert high.rate < 0.1
    assert high.active_units == 0
    assert low.active_units == 10


@pytest.mark.slow
def test_a_linear_ae_spans_the_principal_subspace() -> None:
    """With squared error, no linear autoencoder does better than PCA, and training comes close."""
    linear = {"posterior": "point", "likelihood": "gaussian", "hidden": (), "latent_size": 8}
    model = anneal(digits(), {0.02: 15, 0.002: 10, 2e-4: 5}, **linear)
    x = test_images()
    with torch.no_grad():
        error = (x - model.decode(model.encode(x).mean).mean).square().sum((1, 2, 3)).mean().item()
    train_images = digits().images[digits().train_index].reshape(-1, 64) / 255
    pca = PCA(8).fit(train_images)
    flat = x.flatten(1).double().numpy()
    best = ((flat - pca.inverse_transform(pca.transform(flat))) ** 2).sum(1).mean()
    assert 0.98 * best < error < 1.03 * best


def test_free_bits_keep_every_dimension_alive() -> None:
    """β = 4 collapses every dimension; with λ = 0.2 nats each, none."""
    assert max(beta_run(4.0).epochs[-1].rates) < 0.02
    kept = run(beta=4.0, free_bits=0.2, epochs=30, learning_rate=1e-3)
    assert min(kept.epochs[-1].rates) > 0.15
    assert report(kept).active_units == 10
    assert report(kept).distortion < report(beta_run(4.0)).distortion - 2


@pytest.mark.parametrize("capacity", [2.0, 8.0])
def test_a_capacity_steers_the_rate(capacity: float) -> None:
    trained = run(capacity=capacity, capacity_epochs=5)
    assert report(trained).rate == pytest.approx(capacity, rel=0.15)
    rates = [p.train["rate"] for p in trained.epochs]
    assert rates[0] < rates[2] < rates[5]  # it rises with C


@pytest.mark.parametrize("warmup", ["linear", "cyclical"])
def test_a_warm_up_keeps_more_alive_at_a_high_beta(warmup: str) -> None:
    cold = run(beta=3.0)
    warm = run(beta=3.0, warmup=warmup, warmup_epochs=10)
    assert report(warm).rate > 1.5 * report(cold).rate
    assert report(warm).active_units > report(cold).active_units


def total_correlation(model: Autoencoder) -> float:
    """KL(q(z)‖Π q(z_i)) of the aggregate posterior over the test images, by one draw per image."""
    torch.manual_seed(0)
    with torch.no_grad():
        q = model.encode(test_images())
        log = Normal(q.mean, q.stddev).log_prob(q.sample().unsqueeze(1))  # (N, N, d)
    count = float(np.log(len(log)))
    joint, margins = log.sum(-1).logsumexp(1) - count, (log.logsumexp(1) - count).sum(-1)
    return (joint - margins).mean().item()


@pytest.mark.slow
def test_tcvae_untangles_the_dimensions() -> None:
    """β-TCVAE with β = 6 lowers the total correlation, and keeps more rate than β-VAE at the same β."""
    gaussian = {"likelihood": "gaussian", "variance": 0.05}
    plain, untangled = (
        run(divergence="tcvae", beta=1, **gaussian),
        run(divergence="tcvae", beta=6, **gaussian),
    )
    assert total_correlation(untangled.model) < 0.3 * total_correlation(plain.model)
    assert report(untangled).rate > report(run(beta=6, **gaussian)).rate


def test_with_beta_one_tcvae_trains_like_a_vae() -> None:
    """Only its noise differs: the rate is sampled instead of computed."""
    tcvae, vae = report(run(divergence="tcvae", beta=1)), report(beta_run(1.0))
    assert tcvae.elbo is not None
    assert vae.elbo is not None
    assert tcvae.elbo == pytest.approx(vae.elbo, abs=1)


@pytest.mark.slow
def test_the_divergences_shape_the_posterior() -> None:
    """H(q, p) alone lets σ fall, KL(p‖q) punishes a narrow q hardest, and H(p, q) differs from it by a constant."""
    scale = {
        name: run(divergence=name).model.encode(test_images()).stddev.detach()
        for name in ("kl-qp", "kl-pq", "h-pq", "h-qp")
    }
    assert scale["h-qp"].mean() < 0.1 * scale["kl-qp"].mean()
    assert scale["kl-pq"].min() > scale["kl-qp"].min()
    torch.testing.assert_close(scale["h-pq"], scale["kl-pq"], rtol=0.01, atol=0.01)


def test_l1_and_l2_shrink_the_weights() -> None:
    plain = weight(run(posterior="point").model)
    sparse, small = run(posterior="point", l1=3e-3).model, run(posterior="point", l2=3e-3).model
    assert weight(sparse)[0] < 0.6 * plain[0]
    assert weight(small)[1] < 0.6 * plain[1]

    def near_zero(model: Autoencoder) -> float:
        first = next(w for w in model.parameters() if w.dim() > 1)
        return (first.detach().abs() < 1e-3).float().mean().item()

    assert near_zero(sparse) > 2 * near_zero(small)  # L1 makes zeros, L2 small numbers


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "level"), [("masking", 0.5), ("gaussian", 0.5), ("salt-and-pepper", 0.3)])
def test_a_denoising_ae_restores_what_a_plain_one_cannot(kind: str, level: float) -> None:
    x = test_images()
    torch.manual_seed(0)
    spoilt = corrupt(x, kind, level)

    def error(**more: Any) -> float:
        model = run(posterior="point", latent_size=20, hidden=(128,), **more).model
        with torch.no_grad():
            return (model.mean_image(model.encode(spoilt).mean) - x).square().sum((1, 2, 3)).mean().item()

    denoising = error(corruption=kind, corruption_level=level)
    assert denoising < 0.75 * error()
    assert denoising < 0.4 * (spoilt - x).square().sum((1, 2, 3)).mean().item()


def test_more_posterior_samples_lower_the_noise_of_the_loss() -> None:
    from explorer.objectives import compute_loss

    trained, x = beta_run(1.0), test_images()[:16]
    torch.manual_seed(0)
    with torch.no_grad():
        spread = [
            np.std(
                [
                    compute_loss(settings(posterior_samples=m).objective, trained.model, x, x).loss.item()
                    for _ in range(200)
                ]
            )
            for m in (1, 16)
        ]
    assert spread[1] == pytest.approx(spread[0] / 4, rel=0.3)  # 1/√16
