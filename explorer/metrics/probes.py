"""Probes: how much a simple classifier reads from features, trained on some and tested on others."""

from typing import Any

import numpy as np

PROBES = {
    "linear": "logistic regression",
    "neighbours": "nearest neighbours",
    "network": "a network with 100 hidden units",
}
MAX_NEIGHBOURS = 15
STEPS = 300
"""Of the solver of logistic regression."""


def build_probe(kind: str, count: int, seed: int = 0) -> Any:
    """An untrained scikit-learn classifier of a kind in PROBES, for `count` examples.

    Nearest neighbours are those of the features as they are, and vote by 15, by fewer where there are fewer than 300
    examples: 1 of 10. The others get features of unit variance.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind == "linear":
        probe: Any = LogisticRegression(max_iter=STEPS)
    elif kind == "neighbours":
        return KNeighborsClassifier(max(1, min(MAX_NEIGHBOURS, count // 20)))
    else:
        probe = MLPClassifier((100,), early_stopping=True, random_state=seed)
    return make_pipeline(StandardScaler(), probe)


def compute_accuracy(
    kind: str, features: np.ndarray, labels: np.ndarray, tests: np.ndarray, truth: np.ndarray, seed: int = 0
) -> float:
    """Share of `tests` `(M, f)` whose class `truth` `(M,)` a probe of a kind in PROBES names, trained on `features`
    `(N, f)` and `labels` `(N,)`."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # a solver that is stopped has a probe all the same
        probe = build_probe(kind, len(labels), seed).fit(features, labels)
    return float((probe.predict(tests) == truth).mean())
