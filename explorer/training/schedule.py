"""Learning rate schedules."""

import math

from explorer.config import RunConfig

PLATEAU_EPOCHS = 5
"""Number of epochs without a better validation loss after which `plateau` reduces the learning rate, repeatedly."""
REDUCTION = 0.3
"""Factor of each reduction."""

FIRST_STEPS = 200
"""Steps over which the learning rate of a model of a range of β rises to its peak, or a tenth of a shorter run. At the
peak from the start, the smallest β lets posterior scales explode for a step, and Adam's running squares remember it for
thousands."""


def learning_rate_at(peak: float, schedule: str, done: float, reductions: int = 0) -> float:
    """The learning rate after a fraction `done` (0 to 1) of all steps and, for "plateau", `reductions` so far.

    "cosine": peak · ½(1 + cos(π · done)), which reaches 0 at the end (Loshchilov & Hutter 2017, without restarts).
    "plateau": peak · REDUCTION^reductions. "constant": peak.
    """
    if schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return peak * REDUCTION**reductions


def rate_of_step(config: RunConfig, done: float, steps: int, reductions: int) -> float:
    """The learning rate after a fraction `done` of `steps`: that of the schedule, and of a model of a range of β at
    first a rising share of it."""
    training = config.training
    rate = learning_rate_at(training.learning_rate, training.schedule, done, reductions)
    if not config.model.beta_range:
        return rate
    return rate * min(1.0, (round(done * steps) + 1) / max(1, min(FIRST_STEPS, steps // 10)))


def is_plateau(epochs_since_best: int) -> bool:
    """Whether the learning rate is reduced after `epochs_since_best` epochs without a better validation loss."""
    return epochs_since_best > 0 and epochs_since_best % PLATEAU_EPOCHS == 0
