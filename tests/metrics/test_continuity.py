"""Continuity: decoders whose change along a line is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.metrics.continuity import compute_continuity, segments


@given(seed=st.integers(0, 2**31 - 1), d=st.integers(1, 5), steps=st.integers(1, 12))
def test_a_linear_decoder_moves_evenly_at_the_speed_of_its_matrix(seed: int, d: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, ends = rng.normal(size=(d, 12)), rng.normal(size=(2, 6, d)).astype(np.float32)
    z, lengths = segments(ends, steps)
    assert z.shape == (6, steps + 1, d)
    np.testing.assert_array_equal(z[:, 0], ends[0])
    np.testing.assert_array_equal(z[:, -1], ends[1])
    found = compute_continuity((z.astype(np.float64) @ matrix).reshape(6, steps + 1, 1, 3, 4), lengths)
    direct = ends[1].astype(np.float64) - ends[0]
    speed = np.linalg.norm(direct @ matrix, axis=1) / np.linalg.norm(direct, axis=1)
    assert found.speed == pytest.approx(speed.mean(), rel=1e-3)
    assert found.jump == pytest.approx(1, abs=1e-2)


def test_a_decoder_that_jumps_once_changes_all_at_once() -> None:
    images = np.zeros((4, 11, 1, 2, 2))
    images[:, 6:] = 1  # all four pixels: a distance of 2
    found = compute_continuity(images, np.array([1.0, 2.0, 4.0, 4.0]))
    assert found.jump == 10
    assert found.speed == pytest.approx(np.mean([2, 1, 0.5, 0.5]))


def test_a_detour_counts_in_full_and_stillness_is_even() -> None:
    there_and_back = np.array([0, 1, 3, 0.0]).reshape(1, 4, 1, 1, 1)
    found = compute_continuity(there_and_back, np.array([2.0]))
    assert found.speed == 3
    assert found.jump == pytest.approx(3 / 2)
    still = compute_continuity(np.ones((3, 5, 1, 2, 2)), np.ones(3))
    assert (still.speed, still.jump) == (0, 1)


def test_a_segment_without_length_is_refused() -> None:
    with pytest.raises(ExplorerError, match="two different ends"):
        compute_continuity(np.ones((1, 5, 1, 2, 2)), np.zeros(1))
