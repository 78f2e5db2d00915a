"""DCI: disentanglement, completeness, informativeness (Eastwood & Williams 2018, section 2)."""

from __future__ import annotations

from typing import NamedTuple

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


def compute_disentanglement(importance: ArrayLike) -> float:
    """1 − entropy (base K) over factors of each dimension's column of `(K, d)`, weighted by its importance."""
    table = np.abs(np.asarray(importance, np.float64))
    return _concentration(table.T)


def compute_completeness(importance: ArrayLike) -> float:
    """1 − entropy (base d) over dimensions of each factor's row of `(K, d)`, weighted by its importance."""
    return _concentration(np.abs(np.asarray(importance, np.float64)))


def _concentration(rows: np.ndarray) -> float:
    shares = rows + FLOOR
    shares /= shares.sum(axis=1, keepdims=True)
    each = 1 + (shares * np.log(shares)).sum(axis=1) / np.log(rows.shape[1])
    weight = rows.sum(axis=1) if rows.sum() > 0 else np.ones(len(rows))
    return float((each * weight).sum() / weight.sum())


def compute_importance(seen: Sample, unseen: Sample, exact: bool = False) -> tuple[np.ndarray, float]:
    """Boosted trees for every factor: importance `(K, d)`, rows summing to 1, and the mean accuracy on `unseen`.

    LightGBM's histogram trees: 100 rounds of depth 3 at rate 0.1, as in the reference code; importance is the gain
    of the splits on a dimension, summed over all trees. exact: scikit-learn's trees instead, as in the reference
    code, whose gains are normalised tree by tree; they take minutes for factors of 40 values.
    """
    rows, accuracies = [], []
    for k in range(seen.factors.shape[1]):
        fit = _fit_exact if exact else _fit_histogram
        gains, accuracy = fit(seen.codes, seen.factors[:, k], unseen.codes, unseen.factors[:, k], k)
        rows.append(gains / gains.sum() if gains.sum() > 0 else gains)
        accuracies.append(accuracy)
    return np.stack(rows), float(np.mean(accuracies))


def _fit_histogram(
    x: np.ndarray, y: np.ndarray, tests: np.ndarray, truth: np.ndarray, seed: int
) -> tuple[np.ndarray, float]:
    """Gains `(d,)` and accuracy, the means of two fits.

    Of equally good dimensions these trees always split on the first. So the dimensions are shuffled, and the second
    fit has them in reverse: copies of one dimension share its importance, as they do in trees with random ties.
    """
    from lightgbm import LGBMClassifier

    order = np.random.default_rng(seed).permutation(x.shape[1])
    gains, accuracy = np.zeros(x.shape[1]), 0.0
    for columns in (order, order[::-1]):
        trees = LGBMClassifier(
            n_estimators=TREES,
            max_depth=DEPTH,
            learning_rate=RATE,
            min_child_samples=1,
            importance_type="gain",
            deterministic=True,
            n_jobs=1,
            verbose=-1,
        ).fit(x[:, columns], y)
        gains[columns] += trees.feature_importances_ / 2
        accuracy += trees.score(tests[:, columns], truth) / 2
    return gains, accuracy


def _fit_exact(
    x: np.ndarray, y: np.ndarray, tests: np.ndarray, truth: np.ndarray, seed: int
) -> tuple[np.ndarray, float]:
    from sklearn.ensemble import GradientBoostingClassifier

    trees = GradientBoostingClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, random_state=seed
    ).fit(x, y)
    return trees.feature_importances_, trees.score(tests, truth)


def compute_dci(codes: np.ndarray, factors: np.ndarray, exact: bool = False) -> DCI:
    """DCI of codes `(N, d)`, d > 1, and factors `(N, K)`, K > 1, two thirds to learn from and a third to test.

    exact: see `compute_importance`. Raises ExplorerError if the arrays do not fit together.
    """
    importance, informativeness = compute_importance(*split(check(codes, factors)), exact)
    return DCI(compute_disentanglement(importance), compute_completeness(importance), informativeness)
