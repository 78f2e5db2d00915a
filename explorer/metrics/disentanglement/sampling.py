"""Codes with known factors, and drawing from them: pairs and batches that share a factor, and baselines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError

TRAIN, TEST = 10_000, 5_000  # images, in Locatello et al. 2019
POINTS, POINT_TESTS = 10_000, 5_000  # training and test points of the two metrics that draw batches
BATCH = 64
CROWD = 10  # a factor with fewer images per value than this is cut into ranges
BINS = 20
CHUNK = 500  # batches of codes in memory at once


@dataclass(frozen=True)
class Sample:
    """Codes `(N, d)` float64 with their factors `(N, K)` int64, N images."""

    codes: np.ndarray
    factors: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def latents(self) -> int:
        """d."""
        return self.codes.shape[1]

    def __getitem__(self, rows: slice) -> Sample:
        return Sample(self.codes[rows], self.factors[rows])


def check(codes: np.ndarray, factors: np.ndarray) -> Sample:
    """Arrays as a Sample. Raises ExplorerError if they do not fit together or codes are not finite."""
    codes, factors = np.asarray(codes, np.float64), np.asarray(factors)
    if codes.ndim != 2 or factors.ndim != 2 or len(codes) != len(factors) or not codes.size:
        raise ExplorerError(
            f"Disentanglement needs codes (N, d) and factors (N, K) of the same N images, not {codes.shape} and "
            f"{factors.shape}."
        )
    if factors.dtype.kind not in "iub" or not np.isfinite(codes).all():
        raise ExplorerError("Disentanglement needs finite codes and whole numbers as factors.")
    return Sample(codes, factors.astype(np.int64))


def split(sample: Sample) -> tuple[Sample, Sample]:
    """The first two thirds, at most 10,000 images, for training; the next third, at most 5,000, for testing.

    Without the factors that are constant in the training part. Raises ExplorerError if all are.
    """
    cut = min(TRAIN, len(sample) * TRAIN // (TRAIN + TEST))
    factors = sample.factors[:, varying(sample.factors[:cut])]
    if not factors.size:
        raise ExplorerError("All images have the same factors or labels, so there is nothing to tell apart.")
    rest = Sample(sample.codes, factors)
    return rest[:cut], rest[cut : cut + TEST]


def varying(factors: np.ndarray) -> np.ndarray:
    """Which factors `(N, K)` have more than one value: positions in order."""
    return np.flatnonzero((factors != factors[:1]).any(axis=0))


def bin_factors(factors: np.ndarray) -> np.ndarray:
    """Factors `(N, K)` from 0 without gaps; one with less than 10 images per value is cut into 20 even ranges.

    A factor that hardly repeats a value would look like a perfect code for anything.
    """
    columns = []
    for column in factors.T:
        values, ranks = np.unique(column, return_inverse=True)
        columns.append(ranks if len(values) * CROWD <= len(column) else ranks * BINS // len(values))
    return np.stack(columns, axis=1).astype(np.int64)


@dataclass(frozen=True)
class Groups:
    """The codes of a sample in groups that share the value of one factor.

    order: codes by group. first, size: where each code's group begins in `order`, and how many are in it.
    usable: the codes that are not alone.
    """

    order: np.ndarray
    first: np.ndarray
    size: np.ndarray
    usable: np.ndarray

    @classmethod
    def by(cls, values: np.ndarray) -> Groups:
        """From one factor's values `(N,)`."""
        _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
        starts = np.cumsum(sizes) - sizes
        size = sizes[group]
        return cls(np.argsort(group, kind="stable"), starts[group], size, np.flatnonzero(size > 1))

    def draw(self, rng: np.random.Generator, codes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """For each of `codes` `(B,)`, codes of its group: `shape` must broadcast with `(B, 1)` or `(B,)`."""
        first, size = (a[codes].reshape(-1, *(1,) * (len(shape) - 1)) for a in (self.first, self.size))
        members: np.ndarray = self.order[first + (rng.random(shape) * size).astype(np.int64)]
        return members


def has_pairs(factors: np.ndarray) -> bool:
    """Whether every factor has a value that two images share: then pairs and batches can be drawn."""
    return all(len(Groups.by(column).usable) for column in factors.T)


def draw_rounds(
    rng: np.random.Generator, factors: np.ndarray, points: int
) -> Iterator[tuple[int, Groups, int]]:
    """Which factor to share, its groups, and for how many points of the next chunk; factors are equally likely."""
    counts = np.bincount(rng.integers(factors.shape[1], size=points), minlength=factors.shape[1])
    for factor, count in enumerate(counts):
        groups = Groups.by(factors[:, factor])
        for start in range(0, int(count), CHUNK):
            yield factor, groups, min(CHUNK, int(count) - start)


def random_codes(count: int, latents: int, seed: int) -> np.ndarray:
    """Codes `(count, latents)` from N(0, I), which carry no information about any factor."""
    return np.random.default_rng((seed, 1)).standard_normal((count, latents))


def oracle_codes(factors: np.ndarray, latents: int = 0) -> np.ndarray:
    """The factors themselves, each with unit variance, as codes `(N, K)`; constant ones follow up to `latents`."""
    spread = factors.std(axis=0)
    codes = (factors - factors.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return np.pad(codes, ((0, 0), (0, max(0, latents - codes.shape[1]))))
