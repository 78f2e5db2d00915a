"""Reverse water-filling against optimisers that know nothing of it, and the spectrum against scikit-learn."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from explorer.errors import ExplorerError
from explorer.metrics import spectrum
from explorer.metrics.spectrum import Spectrum, compute_spectrum, find_spectrum
from tests.metrics import water_filling

EIGENVALUES = np.array([3.0, 1.4, 0.6, 0.25, 0.1, 0.04])
VARIANCE = 0.1


def digits() -> np.ndarray:
    """The 8×8 digits as uint8 `(1797, 1, 8, 8)`."""
    return (load_digits().images * 15.9375).astype(np.uint8)[:, None]


# --- the linear β-VAE ---


def loss(parameters: np.ndarray, eigenvalue: float, beta: float) -> float:
    """Distortion + β·rate in nats of one direction: the code a·x + s·ε of x ~ N(0, λ), decoded by w."""
    a, w, log_s = parameters
    s = np.exp(log_s)
    error = (1 - w * a) ** 2 * eigenvalue + (w * s) ** 2
    rate = 0.5 * (a**2 * eigenvalue + s**2 - 1) - log_s
    return float(error / (2 * VARIANCE) + beta * rate)


def optimum(eigenvalue: float, beta: float) -> np.ndarray:
    starts = [(1.0, 1.0, -1.0), (0.1, 0.1, 0.0), (2.0, 0.5, -2.0)]
    found = [minimize(loss, start, (eigenvalue, beta), method="BFGS", tol=1e-10) for start in starts]
    best: np.ndarray = min(found, key=lambda result: float(result.fun)).x
    return best


@pytest.mark.parametrize("beta", [0.2, 1.0, 4.0, 20.0])
def test_every_direction_is_at_the_optimum_that_an_optimiser_finds(beta: float) -> None:
    level = beta * VARIANCE
    rates = water_filling.rate_per_dimension(EIGENVALUES, level)
    kept = water_filling.kept_share(EIGENVALUES, level)
    live = water_filling.live_directions(EIGENVALUES, level)
    errors = []
    for i, eigenvalue in enumerate(EIGENVALUES):
        a, w, log_s = optimum(eigenvalue, beta)
        s = np.exp(log_s)
        assert 0.5 * (a**2 * eigenvalue + s**2 - 1) - log_s == pytest.approx(rates[i], abs=1e-4)
        assert w * a == pytest.approx(kept[i], abs=1e-3)  # the gain at the posterior mean
        assert abs(w) == pytest.approx(np.sqrt(max(eigenvalue - level, 0)), abs=2e-3)  # W = U(Λ − θI)^½
        assert live[i] == (rates[i] > 0)
        errors.append((1 - w * a) ** 2 * eigenvalue + (w * s) ** 2)
    assert sum(errors) == pytest.approx(water_filling.compute_distortion(EIGENVALUES, level), abs=1e-4)


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_a_linear_vae_of_all_directions_at_once_comes_to_the_same(beta: float) -> None:
    """Neither the axes nor the independence of the code are assumed: a full linear model finds them."""
    torch.manual_seed(0)
    turn = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))[0]
    eigenvalues = EIGENVALUES[:4]
    covariance = turn @ torch.diag(torch.tensor(eigenvalues)) @ turn.T
    encoder = torch.randn(4, 4, dtype=torch.float64, requires_grad=True)
    decoder = torch.randn(4, 4, dtype=torch.float64, requires_grad=True)
    scale = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([encoder, decoder, scale], max_iter=3000, line_search_fn="strong_wolfe")

    def terms() -> tuple[torch.Tensor, torch.Tensor]:
        gap = torch.eye(4, dtype=torch.float64) - decoder @ encoder
        error = (gap @ covariance @ gap.T).trace() + (decoder**2 * (2 * scale).exp()).sum()
        second = (encoder @ covariance @ encoder.T).diagonal() + (2 * scale).exp()
        return error, 0.5 * (second - 1 - 2 * scale).sum()

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        error, rate = terms()
        loss = error / (2 * VARIANCE) + beta * rate
        loss.backward()
        return loss

    optimiser.step(step)
    error, rate = terms()
    level = beta * VARIANCE
    expected = water_filling.compute_distortion(eigenvalues, level)
    assert error.item() == pytest.approx(expected, rel=1e-3)
    assert rate.item() == pytest.approx(water_filling.rate_per_dimension(eigenvalues, level).sum(), rel=1e-3)


def test_a_live_direction_saves_more_than_it_costs_and_a_drowned_one_would_not() -> None:
    level = 0.5
    for eigenvalue in EIGENVALUES:
        shares = np.linspace(0.05, 1, 200)  # of the variance that is left: s
        saves = eigenvalue * (1 - shares) / level  # in units of β, times two
        costs = -np.log(shares)
        assert (saves > costs)[:-1].any() == (eigenvalue > level)


# --- R(D) ---


@pytest.mark.parametrize("share", [0.02, 0.1, 0.4, 0.8, 0.99])
def test_the_curve_is_the_least_rate_that_an_optimiser_finds(share: float) -> None:
    """R(D) = min Σ ½ ln(λ/d) over the errors d ≤ λ of the directions, whose sum is D."""
    distortion = share * EIGENVALUES.sum()
    result = minimize(
        lambda d: 0.5 * np.log(EIGENVALUES / d).sum(),
        share * EIGENVALUES,
        jac=lambda d: -0.5 / d,
        bounds=[(1e-6, eigenvalue) for eigenvalue in EIGENVALUES],
        constraints={"type": "eq", "fun": lambda d: d.sum() - distortion},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert water_filling.compute_rate(EIGENVALUES, distortion) == pytest.approx(result.fun, abs=2e-4)
    level = water_filling.water_level(EIGENVALUES, distortion)
    assert np.minimum(EIGENVALUES, level) == pytest.approx(result.x, abs=2e-3)
    assert water_filling.compute_distortion(EIGENVALUES, level) == pytest.approx(distortion)


def test_level_and_distortion_are_inverse_and_the_ends_are_exact() -> None:
    for level in (0.01, 0.04, 0.1, 0.3, 2.9):
        found = water_filling.water_level(EIGENVALUES, water_filling.compute_distortion(EIGENVALUES, level))
        assert found == pytest.approx(level)
    assert water_filling.compute_rate(EIGENVALUES, EIGENVALUES.sum()) == pytest.approx(0)
    for distortion in (0, -1, 1.01 * EIGENVALUES.sum()):
        with pytest.raises(ExplorerError, match="out of reach"):
            water_filling.water_level(EIGENVALUES, distortion)


# --- the spectrum ---


def test_the_spectrum_is_scikit_learns() -> None:
    images = digits()
    ours, theirs = compute_spectrum(images), PCA(svd_solver="full").fit(images.reshape(1797, 64) / 255)
    known = len(ours.eigenvalues)
    np.testing.assert_allclose(ours.eigenvalues, theirs.explained_variance_[:known], rtol=1e-5)
    np.testing.assert_allclose(ours.mean, theirs.mean_, atol=1e-6)
    assert ours.variance == pytest.approx(theirs.explained_variance_.sum(), rel=1e-6)
    k = len(ours.components)
    assert 40 < k <= known
    np.testing.assert_allclose(np.abs((ours.components * theirs.components_[:k]).sum(1)), 1, atol=1e-3)
    assert (ours.eigenvalues[k - 1] / ours.eigenvalues[0]) >= spectrum.WEAKEST


def test_restoration_has_the_error_of_the_theory() -> None:
    """At the posterior mean a live direction leaves (θ/λ)²·λ, and a draw adds the rest of θ."""
    images = digits()
    found = compute_spectrum(images)
    x, level = images.reshape(1797, 64) / 255, 0.1
    restored = water_filling.restore(found, x, level)
    left = np.where(found.eigenvalues > level, level**2 / found.eigenvalues, found.eigenvalues).sum()
    assert ((x - restored) ** 2).sum(1).mean() == pytest.approx(left, rel=2e-3)
    assert left < water_filling.compute_distortion(found.eigenvalues, level)
    np.testing.assert_allclose(water_filling.restore(found, x, 100.0), np.broadcast_to(found.mean, x.shape))


def test_the_payload_is_small_and_restores_the_same_images_to_half_a_grey_level() -> None:
    images = digits()
    before = compute_spectrum(images)
    data = before.to_bytes()
    after = water_filling.read_spectrum(data)
    assert len(data) < 5000
    assert after.images == 1797
    assert after.variance == pytest.approx(before.variance)
    np.testing.assert_allclose(after.eigenvalues, before.eigenvalues, rtol=1e-6)
    x = images[:200].reshape(200, 64) / 255
    for level in (0.002, 0.05):
        off = 255 * np.abs(water_filling.restore(after, x, level) - water_filling.restore(before, x, level))
        assert (off.mean() < 0.5, off.max() < 4) == (True, True)


def test_large_images_have_their_strongest_components_alone() -> None:
    rng = np.random.default_rng(0)
    images = (rng.normal(size=(90, 5)) * (40, 30, 20, 10, 5)) @ rng.normal(size=(5, 3 * 20 * 20)) / 3 + 128
    found = compute_spectrum(images.clip(0, 255).astype(np.uint8).reshape(90, 3, 20, 20))
    assert found.components.shape[1] == 1200
    assert len(found.eigenvalues) <= spectrum.COMPONENTS
    assert found.eigenvalues.sum() <= found.variance * (1 + 1e-6)


def test_images_without_a_difference_have_no_spectrum() -> None:
    for count in (1, 5):
        with pytest.raises(ExplorerError, match="differ from each other"):
            compute_spectrum(np.full((count, 1, 4, 4), 7, np.uint8))


def test_a_spectrum_is_computed_once_for_the_same_images_and_not_kept_on_a_read_only_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    images = digits()[:50]
    monkeypatch.setenv("EXPLORER_READ_ONLY", "1")
    first = find_spectrum(images, "none")
    assert not list(tmp_path.iterdir())
    monkeypatch.delenv("EXPLORER_READ_ONLY")
    assert find_spectrum(images, "none") == first
    (kept,) = (tmp_path / "spectra").iterdir()
    monkeypatch.setattr(spectrum, "compute_spectrum", None)  # not needed any more
    assert find_spectrum(images, "stochastic") == first == kept.read_bytes()


# --- what the browser computes ---

STORED = Path(__file__).parents[2] / "explorer/live/frontend/tests/latent/water.json"
"""The same by this code, which the front end's tests hold theirs against."""


