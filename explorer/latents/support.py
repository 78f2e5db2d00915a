"""How close together a model's codes lie: the measure of what is near to data in a latent space, and what is a hole."""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError


def nearest_distances(codes: np.ndarray, rows: int = 512) -> np.ndarray:
    """Distance of each of N codes `(N, d)` to its nearest other one, float64 `(N,)`; infinite for a single code.

    All pairs, `rows` at a time: in more than a few dimensions no tree is faster, and none has to be imported.
    """
    z = codes.astype(np.float64) - codes.mean(0, dtype=np.float64)
    lengths = (z**2).sum(1)
    found = np.empty(len(z))
    for start in range(0, len(z), rows):
        some = slice(start, start + rows)
        squares = lengths[some, None] - 2 * z[some] @ z.T + lengths
        own = np.arange(len(squares))
        squares[own, start + own] = np.inf
        nearest = squares.argmin(1)
        found[some] = np.where(
            np.isinf(squares[own, nearest]), np.inf, np.linalg.norm(z[some] - z[nearest], axis=1)
        )
    return found


def unit(apart: np.ndarray) -> float:
    """The median of `nearest_distances` `(N,)` that are not 0, and 1 if all are: a typical code is 1 from its nearest.

    It shrinks as N grows: compare models by the same images. Raises ExplorerError for fewer than two codes.
    """
    if len(apart) < 2:
        raise ExplorerError(f"How far codes lie apart takes at least 2 of them, and there are {len(apart)}.")
    different = apart[apart > 0]
    return float(np.median(different)) if len(different) else 1.0
