"""Mutual information and MIG: closed forms, and scikit-learn's estimate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mutual_info_score
from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.evaluation import shares
from explorer.metrics.disentanglement.mig import (
    bin_codes,
    compute_chance,
    compute_entropy,
    compute_gaps,
    compute_mig,
    compute_mutual_information,
    find_crowded,
)


def grid(*sizes: int, times: int = 1) -> np.ndarray:
    """Every combination of factor values, `times` over: exactly independent factors."""
    every = np.indices(sizes).reshape(len(sizes), -1).T
    return np.repeat(every, times, axis=0)


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 3))
def test_mutual_information_is_that_of_scikit_learn(seed: int, d: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    factors = rng.integers(0, 5, (200, k))
    codes = rng.normal(size=(200, d)) + factors[:, :1]
    table = compute_mutual_information(codes, factors)
    assert table.shape == (k, d)
    for (i, j), found in np.ndenumerate(table):
        edges = np.linspace(codes[:, j].min(), codes[:, j].max(), 21)[1:-1]
        assert found == pytest.approx(
            mutual_info_score(factors[:, i], np.digitize(codes[:, j], edges)), abs=1e-9
        )


def test_a_perfect_code_knows_all_of_its_factor_and_nothing_else() -> None:
    factors = grid(3, 6, 4)
    table = compute_mutual_information(factors.astype(float), factors)
    np.testing.assert_allclose(table, np.diag(np.log([3, 6, 4])), atol=1e-12)
    np.testing.assert_allclose(compute_entropy(factors), np.log([3, 6, 4]))
    assert compute_mig(table, compute_entropy(factors)) == pytest.approx(1)
    assert shares(table) == [(0, pytest.approx(1)), (1, pytest.approx(1)), (2, pytest.approx(1))]


def test_a_duplicated_code_has_no_gap() -> None:
    factors = grid(3, 6)
    codes = np.concatenate([factors, factors], axis=1)
    assert compute_mig(compute_mutual_information(codes, factors), compute_entropy(factors)) == pytest.approx(
        0, abs=1e-12
    )


def test_turning_a_perfect_code_by_45_degrees_closes_the_gap() -> None:
    factors = grid(20, 20)
    turn = np.array([[1, -1], [1, 1]]) / math.sqrt(2)
    straight, turned = (
        compute_mig(compute_mutual_information(c, factors), compute_entropy(factors))
        for c in (factors, factors @ turn)
    )
    assert straight == pytest.approx(1)
    assert turned == pytest.approx(0, abs=0.01)  # both dimensions know either factor equally well


def test_more_values_than_bins_cost_what_the_bins_cannot_tell() -> None:
    factors = grid(40)  # two values in every bin
    table = compute_mutual_information(factors.astype(float), factors)
    assert table[0, 0] == pytest.approx(math.log(20))
    assert compute_gaps(table, compute_entropy(factors))[0] == pytest.approx(math.log(20) / math.log(40))


def test_noise_and_constants_know_nothing() -> None:
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 10, (10_000, 2))
    codes = np.stack([rng.normal(size=10_000), np.full(10_000, 3.0)], axis=1)
    table = compute_mutual_information(codes, factors)
    # 2N times the estimate is χ² with at most 9 · 19 degrees of freedom
    assert table[:, 0].max() < stats.chi2(9 * 19).ppf(0.999) / 2 / 10_000
    assert table[:, 1] == pytest.approx(0, abs=1e-12)
    assert shares(np.zeros((2, 1))) == [(0, 0.0)]


def test_bins_are_of_equal_width_and_the_greatest_value_belongs_to_the_last() -> None:
    assert bin_codes(np.linspace(0, 1, 21)[:, None])[:, 0].tolist() == [*range(20), 19]


@pytest.mark.parametrize(
    ("codes", "factors", "said"),
    [
        (np.zeros((3, 2)), np.zeros((4, 1), int), "same N images"),
        (np.array([[np.nan]]), np.zeros((1, 1), int), "finite codes"),
        (np.zeros((3, 2)), np.zeros((3, 1)), "whole numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_explained(codes: np.ndarray, factors: np.ndarray, said: str) -> None:
    with pytest.raises(ExplorerError, match=said):
        compute_mutual_information(codes, factors)


@pytest.mark.parametrize("kind", ["gaussian", "uniform", "own factor"])
def test_corrected_cells_of_independent_factors_are_about_0(kind: str) -> None:
    rng = np.random.default_rng(5)
    plain, corrected = [], []
    for _ in range(20):
        factors = rng.integers(0, 12, (1000, 2))
        column = {
            "gaussian": rng.normal(size=1000),
            "uniform": rng.random(1000),
            "own factor": factors[:, 1] + 0.01 * rng.normal(size=1000),
        }[kind]
        plain.append(compute_mutual_information(column[:, None], factors[:, :1])[0, 0])
        corrected.append(compute_mutual_information(column[:, None], factors[:, :1], corrected=True)[0, 0])
    assert np.mean(plain) > 0.05  # about 11 · 19 / 2,000 nats of chance
    assert np.mean(corrected) < 0.012


@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(500, 4000))
def test_chance_is_the_expected_information_of_scikit_learn(seed: int, size: int, images: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.integers(0, size, images)
    bins = bin_codes(rng.normal(size=(images, 1)))[:, 0]
    exact = expected_mutual_information(contingency_matrix(value, bins, sparse=True), images)
    assert compute_chance(np.bincount(value), np.bincount(bins)) == pytest.approx(exact, rel=0.1, abs=2.5e-3)


def test_the_correction_keeps_what_a_code_knows() -> None:
    rng = np.random.default_rng(6)
    factors = rng.integers(0, 10, (100_000, 1))
    codes = factors + rng.normal(size=factors.shape)
    truth = compute_mutual_information(codes, factors)[0, 0]  # the bias of this many is 0.001
    few = [
        compute_mutual_information(codes[i : i + 500], factors[i : i + 500], corrected=corrected)[0, 0]
        for corrected in (False, True)
        for i in range(0, 20_000, 500)
    ]
    assert np.mean(few[:40]) - truth > 0.07
    assert abs(np.mean(few[40:]) - truth) < 0.03
    perfect = compute_mutual_information(factors[:500].astype(float), factors[:500], corrected=True)
    assert perfect[0, 0] == pytest.approx(compute_entropy(factors[:500])[0])  # not above its entropy


def test_one_outlier_that_empties_the_bins_is_found() -> None:
    rng = np.random.default_rng(7)
    codes = np.stack(
        [
            rng.normal(size=4000),
            rng.normal(size=4000),
            rng.random(4000),
            rng.integers(0, 2, 4000),
            np.zeros(4000),
        ],
        axis=1,
    )
    assert find_crowded(codes).tolist() == []
    codes[17, 1] = 60
    assert find_crowded(codes).tolist() == [1]
