"""The device that a model runs on."""

from __future__ import annotations

import torch

from explorer.errors import ExplorerError


def pick_device(name: str) -> torch.device:
    """The torch device that a setting names; "auto" takes CUDA, then MPS, then the CPU.

    Raises ExplorerError if the named device is not there.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, usable in available.items() if usable)
    if not available[name]:
        raise ExplorerError(f"This machine has no usable {name} device; set device to auto or cpu.")
    return torch.device(name)
