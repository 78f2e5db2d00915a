"""How β and the capacity go through a training: warm-ups, cycles, turns by hand."""

from torch import Tensor

from explorer.config import ObjectiveConfig
from explorer.models.rates import draw_betas

FALL = 20.0
"""How many times larger β begins where it falls."""


def beta_at(config: ObjectiveConfig, epoch: float) -> float:
    """β after `epoch` epochs: constant, a warm-up from 0 (Bowman et al. 2016), cycles that rise from 0 in their first
    half and stay at β in their second (Fu et al. 2019), or a fall from 20 · β, linear in log β; and once it was turned
    by hand, as that says.

    While β is large a code costs too much to be used, so that a conditional model learns what the class says first, and
    its codes need not repeat it.
    """
    turned = turned_beta(config, epoch)
    if turned is not None:
        return turned
    if config.warmup == "none":
        return config.beta
    phase = epoch / config.warmup_epochs
    if config.warmup == "falling":
        return config.beta * FALL ** max(0.0, 1 - phase)
    if config.warmup == "cyclical":
        phase = 2 * (phase % 1)
    return config.beta * min(1.0, phase)


def turned_beta(config: ObjectiveConfig, epoch: float) -> float | None:
    """The β to which it was turned by hand by `epoch`; None before the first turn."""
    pairs = zip(config.beta_turns[::2], config.beta_turns[1::2], strict=True)
    return next((beta for start, beta in reversed(list(pairs)) if start <= epoch), None)


def range_at(config: ObjectiveConfig, beta_range: tuple[float, float], epoch: float) -> tuple[float, float]:
    """The range of β after `epoch` epochs: in a linear warm-up its upper end rises from the lower one, in log β.

    From the start, large β would switch off dimensions that small β need, for good.
    """
    low, high = beta_range
    phase = min(1.0, epoch / config.warmup_epochs) if config.warmup == "linear" else 1.0
    return low, low * (high / low) ** phase


def capacity_at(config: ObjectiveConfig, epoch: float) -> float:
    """The capacity C in nats after `epoch` epochs, rising linearly from 0 (Burgess et al. 2018)."""
    assert config.capacity is not None
    return config.capacity * min(1.0, epoch / config.capacity_epochs)


def weights_at(
    config: ObjectiveConfig, beta_range: tuple[float, float] | None, epoch: float, x: Tensor
) -> tuple[Tensor, Tensor | None]:
    """β and the capacity, if there is one, after `epoch` epochs; infinite for the final ones. For a model of a range of
    β, one random β per image of x `(B, ...)`.

    Tensors: of a number, a compiled loss would be compiled anew for every value.
    """
    capacity = None if config.capacity is None else x.new_tensor(capacity_at(config, epoch))
    if beta_range is not None:
        return draw_betas(range_at(config, beta_range, epoch), x), capacity
    return x.new_tensor(beta_at(config, epoch)), capacity
