"""The FactorVAE score: does the dimension that varies least tell which factor is fixed? (Kim & Mnih 2018, section 3)"""

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

PRUNED = 0.05  # standard deviation below which a dimension counts as collapsed


def compute_votes(sample: Sample, variances: np.ndarray, points: int, rng: np.random.Generator) -> np.ndarray:
    """How often `(K, d)` dimension j varied least, relative to `variances` `(d,)`, while factor k was fixed.

    Each vote is a batch of 64 images that share one value of the factor.
    """
    table = np.zeros((sample.factors.shape[1], len(variances)), np.int64)
    for factor, groups, count in draw_rounds(rng, sample.factors, points):
        fixed = rng.choice(groups.usable, count)
        batch = sample.codes[groups.draw(rng, fixed, (count, BATCH))]  # (count, BATCH, d)
        least = (batch.var(axis=1, ddof=1) / variances).argmin(axis=1)
        table[factor] += np.bincount(least, minlength=len(variances))
    return table


def compute_factor_vae(
    codes: np.ndarray, factors: np.ndarray, seed: int, train: int = POINTS, test: int = POINT_TESTS
) -> float:
    """Accuracy of the majority vote; 1/K is chance, 1 the best, 0 if every dimension has collapsed.

    codes `(N, d)`, factors `(N, K)`; training and test votes are drawn from different images. Dimensions whose
    standard deviation is below 0.05 take no part. Raises ExplorerError if the arrays do not fit together.
    """
    rng = np.random.default_rng(seed)
    train_sample, test_sample = split(check(codes, factors))
    variances = train_sample.codes.var(axis=0, ddof=1)
    active = np.sqrt(variances) >= PRUNED
    if not active.any():
        return 0.0
    first, second = (Sample(part.codes[:, active], part.factors) for part in (train_sample, test_sample))
    majority = compute_votes(first, variances[active], train, rng).argmax(axis=0)
    ballot = compute_votes(second, variances[active], test, rng)
    return float(ballot[majority, np.arange(len(majority))].sum() / ballot.sum())
