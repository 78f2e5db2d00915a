"""Values of β over the range of a model, without torch."""

import math

BETAS = 7
"""The number of β at which the codes of a model of a range of β are stored."""


def beta_grid(beta_range: tuple[float, float], count: int) -> list[float]:
    """`count` values of β at equal distances of log β, from one end of the range to the other."""
    low, high = beta_range
    inner = [low * (high / low) ** (i / (count - 1)) for i in range(1, count - 1)]
    return [low, *inner, high]


def stored_betas(beta_range: tuple[float, float]) -> list[float]:
    """The β at which codes are stored: a grid of `BETAS`, whose inner value nearest to 1 is 1 if that is within."""
    betas = beta_grid(beta_range, BETAS)
    if beta_range[0] < 1 < beta_range[1]:
        nearest = min(range(1, BETAS - 1), key=lambda i: abs(math.log(betas[i])))
        betas[nearest] = 1.0
    return betas
