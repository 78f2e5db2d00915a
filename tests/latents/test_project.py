"""Curved projections: clusters stay together, and the seed decides."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from explorer.errors import ExplorerError
from explorer.latents import projection


def blobs(per_blob: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), per_blob)
    centres = 8 * np.eye(4, 6)
    return (centres[labels] + rng.standard_normal((len(labels), 6))).astype(np.float32), labels


@pytest.mark.slow
@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_clusters_stay_together_and_progress_rises(method: str) -> None:
    mean, labels = blobs()
    heard: list[float] = []
    placed = projection.project(mean, method, 0, lambda fraction, _: heard.append(fraction))
    assert placed.shape == (len(mean), 2)
    assert KNeighborsClassifier(5).fit(placed[::2], labels[::2]).score(placed[1::2], labels[1::2]) == 1
    assert heard == sorted(heard)
    assert len(heard) > 4
    assert heard[-1] > 0.9
    np.testing.assert_array_equal(placed, projection.project(mean, method, 0, lambda *_: None))


def test_too_few_codes_are_explained() -> None:
    with pytest.raises(ExplorerError, match="at least 5 codes"):
        projection.project(np.zeros((3, 4)), "umap", 0, lambda *_: None)
