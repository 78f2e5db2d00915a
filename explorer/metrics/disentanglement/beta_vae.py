"""The β-VAE score: can a linear classifier tell which factor two images share? (Higgins et al. 2017, section 3)"""

import numpy as np

from explorer.metrics.disentanglement.sampling import (
    BATCH,
    POINT_TESTS,
    POINTS,
    Sample,
    check,
    draw_rounds,
    split,
)


def compute_features(sample: Sample, points: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points `(points, d)`, each the mean |z₁ − z₂| of 64 pairs that share a factor, and which one `(points,)`.

    The images of a pair have the same value of that factor, a new one for every pair.
    """
    features, shared = [], []
    for factor, groups, count in draw_rounds(rng, sample.factors, points):
        left = rng.choice(groups.usable, (count, BATCH))
        right = groups.draw(rng, left.ravel(), (left.size,)).reshape(left.shape)
        features.append(np.abs(sample.codes[left] - sample.codes[right]).mean(axis=1))
        shared += [factor] * count
    return np.concatenate(features), np.array(shared)


def compute_beta_vae(
    codes: np.ndarray, factors: np.ndarray, seed: int, train: int = POINTS, test: int = POINT_TESTS
) -> float:
    """Accuracy of logistic regression on `test` points after `train` points; 1/K is chance, 1 the best.

    codes `(N, d)`, factors `(N, K)`; training and test points are drawn from different images. Raises ExplorerError
    if the arrays do not fit together.
    """
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    train_sample, test_sample = split(check(codes, factors))
    x, y = compute_features(train_sample, train, rng)
    tests, truth = compute_features(test_sample, test, rng)
    return float(LogisticRegression(max_iter=1000).fit(x, y).score(tests, truth))
