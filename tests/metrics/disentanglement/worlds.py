"""Codes whose disentanglement is known."""

from __future__ import annotations

import numpy as np

from explorer.metrics.disentanglement.sampling import oracle_codes

SIZES = (3, 4, 5, 10)


def draw(seed: int = 0, count: int = 2400) -> np.ndarray:
    """Independent uniform factors `(count, 4)`."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(size, size=count) for size in SIZES], axis=1)


def perfect(factors: np.ndarray) -> np.ndarray:
    """One dimension for each factor, with a little noise."""
    rng = np.random.default_rng(1)
    return oracle_codes(factors) + 0.02 * rng.standard_normal(factors.shape)


def turned(factors: np.ndarray) -> np.ndarray:
    """The perfect code with its axes turned at random."""
    rotation = np.linalg.qr(np.random.default_rng(2).standard_normal((4, 4)))[0]
    return perfect(factors) @ rotation


def doubled(factors: np.ndarray) -> np.ndarray:
    """Every dimension of the perfect code twice."""
    return np.concatenate([perfect(factors), perfect(factors)], axis=1)


def noise(factors: np.ndarray) -> np.ndarray:
    """Codes that know nothing."""
    return np.random.default_rng(3).standard_normal((len(factors), 5))
