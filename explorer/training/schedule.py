"""Learning rate schedules."""

import math

PLATEAU_EPOCHS = 5
"""Number of epochs without a better validation loss after which `plateau` reduces the learning rate, repeatedly."""
REDUCTION = 0.3
"""Factor of each reduction."""


def learning_rate_at(peak: float, schedule: str, done: float, reductions: int = 0) -> float:
    """The learning rate after a fraction `done` (0 to 1) of all steps and, for "plateau", `reductions` so far.

    "cosine": peak · ½(1 + cos(π · done)), which reaches 0 at the end (Loshchilov & Hutter 2017, without restarts).
    "plateau": peak · REDUCTION^reductions. "constant": peak.
    """
    if schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return peak * REDUCTION**reductions


def is_plateau(epochs_since_best: int) -> bool:
    """Whether the learning rate is reduced after `epochs_since_best` epochs without a better validation loss."""
    return epochs_since_best > 0 and epochs_since_best % PLATEAU_EPOCHS == 0
