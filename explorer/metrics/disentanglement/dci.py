"""DCI: disentanglement, completeness, informativeness (Eastwood & Williams 2018, section 2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from explorer.metrics.disentanglement.sampling import Sample, check, split

TREES, DEPTH, RATE = 100, 3, 0.1  # per class: scikit-learn's defaults of gradient boosting
FLOOR = 1e-11


class DCI(NamedTuple):
    """disentanglement: is a dimension for one factor? completeness: is a factor in one dimension? informativeness: how
    many test images' factors are predicted right."""

    disentanglement: float
    completeness: float
    informativeness: float


def disentanglement(importance: ArrayLike) -> float:
    """1 − entropy (base K) over factors of each dimension's column of `(K, d)`, weighted by its importance."""
    table = np.abs(np.asarray(importance, np.float64))
    return _concentration(table.T)


def completeness(importance: ArrayLike) -> float:
    """1 − entropy (base d) over dimensions of each factor's row of `(K, d)`, weighted by its importance."""
    return _concentration(np.abs(np.asarray(importance, np.float64)))


def _concentration(rows: np.ndarray) -> float:
    shares = rows + FLOOR
    shares /= shares.sum(axis=1, keepdims=True)
    each = 1 + (shares * np.log(shares)).sum(axis=1) / np.log(rows.shape[1])
    weight = rows.sum(axis=1) if rows.sum() > 0 else np.ones(len(rows))
    return float((each * weight).sum() / weight.sum())


def predict(seen: Sample, unseen: Sample) -> tuple[np.ndarray, float]:
    """Boosted trees for every factor: importance `(K, d)`, rows summing to 1, and the mean accuracy on `unseen`.

    The trees are scikit-learn's histogram ones: the same 100 rounds of depth 3 at rate 0.1 as its exact ones, some
    twenty times faster. Importance is the gain of the splits on a dimension, summed over all trees.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, shares = [], []
    for k in range(seen.factors.shape[1]):
        trees = HistGradientBoostingClassifier(
            max_iter=TREES, max_depth=DEPTH, learning_rate=RATE, early_stopping=False, random_state=0
        )
        trees.fit(seen.codes, seen.factors[:, k])
        rows.append(gains(trees, seen.latents))
        shares.append(trees.score(unseen.codes, unseen.factors[:, k]))
    return np.stack(rows), float(np.mean(shares))


def gains(trees: Any, latents: int) -> np.ndarray:
    """Each feature's share `(latents,)` of the gain of all splits; zeros if nothing was ever split."""
    total = np.zeros(latents)
    for tree in (tree for stage in trees._predictors for tree in stage):  # what it learned, in no public form
        splits = tree.nodes[tree.nodes["is_leaf"] == 0]
        np.add.at(total, splits["feature_idx"], splits["gain"].clip(0))
    return total / total.sum() if total.sum() > 0 else total


def dci(codes: np.ndarray, factors: np.ndarray) -> DCI:
    """DCI of codes `(N, d)`, d > 1, and factors `(N, K)`, K > 1, two thirds to learn from and a third to test.

    Raises ExplorerError if the arrays do not fit together.
    """
    importance, informativeness = predict(*split(check(codes, factors)))
    return DCI(disentanglement(importance), completeness(importance), informativeness)
