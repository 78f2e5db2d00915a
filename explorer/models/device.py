"""The device that a model runs on."""

import torch
from torch import Tensor, nn

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


def order_channels_last(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Store convolution weights in channels-last order, which makes steps on the CPU a sixth to a third faster.

    The optimizer's tensors follow, because its fused kernels read weights and state in memory order.
    """
    model.to(memory_format=torch.channels_last)
    for slots in optimizer.state.values():
        for name, value in slots.items():
            if isinstance(value, Tensor) and value.dim() == 4:
                slots[name] = value.contiguous(memory_format=torch.channels_last)
