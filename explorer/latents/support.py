"""How close together a model's codes lie: the measure of what is near to data in a latent space, and what is a hole."""

import numpy as np

from explorer.errors import ExplorerError

CELLS = 2**22
"""Distances in memory at once: 32 MB."""
PAIRS = 2**29
"""Distances that are computed in all, some five seconds: up to 23,170 codes every one is compared with every other."""


def nearest_distances(codes: np.ndarray, cells: int = CELLS) -> np.ndarray:
    """Distances of N codes `(N, d)` to their nearest other one, float64 `(N,)`; infinite for a single code.

    All pairs, `cells` at a time: in more than a few dimensions no tree is faster, and none has to be imported. Of more
    than √`PAIRS` codes, those of `PAIRS` / N evenly spaced ones, each compared with all N.
    """
    z = codes.astype(np.float64) - codes.mean(0, dtype=np.float64)
    lengths = (z**2).sum(1)
    chosen = np.linspace(0, len(z) - 1, max(1, min(len(z), PAIRS // len(z)))).astype(np.int64)
    rows = max(1, cells // len(z))
    distances = np.empty(len(chosen))
    for start in range(0, len(chosen), rows):
        own = chosen[start : start + rows]
        squares = z[own] @ z.T
        squares *= -2
        squares += lengths
        squares += lengths[own, None]
        squares[np.arange(len(own)), own] = np.inf
        nearest = squares.argmin(1)
        distances[start : start + rows] = np.where(
            np.isinf(squares[np.arange(len(own)), nearest]),
            np.inf,
            np.linalg.norm(z[own] - z[nearest], axis=1),
        )
    return distances


def unit(apart: np.ndarray) -> float:
    """The median of `nearest_distances` `(N,)` that are not 0, and 1 if all are: a typical code is 1 from its nearest.

    It shrinks as N grows: compare models by the same images. Raises ExplorerError for fewer than two codes.
    """
    if len(apart) < 2:
        raise ExplorerError(f"How far codes lie apart takes at least 2 of them, and there are {len(apart)}.")
    different = apart[apart > 0]
    return float(np.median(different)) if len(different) else 1.0
