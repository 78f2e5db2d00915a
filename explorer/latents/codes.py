"""Codes of images, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from explorer.latents.vocabulary import pack, unpack

OF_ALL = ("betas", "beta_rate", "beta_distortion", "beta_error")
"""Columns of `Codes` that are about all images together."""
AT_BETA = ("beta_mean", "beta_scale")
"""Columns with a row per image for each of several β, stored in half precision."""
ACTIVE = 0.01
"""A latent dimension is active if its posterior mean varies over images by more than this (Burda et al. 2016, 4.2)."""


@dataclass(frozen=True, eq=False)  # hashable by identity, for caches
class Codes:
    """Codes of N images in d latent dimensions; float32 unless said otherwise.

    mean, scale `(N, d)`: posterior mean and standard deviation (zeros for a plain AE).
    scale_tril `(N, d, d)`: the posterior's Cholesky factor, for a full covariance only.
    rate `(N, d)`: KL per dimension in nats. distortion `(N,)`: −log p(x|z) at z = mean, in nats.
    index `(N,)` int64: which image of the dataset. labels `(N,)` int64, factors `(N, K)` int64, or None.
    Only of a model of a range of β, whose other columns are those at its default β: betas `(R,)`, rising, and at each
    of them beta_mean, beta_scale `(R, N, d)`: mean and scale; beta_rate `(R, d)`: mean KL per dimension in nats;
    beta_distortion `(R,)`: mean −log p(x|z) at draws from the posteriors, in nats. beta_error `(R - 1,)`: how far
    interpolated means lie at most from exact ones halfway to the next β, in standard deviations of the prior.
    tokens `(N, T)` int64, words `(K, D)`: of discrete codes only, whose mean is that of the most probable words, and
    whose scale is 0.
    """

    mean: np.ndarray
    scale: np.ndarray
    rate: np.ndarray
    distortion: np.ndarray
    index: np.ndarray
    scale_tril: np.ndarray | None = None
    labels: np.ndarray | None = None
    factors: np.ndarray | None = None
    betas: np.ndarray | None = None
    beta_mean: np.ndarray | None = None
    beta_scale: np.ndarray | None = None
    beta_rate: np.ndarray | None = None
    beta_distortion: np.ndarray | None = None
    beta_error: np.ndarray | None = None
    tokens: np.ndarray | None = None
    words: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.mean)

    def sample(self, epsilon: np.ndarray) -> np.ndarray:
        """One draw from each image's posterior, `(N, d)`, by standard normal epsilon `(N, d)`: μ + σ·ε, or μ + L ε."""
        if self.scale_tril is None:
            return self.mean + self.scale * epsilon
        return self.mean + np.einsum("nij,nj->ni", self.scale_tril, epsilon)

    def rows(self, rows: np.ndarray) -> Codes:
        """The codes numbered `rows`."""
        columns = self.arrays()
        kept = {name: columns.pop(name) for name in (*OF_ALL, "words") if name in columns}
        kept |= {name: columns.pop(name)[:, rows] for name in AT_BETA if name in columns}
        return Codes(**kept, **{name: array[rows] for name, array in columns.items()})

    def at_beta(self, beta: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean and scale `(N, d)` of q(z|x) at β, for a model of a range of β: interpolated in log β, the mean and the
        logarithm of the scale linearly. β outside the range counts as its nearer end."""
        assert self.betas is not None
        assert self.beta_mean is not None
        assert self.beta_scale is not None
        place = np.interp(np.log(beta), np.log(self.betas), np.arange(len(self.betas)))
        low = min(int(place), len(self.betas) - 2)
        part = np.float32(place - low)
        mean = (1 - part) * self.beta_mean[low] + part * self.beta_mean[low + 1]
        return mean, self.beta_scale[low] ** (1 - part) * self.beta_scale[low + 1] ** part

    def arrays(self) -> dict[str, np.ndarray]:
        """The columns that are not None, by name."""
        return {name: np.ascontiguousarray(a) for name, a in vars(self).items() if a is not None}

    def stored_arrays(self) -> dict[str, np.ndarray]:
        """The columns as they are stored: integers in the smallest unsigned type that holds them, codes at several β in
        half precision, and of discrete codes the tokens alone."""
        columns = self.arrays() if self.tokens is None else pack(self.arrays())
        return {name: _stored(name, a) for name, a in columns.items()}

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray]) -> Codes:
        """The codes of `stored_arrays`. Raises TypeError if these are not their columns."""
        if "tokens" in arrays:
            arrays = unpack(arrays)
        full = dict.fromkeys(AT_BETA, np.float32)
        return cls(
            **{
                name: a.astype(np.int64 if a.dtype.kind in "iu" else full.get(name, a.dtype))
                for name, a in arrays.items()
            }
        )


def _stored(name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype == np.int64 and array.min(initial=0) >= 0:
        return array.astype(np.min_scalar_type(array.max(initial=0)))
    return array.astype(np.float16) if name in AT_BETA else array


def active_units(mean: np.ndarray) -> int:
    """Number of latent dimensions whose posterior mean, `(N, d)`, has a variance over images above 0.01.

    One image varies by nothing.
    """
    return int((np.var(mean, axis=0, dtype=np.float64, ddof=1) > ACTIVE).sum()) if len(mean) > 1 else 0
