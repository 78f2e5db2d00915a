"""Distances between codes against all pairs and against a tree search."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.latents.support import nearest_distances, unit


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**31 - 1),
    n=st.integers(2, 30),
    d=st.integers(1, 20),
    size=st.sampled_from([1e-2, 1.0, 1e3]),
    rows=st.integers(1, 40),
)
def test_distances_are_those_of_all_pairs(seed: int, n: int, d: int, size: float, rows: int) -> None:
    codes = (size * np.random.default_rng(seed).standard_normal((n, d))).astype(np.float32)
    pairs = np.linalg.norm(codes[:, None].astype(float) - codes[None], axis=-1) + np.diag(np.full(n, np.inf))
    np.testing.assert_allclose(nearest_distances(codes, cells=rows * n), pairs.min(1), rtol=1e-6)
    assert unit(nearest_distances(codes)) == pytest.approx(np.median(pairs.min(1)), rel=1e-6)


def test_nearest_distances_are_those_of_a_tree_search() -> None:
    from sklearn.neighbors import NearestNeighbors

    codes = np.random.default_rng(2).normal(100, 1, (700, 5)).astype(np.float32)
    codes[1] = codes[0]
    expected = NearestNeighbors(n_neighbors=1).fit(codes.astype(np.float64)).kneighbors()[0][:, 0]
    np.testing.assert_allclose(nearest_distances(codes, cells=300 * 700), expected, rtol=1e-9, atol=1e-9)
    assert nearest_distances(codes[:1]) == np.inf


def test_a_million_codes_take_little_memory_and_time() -> None:
    """On a grid of one million points every nearest neighbour is one step away; 11 GB were taken for it once."""
    code = """
import resource
import numpy as np
from explorer.latents.support import nearest_distances, unit
codes = np.stack(np.meshgrid(*[np.arange(100, dtype=np.float32)] * 3), -1).reshape(-1, 3)
limit = 2**30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
apart = nearest_distances(codes)
assert 500 < len(apart) < 550 and (apart == 1).all() and unit(apart) == 1, apart
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def test_equal_codes_have_a_unit_and_a_single_one_has_none() -> None:
    assert unit(nearest_distances(np.ones((5, 2)))) == 1
    assert unit(nearest_distances(np.array([[0.0], [0.0], [0.0], [2.0]]))) == 2
    with pytest.raises(ExplorerError, match="at least 2"):
        unit(nearest_distances(np.ones((1, 2))))
