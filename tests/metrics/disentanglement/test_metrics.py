"""The metrics on codes whose scores are known, and their stability."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.ensemble import GradientBoostingClassifier

from explorer.errors import ExplorerError
from explorer.metrics.disentanglement.beta_vae import compute_beta_vae, compute_features
from explorer.metrics.disentanglement.dci import (
    compute_completeness,
    compute_disentanglement,
    compute_importance,
)
from explorer.metrics.disentanglement.explicitness import compute_areas
from explorer.metrics.disentanglement.factor_vae import compute_factor_vae, compute_votes
from explorer.metrics.disentanglement.mig import compute_entropy, compute_mig, compute_mutual_information
from explorer.metrics.disentanglement.modularity import compute_modularity
from explorer.metrics.disentanglement.sampling import (
    Groups,
    Sample,
    bin_factors,
    check,
    oracle_codes,
    split,
)
from explorer.metrics.disentanglement.sap import compute_accuracies, compute_gap
from explorer.metrics.disentanglement.scores import compute_scores, find_inapplicable
from tests.metrics.disentanglement.worlds import SIZES, doubled, draw, noise, perfect, turned

WORLDS = {"perfect": perfect, "turned": turned, "doubled": doubled, "noise": noise}
POINTS = (1500, 1500)


@cache
def all_scores(world: str) -> dict[str, float]:
    factors = draw()
    return compute_scores(WORLDS[world](factors), factors, seed=0)


# --- known answers ---


def test_a_diagonal_importance_is_perfect() -> None:
    diagonal = np.diag([1.0, 2.0, 1.0, 4.0, 5.0])
    assert compute_disentanglement(diagonal) == pytest.approx(1)
    assert compute_completeness(diagonal) == pytest.approx(1)
    assert compute_modularity(diagonal) == pytest.approx(1)


def test_a_diagonal_stacked_twice_is_less_complete() -> None:
    twice = np.hstack([np.eye(5), np.eye(5)])  # each factor in two of ten dimensions
    assert compute_disentanglement(twice) == pytest.approx(1)
    assert compute_completeness(twice) == pytest.approx(1 - math.log(2) / math.log(10))
    assert compute_modularity(twice) == pytest.approx(1)
    assert compute_disentanglement(twice.T) == pytest.approx(1 - math.log(2) / math.log(10))


def test_even_importance_is_worth_nothing() -> None:
    assert compute_disentanglement(np.ones((3, 4))) == pytest.approx(0, abs=1e-9)
    assert compute_completeness(np.ones((3, 4))) == pytest.approx(0, abs=1e-9)
    assert compute_modularity(np.ones((3, 4))) == pytest.approx(0)
    assert compute_disentanglement(np.zeros((3, 4))) == pytest.approx(0, abs=1e-9)
    assert compute_modularity(np.zeros((3, 4))) == 0


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 6))
def test_completeness_is_the_weighted_entropy_of_scipy(seed: int, k: int, d: int) -> None:
    table = np.random.default_rng(seed).random((k, d))
    expected = np.average([1 - entropy(row, base=d) for row in table], weights=table.sum(axis=1))
    assert compute_completeness(table) == pytest.approx(expected, abs=1e-7)
    assert compute_disentanglement(table.T) == pytest.approx(expected, abs=1e-7)


def test_modularity_by_hand() -> None:
    # first dimension: (4 + 1 + 1 - 4) / (4 · 2) = 1/4 is lost; second: nothing; third knows nothing
    assert compute_modularity(np.array([[2.0, 0, 0], [1, 3, 0], [1, 0, 0]])) == pytest.approx(
        (0.75 + 1 + 0) / 3
    )


def test_the_gap_of_accuracies_by_hand() -> None:
    assert compute_gap(np.array([[0.9, 0.5, 0.4], [0.3, 0.3, 0.1]])) == pytest.approx((0.4 + 0.0) / 2)


# --- codes with known scores ---


def test_a_perfect_code_has_the_best_scores() -> None:
    found = all_scores("perfect")
    for name in ("beta_vae", "factor_vae", "dci_informativeness", "modularity"):
        assert found[name] == pytest.approx(1, abs=0.02), name
    for name in ("dci_disentanglement", "dci_completeness", "mig", "explicitness"):
        assert found[name] > 0.9, name
    assert 0.2 < found["sap"] < 0.9  # a line cannot tell ten values apart along one dimension


def test_a_doubled_code_is_as_modular_but_has_no_gap_and_is_less_complete() -> None:
    found = all_scores("doubled")
    assert found["mig"] == pytest.approx(0, abs=0.01)
    assert found["sap"] == pytest.approx(0, abs=0.01)
    assert found["modularity"] == pytest.approx(1, abs=0.01)
    assert found["dci_disentanglement"] > 0.9
    assert found["dci_completeness"] == pytest.approx(1 - math.log(2) / math.log(8), abs=0.03)
    assert found["factor_vae"] == pytest.approx(1, abs=0.01)


def test_turning_a_code_lowers_every_score_of_its_axes_but_not_what_it_tells() -> None:
    straight, entangled = all_scores("perfect"), all_scores("turned")
    for name in ("mig", "sap", "dci_disentanglement", "dci_completeness"):
        assert entangled[name] < 0.6 * straight[name], name
    for name in ("factor_vae", "modularity"):
        assert entangled[name] < straight[name] - 0.02, name
    assert entangled["explicitness"] == pytest.approx(straight["explicitness"], abs=0.01)


def test_noise_scores_chance() -> None:
    found = all_scores("noise")
    for name in ("beta_vae", "factor_vae"):
        assert found[name] == pytest.approx(1 / len(SIZES), abs=0.05), name
    assert found["explicitness"] == pytest.approx(0.5, abs=0.03)
    assert found["dci_informativeness"] == pytest.approx(np.mean([1 / s for s in SIZES]), abs=0.03)
    for name in ("mig", "sap", "dci_disentanglement", "dci_completeness"):
        assert found[name] < 0.03, name


@pytest.mark.parametrize(
    ("metric", "world"), [(m, w) for m in (compute_beta_vae, compute_factor_vae) for w in WORLDS]
)
def test_what_is_drawn_hardly_changes_a_score(metric: Callable[..., float], world: str) -> None:
    factors = draw(count=6000)
    codes = WORLDS[world](factors)
    found = [metric(codes, factors, seed, *POINTS) for seed in range(4)]
    assert np.std(found, ddof=1) < 0.02
    assert found[0] == metric(codes, factors, 0, *POINTS)


# --- against other programs and other ways ---


def test_histogram_trees_find_what_exact_trees_find() -> None:
    factors = draw(count=900)[:, :2]
    codes = np.concatenate([turned(draw(count=900))[:, :3], perfect(factors)[:, :1]], axis=1)
    seen, unseen = split(check(codes, factors))
    importance, accuracy = compute_importance(seen, unseen)
    exact = [GradientBoostingClassifier(random_state=0).fit(seen.codes, column) for column in seen.factors.T]
    theirs = np.mean([m.score(unseen.codes, y) for m, y in zip(exact, unseen.factors.T, strict=True)])
    assert accuracy == pytest.approx(theirs, abs=0.05)
    np.testing.assert_allclose(importance, [m.feature_importances_ for m in exact], atol=0.1)
    np.testing.assert_allclose(importance.sum(axis=1), 1)


@pytest.mark.slow
def test_copies_share_their_importance_and_exact_trees_agree() -> None:
    factors = draw(count=1800)[:, :3]
    seen, unseen = split(check(doubled(factors), factors))
    exact = [
        GradientBoostingClassifier(random_state=k).fit(seen.codes, y) for k, y in enumerate(seen.factors.T)
    ]
    for importance in (
        compute_importance(seen, unseen)[0],
        np.stack([trees.feature_importances_ for trees in exact]),
    ):
        assert compute_completeness(importance) == pytest.approx(1 - math.log(2) / math.log(6), abs=0.04)
        both = importance[:, :3] + importance[:, 3:]
        np.testing.assert_allclose(both, np.eye(3), atol=0.03)


def test_exact_trees_share_importance_evenly_between_copies() -> None:
    rng = np.random.default_rng(0)
    factors = np.stack([rng.integers(0, size, 1200) for size in (3, 4, 5, 8, 6)], axis=1)
    codes = oracle_codes(factors) + 0.02 * rng.standard_normal(factors.shape)
    seen, unseen = split(check(np.concatenate([codes, codes], axis=1), factors))
    ideal = 1 - math.log(2) / math.log(10)
    importance, informativeness = compute_importance(seen, unseen, exact=True)
    assert compute_completeness(importance) == pytest.approx(ideal, abs=0.002)
    assert informativeness > 0.99


def test_trees_that_never_split_have_no_importance() -> None:
    factors = np.stack([np.arange(90) % 2, np.arange(90) % 3], axis=1)
    seen, unseen = split(check(np.zeros((90, 2)), factors))
    importance, informativeness = compute_importance(seen, unseen)
    assert importance.tolist() == [[0, 0], [0, 0]]
    assert compute_disentanglement(importance) == pytest.approx(0, abs=1e-9)
    assert informativeness == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_a_collapsed_dimension_takes_no_part_and_without_any_the_score_is_0() -> None:
    factors = draw(count=1500)
    codes = np.concatenate([perfect(factors), 1e-6 * factors[:, :1]], axis=1)  # would win every vote on shape
    assert compute_factor_vae(codes, factors, 0, *POINTS) == pytest.approx(1)
    assert compute_factor_vae(0.01 * perfect(factors), factors, 0, *POINTS) == 0


def test_pairs_share_their_factor_and_nothing_else() -> None:
    factors = draw(count=1500)
    rng = np.random.default_rng(0)
    points, shared = compute_features(Sample(factors.astype(float), factors), 400, rng)
    assert set(shared) == {0, 1, 2, 3}
    for factor in range(4):
        mine = points[shared == factor]
        assert (mine[:, factor] == 0).all()
        for other in set(range(4)) - {factor}:  # E|a − b| of two uniform values of n is (n² − 1) / 3n
            n = SIZES[other]
            assert mine[:, other].mean() == pytest.approx((n**2 - 1) / (3 * n), rel=0.05)


def test_batches_have_one_value_of_the_fixed_factor() -> None:
    factors = draw(count=1500)
    sample = Sample(factors.astype(float), factors)
    table = compute_votes(sample, sample.codes.var(axis=0, ddof=1), 400, np.random.default_rng(0))
    assert (table == np.diag(np.diag(table))).all()  # the fixed one varies by 0, always
    assert table.sum() == 400


@given(st.lists(st.integers(0, 4), min_size=2, max_size=30), st.integers(0, 1000))
def test_what_is_drawn_shares_the_value(values: list[int], seed: int) -> None:
    column = np.array(values)
    groups = Groups.by(column)
    mine = np.arange(len(column))
    drawn = groups.draw(np.random.default_rng(seed), mine, (len(column), 6))
    assert (column[drawn] == column[:, None]).all()
    assert groups.usable.tolist() == [i for i, v in enumerate(values) if values.count(v) > 1]


def test_svms_are_those_of_the_definition() -> None:
    from sklearn.svm import LinearSVC

    seen, unseen = split(check(turned(draw(count=300)), draw(count=300)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dual = LinearSVC(C=0.01, class_weight="balanced", dual=True, max_iter=20_000, random_state=0)
        dual.fit(seen.codes[:, [1]], seen.factors[:, 0])
    expected = dual.score(unseen.codes[:, [1]], unseen.factors[:, 0])
    assert compute_accuracies(seen, unseen)[0, 1] == pytest.approx(expected, abs=0.02)


# --- what has no meaning ---


def test_a_constant_code_has_no_information_and_no_modularity() -> None:
    factors = draw()
    codes = np.stack([np.full(len(factors), 0.3), perfect(factors)[:, 1]], axis=1)
    information = compute_mutual_information(codes, factors)
    assert (information[:, 0] == 0).all()  # not the 2e-16 nats of rounding
    assert compute_modularity(information[:, :1]) == 0
    assert compute_modularity(information) == pytest.approx(0.5, abs=0.01)


def test_a_constant_factor_is_left_out_of_every_metric() -> None:
    factors = draw(count=900)[:, :2]
    codes = perfect(factors)
    more = np.insert(factors, 1, 3, axis=1)
    assert compute_scores(codes, more, 0) == compute_scores(codes, factors, 0)
    for drawn in (compute_beta_vae, compute_factor_vae):
        assert drawn(codes, more, 0, 300, 300) == drawn(codes, factors, 0, 300, 300)
    information, entropies = compute_mutual_information(codes, more), compute_entropy(more)
    assert compute_mig(information, entropies) == pytest.approx(
        compute_mig(information[[0, 2]], entropies[[0, 2]])
    )
    with pytest.raises(ExplorerError, match="same factors or labels"):
        split(check(codes, more[:, 1:2]))


def test_one_factor_leaves_out_what_compares_factors() -> None:
    factors = draw()[:, :1]
    found = compute_scores(turned(draw()), factors, 0)
    assert found.keys() == {"mig", "sap", "dci_completeness", "dci_informativeness", "explicitness"}
    assert set(find_inapplicable(factors, 4).values()) == {"there is only one factor"}


def test_one_dimension_leaves_out_what_compares_dimensions() -> None:
    factors = draw()
    found = compute_scores(perfect(factors)[:, :1], factors, 0)
    assert found.keys() == {"beta_vae", "dci_informativeness", "modularity", "explicitness"}


def test_values_that_never_repeat_are_cut_into_ranges() -> None:
    factors = np.stack([np.arange(1000) * 7, np.arange(1000) % 3], axis=1)
    ranges = bin_factors(factors)
    assert np.bincount(ranges[:, 0]).tolist() == [50] * 20
    assert (np.diff(ranges[:, 0]) >= 0).all()
    assert (ranges[:, 1] == factors[:, 1]).all()


def test_two_thirds_are_for_learning() -> None:
    whole = check(np.arange(18_000.0)[:, None], np.arange(18_000)[:, None] % 2)
    seen, unseen = split(whole)
    assert (len(seen), len(unseen)) == (10_000, 5_000)
    small, rest = split(Sample(whole.codes[:90], whole.factors[:90]))
    assert (len(small), len(rest)) == (60, 30)
    assert not set(small.codes[:, 0]) & set(rest.codes[:, 0])


def test_sap_of_perfect_codes_and_explicitness_of_noise() -> None:
    factors = draw(count=900)
    assert compute_gap(compute_accuracies(*split(check(perfect(factors), factors)))) > 0.2
    areas = compute_areas(*split(check(noise(factors), factors)))
    assert areas.mean() == pytest.approx(0.5, abs=0.05)