def by_python() -> dict[str, Any]:
    """A spectrum of 2×3 images, and what holds at some levels."""
    places, rows = np.arange(6), np.arange(1, 5)[:, None]
    components = np.sqrt(1 / 3) * np.cos(np.pi * rows * (places + 0.5) / 6)  # of the cosine transform
    found = Spectrum(places / 8, EIGENVALUES, components, EIGENVALUES.sum() + 0.5, 77)
    data = found.to_bytes()
    found = water_filling.read_spectrum(data)
    image = (places[None] * 5 % 7) / 7
    return {
        "bytes": base64.b64encode(data).decode(),
        "image": image[0].tolist(),
        "levels": [
            {
                "level": level,
                "live": int(water_filling.live_directions(found.eigenvalues, level).sum()),
                "rates": water_filling.rate_per_dimension(found.eigenvalues, level).tolist(),
                "kept": water_filling.kept_share(found.eigenvalues, level).tolist(),
                "distortion": water_filling.compute_distortion(found.eigenvalues, level),
                "restored": water_filling.restore(found, image, level)[0].tolist(),
            }
            for level in (0.3, 0.5, 1.0, 2.5, 4.0)
        ],
        "curve": [
            [
                d,
                water_filling.water_level(found.eigenvalues, d),
                water_filling.compute_rate(found.eigenvalues, d),
            ]
            for d in (0.1, 1.0, 2.5, 5.0)
        ],
    }


def test_the_front_end_is_tested_against_this_code() -> None:
    stored, ours = json.loads(STORED.read_text("utf-8")), by_python()
    assert (stored["bytes"], stored["image"]) == (ours["bytes"], ours["image"])
    for theirs, level in zip(stored["levels"], ours["levels"], strict=True):
        for name, value in level.items():
            assert theirs[name] == pytest.approx(value), name
    np.testing.assert_allclose(stored["curve"], ours["curve"])
