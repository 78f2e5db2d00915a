"""The device that a model runs on."""

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


def computes_bfloat16(device: torch.device) -> bool:
    """Whether networks run faster in bfloat16 there than in float32: on CUDA, and on CPUs with AMX tiles."""
    return device.type == "cuda" or (
        device.type == "cpu" and bool(torch.cpu.get_capabilities().get("amx_bf16"))
    )
