"""Corruptions for denoising autoencoders (Vincent et al. 2010, section 3.3)."""

import torch
from torch import Tensor


def corrupt(x: Tensor, kind: str, level: float, generator: torch.Generator | None = None) -> Tensor:
    """A corrupted copy of images x in [0, 1]; the result stays in [0, 1].

    "gaussian" adds noise of standard deviation `level`; "masking" blackens a share `level` of the pixels;
    "salt-and-pepper" sets that share to black or white at random. The same generator state
    gives the same noise at every level, only more of it.
    """

    def uniform() -> Tensor:
        return torch.empty_like(x).uniform_(generator=generator)

    if kind == "gaussian":
        return (x + level * torch.empty_like(x).normal_(generator=generator)).clamp_(0, 1)
    if kind in ("masking", "salt-and-pepper"):
        hit = uniform() < level
        value = torch.zeros_like(x) if kind == "masking" else (uniform() < 0.5).to(x.dtype)
        return torch.where(hit, value, x)
    return x
