"""Support: distances against all pairs, and holes where there are holes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.latents.support import Support


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**31 - 1),
    n=st.integers(2, 30),
    d=st.integers(1, 20),
    unit=st.sampled_from([1e-2, 1.0, 1e3]),
)
def test_distances_are_those_of_all_pairs(seed: int, n: int, d: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    codes, z = (unit * rng.standard_normal((n, d))).astype(np.float32), unit * rng.standard_normal((7, d))
    pairs = np.linalg.norm(codes[:, None].astype(float) - codes[None], axis=-1) + np.diag(np.full(n, np.inf))
    expected = np.linalg.norm(z[:, None] - codes[None], axis=-1)
    support = Support(codes)
    assert support.unit == pytest.approx(np.median(pairs.min(1)), rel=1e-6)
    position, distance = support.nearest(z)
    np.testing.assert_array_equal(position, expected.argmin(1))
    np.testing.assert_allclose(distance, expected.min(1) / np.median(pairs.min(1)), rtol=1e-6)
    np.testing.assert_allclose(support.distance(codes), 0, atol=1e-6)


def test_a_ring_has_a_hole_and_an_outside() -> None:
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    support = Support(5 * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    x, y = np.linspace(-8, 8, 33), np.linspace(-6, 6, 25)
    field = support.field(x, y)
    assert field.shape == (25, 33)
    step = 2 * 5 * np.sin(np.pi / 200)  # between neighbours on the ring
    radius = np.hypot(*np.meshgrid(x, y))
    np.testing.assert_allclose(field, np.abs(radius - 5) / step, atol=0.6)
    assert field[12, 16] == pytest.approx(5 / step, rel=1e-3)  # the centre


def test_a_field_in_more_dimensions_is_a_slice() -> None:
    codes = np.random.default_rng(0).standard_normal((40, 4))
    support, x, y = Support(codes), np.array([-1.0, 0.5, 2.0]), np.array([0.0, 3.0])
    at = np.array([9.0, 1.0, 9.0, -2.0])
    field = support.field(x, y, dims=(2, 0), at=at)
    for row, value in enumerate(y):
        for column, other in enumerate(x):
            z = np.array([[value, 1.0, other, -2.0]])
            assert field[row, column] == pytest.approx(support.distance(z)[0])
    by_mean = support.field(codes.mean(0)[:1], codes.mean(0)[1:2])
    assert by_mean[0, 0] == pytest.approx(support.distance(codes.mean(0)[None])[0])


def test_equal_codes_have_a_unit_and_a_single_one_has_none() -> None:
    assert Support(np.ones((5, 2))).distance(np.array([[1.0, 4.0]]))[0] == pytest.approx(3)
    assert Support(np.array([[0.0], [0.0], [0.0], [2.0]])).unit == 2
    with pytest.raises(ExplorerError, match="at least 2"):
        Support(np.ones((1, 2)))
