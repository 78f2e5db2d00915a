"""Mutual information of latents and factors, and its gap MIG (Chen et al. 2018, section 4.1)."""

import numpy as np

from explorer.metrics.disentanglement.sampling import BINS, check

ROUNDING = 1e-12  # nats: less information than this is rounding


def bin_codes(codes: np.ndarray) -> np.ndarray:
    """Each column of codes `(N, d)` in 20 bins of equal width, from its least to its greatest value."""
    low, high = codes.min(axis=0), codes.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    return np.minimum(((codes - low) / width * BINS).astype(np.int64), BINS - 1)


def compute_mutual_information(codes: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """I(factor; latent) `(K, d)` in nats, of codes `(N, d)` in 20 bins each and factors `(N, K)` as they are.

    Raises ExplorerError if the arrays do not fit together.
    """
    sample = check(codes, factors)
    bins, n = bin_codes(sample.codes), len(sample)
    table = np.zeros((sample.factors.shape[1], sample.latents))
    for k, column in enumerate(sample.factors.T):
        _, value = np.unique(column, return_inverse=True)
        for j in range(sample.latents):
            joint = np.bincount(value * BINS + bins[:, j], minlength=(value.max() + 1) * BINS) / n
            table[k, j] = _information(joint.reshape(-1, BINS))
    return table


def _information(joint: np.ndarray) -> float:
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    there = joint > 0
    nats = float((joint[there] * np.log(joint[there] / independent[there])).sum())
    return nats if nats > ROUNDING else 0.0


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
