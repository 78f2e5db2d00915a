"""Do two sets of points cover the same ground? Precision, recall, density and coverage by nearest neighbours.

Points are rows of features; "inside the ball of a point" means nearer to it than its k-th nearest neighbour in
its own set. Definitions and k = 5 of Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative
models"; precision and recall go back to Kynkäänniemi et al. 2019. Distances are compared strictly, as in the
authors' published numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError

K = 5
CELLS = 10_000_000  # distances held at once


@dataclass(frozen=True)
class Manifold:
    """How a set of samples compares with a set of real points.

    precision: share of samples inside some real point's ball. recall: share of real points inside some sample's
    ball. density: number of real balls a sample lies in, divided by k, on average; 1 in expectation for two
    sets from one distribution, above 1 where samples keep to the middle of the real ones. coverage: share of real
    balls that hold a sample.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def compute_manifold(real: np.ndarray, fake: np.ndarray, k: int = K) -> Manifold:
    """Compare samples `fake (M, f)` with `real (N, f)`. Raises ExplorerError if a set has no k-th neighbour."""
    real_radius, fake_radius = compute_radii(real, k), compute_radii(fake, k)
    in_real, in_fake = np.zeros(len(fake), bool), np.empty(len(real), bool)
    covered, pairs = np.empty(len(real), bool), 0
    for rows, distance in _distances(real, fake):
        inside = distance < real_radius[rows, None]  # (real, fake)
        pairs += int(inside.sum())
        in_real |= inside.any(axis=0)
        covered[rows] = inside.any(axis=1)
        in_fake[rows] = (distance < fake_radius).any(axis=1)
    return Manifold(
        precision=float(in_real.mean()),
        recall=float(in_fake.mean()),
        density=pairs / (k * len(fake)),
        coverage=float(covered.mean()),
    )


def inside(real: np.ndarray, radius: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which `points (M, f)` lie inside the ball, `radius (N,)`, of at least one of `real (N, f)`: bool `(M,)`."""
    hits = np.zeros(len(points), bool)
    for rows, distance in _distances(real, points):
        hits |= (distance < radius[rows, None]).any(axis=0)
    return hits


def compute_radii(points: np.ndarray, k: int = K) -> np.ndarray:
    """Distance of each point `(N, f)` to its k-th nearest other one, `(N,)`. Raises ExplorerError if N ≤ k."""
    if len(points) <= k:
        raise ExplorerError(
            f"Comparing by {k} nearest neighbours needs more than {k} points, not {len(points)}."
        )
    radius = np.empty(len(points))
    for rows, distance in _distances(points, points):
        radius[rows] = np.partition(distance, k, axis=1)[:, k]  # the smallest is the point itself
    return radius


def compute_expected_coverage(n: int, m: int, k: int = K) -> float:
    """Coverage of n real points by m samples from the very same distribution (Naeem et al. 2020, lemma 2).

    A ball is missed when the k nearest of all other points are real: (n−1)…(n−k) / ((m+n−1)…(m+n−k)).
    """
    j = np.arange(1, k + 1)
    return float(1 - np.prod((n - j) / (m + n - j)))


def _distances(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Euclidean distances of rows of a to all of b, some rows at a time.

    Directly, not through |a|² − 2ab + |b|²: the same pair then has the same distance to the last bit wherever it
    is met, so that a k-th neighbour is never inside its own ball by rounding.
    """
    from scipy.spatial.distance import cdist

    step = max(1, CELLS // max(1, len(b)))
    for start in range(0, len(a), step):
        rows = slice(start, start + step)
        yield rows, cdist(a[rows], b)
