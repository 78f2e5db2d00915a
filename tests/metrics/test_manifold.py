"""Precision, recall, density and coverage against their definitions written out, and sets whose answer is known."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from explorer.errors import ExplorerError
from explorer.metrics import manifold
from explorer.metrics.manifold import (
    Manifold,
    compute_expected_coverage,
    compute_manifold,
    compute_radii,
    inside,
)


def by_definition(
    real: list[list[float]], fake: list[list[float]], k: int
) -> tuple[float, float, float, float]:
    """Naeem et al. 2020, equations 1 to 4, with loops over all pairs."""

    def apart(a: list[float], b: list[float]) -> float:
        return sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5

    def radius(points: list[list[float]], i: int) -> float:
        return sorted(apart(points[i], p) for j, p in enumerate(points) if j != i)[k - 1]

    real_radius = [radius(real, i) for i in range(len(real))]
    fake_radius = [radius(fake, j) for j in range(len(fake))]
    precision = [any(apart(x, y) < r for x, r in zip(real, real_radius, strict=True)) for y in fake]
    recall = [any(apart(x, y) < r for y, r in zip(fake, fake_radius, strict=True)) for x in real]
    density = [sum(apart(x, y) < r for x, r in zip(real, real_radius, strict=True)) / k for y in fake]
    coverage = [any(apart(x, y) < r for y in fake) for x, r in zip(real, real_radius, strict=True)]
    return tuple(float(np.mean(v)) for v in (precision, recall, density, coverage))  # type: ignore[return-value]


def normal(n: int, d: int = 3, seed: int = 0, shift: float = 0.0) -> np.ndarray:
    return shift + np.random.default_rng(seed).standard_normal((n, d))


@given(
    seed=st.integers(0, 2**31 - 1),
    n=st.integers(6, 25),
    m=st.integers(6, 25),
    d=st.integers(1, 6),
    k=st.integers(1, 5),
    shift=st.floats(-3, 3),
)
def test_equal_the_definitions(seed: int, n: int, m: int, d: int, k: int, shift: float) -> None:
    real, fake = normal(n, d, seed), normal(m, d, seed + 1, shift)
    found = compute_manifold(real, fake, k)
    np.testing.assert_allclose(astuple(found), by_definition(real.tolist(), fake.tolist(), k))
    for name in ("precision", "recall", "coverage"):
        assert 0 <= getattr(found, name) <= 1
    assert 0 <= found.density <= n / k
    assert found.precision <= k * found.density + 1e-12  # a sample in some ball adds at least 1/k


def test_do_not_depend_on_how_the_work_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fake = normal(60), normal(45, seed=1, shift=0.5)
    whole = compute_manifold(real, fake)
    monkeypatch.setattr(manifold, "CELLS", 200)
    assert compute_manifold(real, fake) == whole


@pytest.mark.parametrize("k", [1, 5])
def test_a_set_compared_with_itself(k: int) -> None:
    """Every ball holds its own point and its k − 1 nearest, so the density is exactly 1."""
    points = normal(80)
    assert compute_manifold(points, points.copy(), k) == Manifold(1.0, 1.0, 1.0, 1.0)


def test_sets_that_are_far_apart() -> None:
    assert compute_manifold(normal(50), normal(50, seed=1, shift=100)) == Manifold(0.0, 0.0, 0.0, 0.0)


def test_two_sets_of_one_distribution() -> None:
    """Density is 1 and coverage is lemma 2's in expectation, whatever the distribution."""
    for n, m, d in ((60, 60, 2), (40, 100, 5)):
        found = [compute_manifold(normal(n, d, 2 * i), normal(m, d, 2 * i + 1)) for i in range(150)]
        for values, expected in (
            ([f.density for f in found], 1.0),
            ([f.coverage for f in found], compute_expected_coverage(n, m)),
        ):
            error = np.std(values) / np.sqrt(len(values))
            assert abs(np.mean(values) - expected) < 4 * error


def test_expected_coverage_is_the_hypergeometric_chance() -> None:
    """A ball is missed when all of the k nearest of m + n − 1 others are among the n − 1 real ones."""
    for n, m, k in ((180, 180, 5), (10, 30, 3), (100, 7, 5)):
        missed = stats.hypergeom(m + n - 1, n - 1, k).pmf(k)
        assert compute_expected_coverage(n, m, k) == pytest.approx(1 - missed)
    assert compute_expected_coverage(10**6, 10**6) == pytest.approx(1 - 2**-5, abs=1e-4)


def test_dropping_a_mode_costs_coverage_and_recall_but_not_precision_or_density() -> None:
    left, right = normal(100, 2, 0), normal(100, 2, 1, shift=50)
    real = np.vstack([left, right])
    both = compute_manifold(real, np.vstack([normal(100, 2, 2), normal(100, 2, 3, shift=50)]))
    one = compute_manifold(real, normal(200, 2, 4))
    assert one.coverage == pytest.approx(both.coverage / 2, abs=0.05)
    assert one.recall == pytest.approx(both.recall / 2, abs=0.05)
    assert one.precision > both.precision - 0.05
    assert one.density > 0.9 * both.density


def test_recall_is_precision_with_the_sets_exchanged() -> None:
    real, fake = normal(40), normal(70, seed=1, shift=1)
    assert compute_manifold(real, fake).recall == compute_manifold(fake, real).precision


@given(seed=st.integers(0, 2**31 - 1), d=st.integers(2, 5), shift=st.floats(-5, 5), size=st.floats(0.1, 10))
def test_order_rotation_shift_and_size_do_not_matter(seed: int, d: int, shift: float, size: float) -> None:
    rng = np.random.default_rng(seed)
    real, fake = normal(20, d, seed), normal(15, d, seed + 1, 0.5)
    turn = stats.ortho_group.rvs(d, random_state=rng)
    moved = compute_manifold(
        size * (rng.permutation(real) @ turn + shift), size * (rng.permutation(fake) @ turn + shift)
    )
    np.testing.assert_allclose(astuple(moved), astuple(compute_manifold(real, fake)))


def test_inside_agrees_with_precision() -> None:
    real, fake = normal(50), normal(60, seed=1, shift=0.8)
    found = inside(real, compute_radii(real), fake)
    assert found.mean() == compute_manifold(real, fake).precision
    assert inside(np.zeros((1, 2)), np.array([1.0]), np.array([[0.99, 0], [1.0, 0], [1.01, 0]])).tolist() == [
        True,
        False,
        False,
    ]


def test_too_few_points_are_explained() -> None:
    with pytest.raises(ExplorerError, match="more than 5 points, not 5"):
        compute_manifold(normal(5), normal(20))
    with pytest.raises(ExplorerError, match="more than 5 points, not 3"):
        compute_manifold(normal(20), normal(3))
