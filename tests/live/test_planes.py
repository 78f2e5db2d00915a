"""The plane of two principal directions, against scikit-learn, for few dimensions and for a grid of words."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from explorer.live.columns import explained, principal_plane


@pytest.mark.parametrize("d", [3, 10, 784])
def test_the_plane_is_that_of_scikit_learn(d: int) -> None:
    rng = np.random.default_rng(d)
    mean = (rng.normal(size=(300, d)) * np.geomspace(3, 0.5, d) + 2).astype(np.float32)
    pca = PCA(2, svd_solver="full").fit(mean.astype(np.float64))
    point, directions = principal_plane(mean)
    turned = pca.components_ * np.sign((pca.components_ * directions).sum(1))[:, None]
    np.testing.assert_allclose(directions, turned, atol=1e-6)
    assert (directions[[0, 1], np.abs(directions).argmax(1)] > 0).all()
    np.testing.assert_allclose(directions @ point, 0, atol=1e-9)
    np.testing.assert_allclose(explained(mean), pca.explained_variance_ratio_, rtol=1e-6)


def test_equal_codes_have_a_plane() -> None:
    mean = np.ones((5, 784), np.float32)
    point, directions = principal_plane(mean)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)
    assert np.isfinite(point).all()
    assert (explained(mean) == 0).all()
