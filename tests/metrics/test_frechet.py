"""The Fréchet distance against SciPy's matrix root, and Gaussians whose distance is known."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from explorer.metrics.frechet import compute_frechet


def test_it_is_the_formula_with_a_matrix_root() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(300, 7)) @ rng.normal(size=(7, 7))
    b = rng.normal(size=(200, 7)) @ rng.normal(size=(7, 7)) + rng.normal(size=7)
    s, t = np.cov(a.T), np.cov(b.T)
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(s + t - 2 * sqrtm(s @ t).real)
    assert compute_frechet(a, b) == pytest.approx(expected, rel=1e-8)
    assert compute_frechet(b, a) == pytest.approx(expected, rel=1e-8)


def test_a_shift_and_a_scale_count_as_they_should() -> None:
    points = np.random.default_rng(1).normal(size=(500, 4))
    assert compute_frechet(points, points) == pytest.approx(0, abs=1e-9)
    assert compute_frechet(points, points + np.array([3, 0, 4, 0])) == pytest.approx(25)
    assert compute_frechet(points, 3 * points - 2 * points.mean(0)) == pytest.approx(
        4 * np.trace(np.cov(points.T))
    )


def test_dead_features_do_no_harm() -> None:
    points = np.random.default_rng(2).normal(size=(50, 3)) * [1, 0, 2]
    assert compute_frechet(points, points[::-1]) == pytest.approx(0, abs=1e-9)
    assert compute_frechet(points[:, :1], points[:, :1] + 2) == pytest.approx(4)
