"""Means over seeds with their 95% interval."""

import math

import numpy as np

from explorer.config import Config
from explorer.errors import ExplorerError

CONFIDENCE = 0.95


class Estimate(Config):
    """Mean over seeds and its 95% interval (Student's t; cut to [0, 1] for a share)."""

    mean: float
    low: float
    high: float


def compute_estimate(values: list[float], share: bool = False) -> Estimate:
    """Mean and 95% interval of one value per seed. Raises ExplorerError for fewer than two."""
    from scipy import stats

    check_seeds(len(values))
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * error
    low, high = mean - half, mean + half
    return Estimate(mean=mean, low=max(low, 0.0) if share else low, high=min(high, 1.0) if share else high)


def check_seeds(seeds: int) -> None:
    """Raises ExplorerError for fewer than two."""
    if seeds < 2:
        raise ExplorerError(f"An interval over seeds needs at least 2 seeds, not {seeds}.")
