"""Match the latent dimensions of models, and align their 2-D projections."""

from typing import NamedTuple

import numpy as np

DEAD = 1e-3
"""Weight of a correlation with a dead dimension."""


class Match(NamedTuple):
    """For each dimension of the reference model, the matched dimension of another model with the same latent size.

    order: `(d,)`, its index. sign: `(d,)`, 1, or −1 where the dimensions are anticorrelated. correlation: `(d,)`,
    absolute correlation of the codes, in [0, 1].
    """

    order: np.ndarray
    sign: np.ndarray
    correlation: np.ndarray


def correlations(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pearson correlations `(d, e)` of the columns of `a` `(N, d)` and of `b` `(N, e)`; 0 for constant columns."""

    def standard(codes: np.ndarray) -> np.ndarray:
        centred = codes - codes.mean(0, dtype=np.float64)
        length = np.sqrt((centred**2).sum(0))
        return centred / np.where(length > 0, length, np.inf)

    return np.clip(standard(a).T @ standard(b), -1.0, 1.0)


def match(reference: np.ndarray, other: np.ndarray) -> Match:
    """Match dimensions one to one so that the sum of absolute correlations is largest, those of dead dimensions last.

    reference, other: codes `(N, d)` of the same images. The order and signs of latent dimensions are arbitrary: they
    differ between trainings of the same model. What the codes of a dead dimension still correlate with is no reason to
    show it in place of one that is used.
    """
    from scipy.optimize import linear_sum_assignment

    table = correlations(reference, other)
    both_used = np.outer(_used(reference), _used(other))
    rows, order = linear_sum_assignment(np.abs(table) * np.where(both_used, 1, DEAD), maximize=True)
    return Match(order, np.where(table[rows, order] < 0, -1, 1), np.abs(table[rows, order]))


def _used(codes: np.ndarray) -> np.ndarray:
    """Dimensions `(d,)` of codes `(N, d)` that vary at least a hundredth as much as the one that varies most."""
    variance = codes.var(0, dtype=np.float64)
    used: np.ndarray = variance >= 0.01 * variance.max(initial=0)
    return used


def align_planes(planes: list[tuple[np.ndarray, np.ndarray]], codes: list[np.ndarray]) -> list[np.ndarray]:
    """Align the planes of successive models: rotate or mirror the directions of each plane so that images lie as close
    as possible to their positions in the plane before, by orthogonal Procrustes (Schönemann 1966).

    planes: (centre `(d,)`, orthonormal directions `(2, d)`) of each model. codes: codes `(N, d)` of each model, of the
    same images. Returns the directions `(2, d)` of each model, still orthonormal and in the same plane.
    """
    from scipy.linalg import orthogonal_procrustes

    rotated: list[np.ndarray] = []
    previous: np.ndarray | None = None
    for (centre, directions), z in zip(planes, codes, strict=True):
        if previous is not None:
            flat = (z - centre) @ directions.T
            rotation = orthogonal_procrustes(flat - flat.mean(0), previous - previous.mean(0))[0]
            directions = rotation.T @ directions
        previous = (z - centre) @ directions.T
        rotated.append(directions)
    return rotated
