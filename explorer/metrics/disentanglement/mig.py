"""Mutual information of latents and factors, and its gap MIG (Chen et al. 2018, section 4.1)."""

import numpy as np

from explorer.metrics.disentanglement.sampling import BINS, check

ROUNDING = 1e-12  # nats: less information than this is rounding
CENTRE = 0.99
CROWDED = 0.25
LARGE_MEAN, MAX_COUNT = 30, 100  # above that mean, two terms of the series of E[n log n] are enough


def bin_codes(codes: np.ndarray) -> np.ndarray:
    """Each column of codes `(N, d)` in 20 bins of equal width, from its least to its greatest value."""
    low, high = codes.min(axis=0), codes.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    return np.minimum(((codes - low) / width * BINS).astype(np.int64), BINS - 1)


def find_crowded(codes: np.ndarray) -> np.ndarray:
    """Columns of codes `(N, d)` whose equal-width bins are nearly all empty because of a few outliers, in order.

    The middle 99 % of such codes cover less than a quarter of the range, so about 5 of the 20 bins hold them. Of 10,000
    Gaussian codes they cover two thirds.
    """
    low, high = np.quantile(codes, [(1 - CENTRE) / 2, (1 + CENTRE) / 2], axis=0)
    span = codes.max(axis=0) - codes.min(axis=0)
    return np.flatnonzero((span > 0) & (high > low) & (high - low < CROWDED * span))


def compute_mutual_information(codes: np.ndarray, factors: np.ndarray, corrected: bool = False) -> np.ndarray:
    """I(factor; latent) `(K, d)` in nats, of codes `(N, d)` in 20 bins each and factors `(N, K)` of any values.

    The plain estimate, which defines MIG, is biased upwards. corrected: linearly rescaled so that independent variables
    with the same counts have 0 in expectation and a perfect code keeps the factor's entropy, as in the adjusted mutual
    information of Vinh et al. 2010.
    Raises ExplorerError if the arrays do not fit together.
    """
    sample = check(codes, factors)
    bins, n = bin_codes(sample.codes), len(sample)
    table = np.zeros((sample.factors.shape[1], sample.latents))
    for k, column in enumerate(sample.factors.T):
        _, value = np.unique(column, return_inverse=True)
        for j in range(sample.latents):
            joint = np.bincount(value * BINS + bins[:, j], minlength=(value.max() + 1) * BINS) / n
            table[k, j] = _information(joint.reshape(-1, BINS), n if corrected else None)
    return table


def _information(joint: np.ndarray, images: int | None) -> float:
    """Mutual information of a table of shares, rows first; corrected for chance if it is of so many `images`."""
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    occupied = joint > 0
    nats = float((joint[occupied] * np.log(joint[occupied] / np.outer(rows, columns)[occupied])).sum())
    if images:
        chance = compute_chance(rows * images, columns * images)
        entropy = float(-(rows[rows > 0] * np.log(rows[rows > 0])).sum())
        nats = entropy * (nats - chance) / (entropy - chance) if entropy > chance else 0.0
    return nats if nats > ROUNDING else 0.0


def compute_chance(rows: np.ndarray, columns: np.ndarray) -> float:
    """Expected estimate of I in nats of independent variables with these counts of their values, `(K,)` and `(B,)`.

    The count n of a cell is taken as Poisson with mean λ = row · column / N, and its E[n log n] − λ log λ is scaled by
    the share of the variance that remains with fixed counts. For large λ the sum is (K − 1)(B − 1)/2N. Within 10 % of
    the exact value, or 0.0025 nats, from 500 images on.
    """
    from scipy.special import gammaln  # not at start-up: it takes a tenth of a second

    n = rows.sum()
    rows, columns = rows[rows > 0] / n, columns[columns > 0] / n
    mean = np.outer(rows, columns) * n
    small = np.minimum(mean, LARGE_MEAN)[..., None]
    count = np.arange(2, MAX_COUNT)
    poisson = np.exp(count * np.log(small) - small - gammaln(count + 1.0))
    excess = (poisson * count * np.log(count)).sum(-1) - small[..., 0] * np.log(small[..., 0])
    excess = np.where(mean < LARGE_MEAN, excess, 0.5 + 1 / (12 * mean))
    return float((excess * np.outer(1 - rows, 1 - columns)).sum() / n)


def compute_entropy(factors: np.ndarray) -> np.ndarray:
    """H `(K,)` in nats of each factor's values `(N, K)`."""
    shares = [np.unique(column, return_counts=True)[1] / len(column) for column in factors.T]
    return np.array([max(-(p * np.log(p)).sum(), 0.0) for p in shares])


def compute_gaps(information: np.ndarray, entropies: np.ndarray) -> np.ndarray:
    """Per factor `(K,)`: the largest entry of its row of `information` `(K, d)` minus the second, by its entropy.

    With a single dimension there is no second; its information then counts whole. A constant factor has 0.
    """
    ranked = np.sort(np.pad(information, ((0, 0), (1, 0))), axis=1)
    gap: np.ndarray = (ranked[:, -1] - ranked[:, -2]) / np.where(entropies > 0, entropies, 1)
    return gap


def compute_mig(information: np.ndarray, entropies: np.ndarray) -> float:
    """Mean gap over the factors that vary, from mutual information `(K, d)` and entropies `(K,)`.

    1 if each factor is in one dimension alone, 0 if there are always two with the same information.
    """
    gaps = compute_gaps(information, entropies)[entropies > 0]
    return float(gaps.mean()) if len(gaps) else 0.0
