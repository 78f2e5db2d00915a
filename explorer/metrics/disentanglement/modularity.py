"""Modularity (Ridgeway & Mozer 2018, section 3)."""

import numpy as np


def compute_modularity(information: np.ndarray) -> float:
    """Mean over dimensions of 1 − (ΣI² − max I²)/(max I²·(K − 1)), from mutual information `(K, d)`, K > 1.

    1 if no dimension has information about more than one factor. An uninformative dimension counts 0.
    """
    squares = np.square(information)
    best = squares.max(axis=0)
    known = best > 0
    rest = (squares.sum(axis=0) - best) / np.where(known, best, 1) / (len(information) - 1)
    return float(np.where(known, 1 - rest, 0).mean())
