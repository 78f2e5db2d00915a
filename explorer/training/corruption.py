"""Corruptions for denoising autoencoders (Vincent et al. 2010, section 3.3)."""

from __future__ import annotations

import torch
from torch import Tensor


def corrupt(x: Tensor, kind: str, level: float) -> Tensor:
    """A corrupted copy of images x in [0, 1]; the result stays in [0, 1].

    "gaussian" adds noise of standard deviation `level`; "masking" blackens a share `level` of the pixels;
    "salt-and-pepper" sets that share to black or white at random.
    """
    if kind == "gaussian":
        return (x + level * torch.randn_like(x)).clamp_(0, 1)
    if kind in ("masking", "salt-and-pepper"):
        hit = torch.rand_like(x) < level
        value = torch.zeros_like(x) if kind == "masking" else (torch.rand_like(x) < 0.5).to(x.dtype)
        return torch.where(hit, value, x)
    return x
