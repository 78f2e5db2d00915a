"""Losses summed over the images of an epoch, on the device, so that no step waits for a number."""

import torch
from torch import Tensor

from explorer.objectives import LossTerms


def loss_row(terms: LossTerms, count: int) -> Tensor:
    """Sums over `count` images: (count, loss, distortion, penalty, rate per dimension...), `(4 + d,)`."""
    parts = [torch.stack((terms.loss, terms.distortion, terms.penalty)), terms.rate]
    row = torch.cat(parts).detach() * count
    return torch.cat((row.new_tensor([count]), row)).double() if row.device.type != "mps" else row


def loss_means(sums: Tensor | float | None) -> tuple[dict[str, float], list[float]]:
    """Means per image of a sum of rows: loss, distortion, penalty and rate, and the rate per dimension."""
    assert isinstance(sums, Tensor)
    count, *values = sums.tolist()
    loss, distortion, penalty, *rates = (value / count for value in values)
    return {"loss": loss, "distortion": distortion, "penalty": penalty, "rate": sum(rates)}, rates
