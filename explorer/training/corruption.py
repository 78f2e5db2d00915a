"""Corruptions for denoising autoencoders (Vincent et al. 2010, section 3.3)."""

import torch
from torch import Tensor


def corrupt(x: Tensor, kind: str, level: float, generator: torch.Generator | None = None) -> Tensor:
    """Return a corrupted copy of images x `(B, C, H, W)` in [0, 1]; the copy stays in [0, 1].

    kind: "gaussian" adds noise of standard deviation `level`; "masking" sets a fraction `level` of the pixels to 0;
    "salt-and-pepper" sets that fraction to 0 or 1 at random; any other kind returns x itself. With the same generator
    state, a higher level extends the noise of a lower one.
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
