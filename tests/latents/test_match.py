"""Matching dimensions, and laying maps over one another, against what was hidden in made-up codes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.latents.match import align_planes, correlations, match


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), d=st.integers(1, 12))
def test_a_hidden_permutation_and_mirroring_is_found(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    lead = rng.standard_normal((400, d))
    order, sign = rng.permutation(d), rng.choice([-1, 1], d)
    other = np.empty_like(lead)
    other[:, order] = 3 * sign * lead + 0.01 * rng.standard_normal((400, d)) + 7
    found = match(lead, other)
    assert (found.order == order).all()
    assert (found.sign == sign).all()
    assert found.correlation.min() > 0.99


def test_correlations_are_those_of_numpy_and_0_for_a_dead_dimension() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((50, 3)), rng.standard_normal((50, 2))
    assert np.allclose(correlations(a, b), np.corrcoef(a.T, b.T)[:3, 3:])
    a[:, 1] = 2
    assert (correlations(a, b)[1] == 0).all()
    assert sorted(match(a, a).order) == [0, 1, 2]


def test_a_dead_dimension_is_matched_last_whatever_it_correlates_with() -> None:
    rng = np.random.default_rng(2)
    lead = rng.standard_normal((400, 3)) * [1, 1, 0.01]
    # the first is dead and follows the first of the others exactly, the second does so roughly
    other = np.stack([0.03 * lead[:, 0], lead[:, 0] + rng.standard_normal(400), lead[:, 1]], axis=1)
    assert match(lead, other).order.tolist() == [1, 2, 0]
    assert match(other, lead).order.tolist() == [2, 0, 1]


def test_maps_are_turned_onto_the_one_before_and_stay_the_same_planes() -> None:
    rng = np.random.default_rng(1)
    codes = rng.standard_normal((300, 5)) * [3, 2, 1, 1, 1]
    angle = np.deg2rad(130)
    turn = np.array([[np.cos(angle), np.sin(angle)], [np.sin(angle), -np.cos(angle)]])  # and mirrored
    axes = np.eye(5)[:2]
    planes = [(np.zeros(5), axes), (np.ones(5), turn @ axes)]
    first, second = align_planes(planes, [codes, codes])
    assert np.array_equal(first, axes)
    assert np.allclose(second, axes)
    assert np.allclose(second @ second.T, np.eye(2))
