"""How the step size falls during a run."""

import math

PLATEAU_EPOCHS = 5
"""Epochs without a better validation loss after which `plateau` reduces the step size, once more after as many."""
REDUCTION = 0.3


def learning_rate_at(peak: float, schedule: str, done: float, reductions: int = 0) -> float:
    """The step size where a share `done` (0 to 1) of all steps is behind, or after so many `reductions`.

    cosine: peak · ½(1 + cos(π · done)), which reaches 0 at the end (Loshchilov & Hutter 2017, without restarts).
    """
    if schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return peak * REDUCTION**reductions


def is_plateau(epochs_since_best: int) -> bool:
    """Whether `epochs_since_best` epochs without a better loss call for another reduction."""
    return epochs_since_best > 0 and epochs_since_best % PLATEAU_EPOCHS == 0
