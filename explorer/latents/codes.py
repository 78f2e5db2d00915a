"""Codes of images, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

ACTIVE = 0.01
"""A latent dimension is active if its posterior mean varies over images by more than this (Burda et al. 2016, 4.2)."""


@dataclass(frozen=True, eq=False)  # hashable by identity, for caches
class Codes:
    """Codes of N images in d latent dimensions; float32 unless said otherwise.

    mean, scale `(N, d)`: posterior mean and standard deviation (zeros for a plain AE).
    scale_tril `(N, d, d)`: the posterior's Cholesky factor, for a full covariance only.
    rate `(N, d)`: KL per dimension in nats. distortion `(N,)`: −log p(x|z) at z = mean, in nats.
    index `(N,)` int64: which image of the dataset. labels `(N,)` int64, factors `(N, K)` int64, or None.
    """

    mean: np.ndarray
    scale: np.ndarray
    rate: np.ndarray
    distortion: np.ndarray
    index: np.ndarray
    scale_tril: np.ndarray | None = None
    labels: np.ndarray | None = None
    factors: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.mean)

    def sample(self, epsilon: np.ndarray) -> np.ndarray:
        """One draw from each image's posterior, `(N, d)`, by standard normal epsilon `(N, d)`: μ + σ·ε, or μ + L ε."""
        if self.scale_tril is None:
            return self.mean + self.scale * epsilon
        return self.mean + np.einsum("nij,nj->ni", self.scale_tril, epsilon)

    def rows(self, rows: np.ndarray) -> Codes:
        """The codes numbered `rows`."""
        return Codes(**{name: array[rows] for name, array in self.arrays().items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """The columns that are not None, by name."""
        return {name: np.ascontiguousarray(a) for name, a in vars(self).items() if a is not None}

    def stored_arrays(self) -> dict[str, np.ndarray]:
        """The columns as they are stored: integers in the smallest unsigned type that holds them."""
        return {
            name: a.astype(np.min_scalar_type(a.max(initial=0)))
            if a.dtype == np.int64 and a.min(initial=0) >= 0
            else a
            for name, a in self.arrays().items()
        }

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray]) -> Codes:
        """The codes of `stored_arrays`. Raises TypeError if these are not their columns."""
        return cls(**{name: a.astype(np.int64) if a.dtype.kind in "iu" else a for name, a in arrays.items()})


def active_units(mean: np.ndarray) -> int:
    """Number of latent dimensions whose posterior mean, `(N, d)`, has a variance over images above 0.01.

    One image varies by nothing.
    """
    return int((np.var(mean, axis=0, dtype=np.float64, ddof=1) > ACTIVE).sum()) if len(mean) > 1 else 0
