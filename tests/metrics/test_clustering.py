"""Agreement of clusters with classes against brute force and known answers."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.metrics.clustering import compute_agreement, compute_class_report, find_clusters


@given(seed=st.integers(0, 1000), k=st.integers(1, 5), classes=st.integers(1, 5))
def test_the_accuracy_is_that_of_the_best_assignment(seed: int, k: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    clusters, labels = rng.integers(k, size=40), rng.integers(classes, size=40)
    found = compute_agreement(clusters, labels, k, classes)
    size = max(k, classes)
    best = max(
        np.mean([chosen[c] == y for c, y in zip(clusters, labels, strict=True)])
        for chosen in permutations(range(size))
    )
    assert found.accuracy == pytest.approx(best)
    named = found.assignment[found.assignment >= 0]
    assert len(set(named.tolist())) == len(named) == min(k, classes)
    assert (found.assignment[clusters] == labels).mean() == pytest.approx(best)
    assert found.confusion.sum() == 40


def test_renamed_classes_agree_entirely_and_constant_ones_not_at_all() -> None:
    labels = np.repeat(np.arange(4), 25)
    renamed = compute_agreement((labels + 2) % 4, labels, 4, 4)
    assert (renamed.accuracy, renamed.nmi) == (1.0, pytest.approx(1.0))
    constant = compute_agreement(np.zeros(100, int), labels, 4, 4)
    assert (constant.accuracy, constant.nmi) == (0.25, pytest.approx(0.0))


def test_the_report_sets_boxes_beside_k_means() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), 50)
    points = np.eye(3)[labels] * 10 + rng.normal(size=(150, 3))
    assert len(np.unique(find_clusters(points, 3))) == 3
    half = np.where(labels == 2, 1, labels)
    report = compute_class_report(half, labels, ("a", "b", "c"), 3, {"points": points})
    assert report.figures["k-means on points"].accuracy == 1.0
    assert report.figures["boxes of the model"].accuracy == pytest.approx(2 / 3)
    assert report.confusion == ((50, 0, 0), (0, 50, 50), (0, 0, 0))
    assert "66.7 %" in report.text()
