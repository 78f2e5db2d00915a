"""Which latent dimension of one model does what which one of another does, and maps laid over one another."""

from typing import NamedTuple

import numpy as np


class Match(NamedTuple):
    """For each dimension of the model that leads, what corresponds to it in another model of the same size.

    order `(d,)` int: its dimension. sign `(d,)`: 1, or −1 where it runs the other way. correlation `(d,)` in [0, 1].
    """

    order: np.ndarray
    sign: np.ndarray
    correlation: np.ndarray


def correlations(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pearson correlation of every column of `a` `(N, d)` with every column of `b` `(N, e)`, as `(d, e)`; 0 for a
    column that is constant."""

    def standard(codes: np.ndarray) -> np.ndarray:
        centred = codes - codes.mean(0, dtype=np.float64)
        length = np.sqrt((centred**2).sum(0))
        return centred / np.where(length > 0, length, np.inf)

    return np.clip(standard(a).T @ standard(b), -1.0, 1.0)


def match(lead: np.ndarray, other: np.ndarray) -> Match:
    """The one-to-one assignment of dimensions with the largest sum of absolute correlations.

    lead, other: codes `(N, d)` of the same images. Dimensions are matched by what they do, since their numbers
    mean nothing: a model trained again has the same ones in another order, and mirrored.
    """
    from scipy.optimize import linear_sum_assignment

    table = correlations(lead, other)
    rows, order = linear_sum_assignment(np.abs(table), maximize=True)
    return Match(order, np.where(table[rows, order] < 0, -1, 1), np.abs(table[rows, order]))


def aligned(planes: list[tuple[np.ndarray, np.ndarray]], codes: list[np.ndarray]) -> list[np.ndarray]:
    """The directions `(2, d)` of each plane, rotated and mirrored so that every image lies as near as possible to its
    place on the map before: orthogonal Procrustes (Schönemann 1966).

    planes: (centre `(d,)`, orthonormal directions `(2, d)`) for each model; codes `(N, d)` of the same images.
    A rotated plane is the same plane: its directions stay orthonormal.
    """
    from scipy.linalg import orthogonal_procrustes

    rotated: list[np.ndarray] = []
    before: np.ndarray | None = None
    for (centre, directions), z in zip(planes, codes, strict=True):
        if before is not None:
            flat = (z - centre) @ directions.T
            turn = orthogonal_procrustes(flat - flat.mean(0), before - before.mean(0))[0]
            directions = turn.T @ directions
        before = (z - centre) @ directions.T
        rotated.append(directions)
    return rotated
