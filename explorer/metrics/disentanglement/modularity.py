"""Modularity and explicitness (Ridgeway & Mozer 2018, section 3)."""

from __future__ import annotations

import numpy as np

from explorer.metrics.disentanglement.sampling import Sample, check, split


def modularity(information: np.ndarray) -> float:
    """Mean over dimensions of 1 − (ΣI² − max I²)/(max I²·(K − 1)), from mutual information `(K, d)`, K > 1.

    1 if no dimension knows more than one factor. A dimension that knows nothing counts 0.
    """
    squares = np.square(information)
    best = squares.max(axis=0)
    known = best > 0
    rest = (squares.sum(axis=0) - best) / np.where(known, best, 1) / (len(information) - 1)
    return float(np.where(known, 1 - rest, 0).mean())


def explicitness_per_factor(seen: Sample, unseen: Sample) -> np.ndarray:
    """`(K,)`: area under the ROC curve of logistic regression on all dimensions, the mean over a factor's values."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    centre, spread = seen.codes.mean(axis=0), seen.codes.std(axis=0)
    x, tests = ((part.codes - centre) / np.where(spread > 0, spread, 1) for part in (seen, unseen))
    found = []
    for k in range(seen.factors.shape[1]):
        model = LogisticRegression(max_iter=1000).fit(x, seen.factors[:, k])
        truth = unseen.factors[:, k, None] == model.classes_
        told = truth.any(axis=0) & ~truth.all(axis=0)  # a value that no test image has cannot be asked for
        found.append(
            roc_auc_score(truth[:, told], model.predict_proba(tests)[:, told]) if told.any() else 0.5
        )
    return np.array(found)


def explicitness(codes: np.ndarray, factors: np.ndarray) -> float:
    """Mean over factors: can all codes together tell each value from the rest? 0.5 is chance, 1 the best.

    codes `(N, d)`, factors `(N, K)`; two thirds to learn from, a third to test. Raises ExplorerError if the arrays do
    not fit together.
    """
    return float(explicitness_per_factor(*split(check(codes, factors))).mean())
