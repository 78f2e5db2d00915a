"""A small model of a range of β, whose networks depend on β though it is not trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from explorer import data
from explorer.config import RunConfig
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.weights import load_model, save_checkpoint
from explorer.training.fit import new_model

BETA = 6.0
"""Another than its default, 2."""


def write(path: Path) -> Checkpoint:
    """Write it, of the digits and with two latents, as if it had been trained to its end."""
    run = RunConfig.from_flat({"beta_range": (0.5, 16.0), "beta": 2.0, "hidden": (32,)})
    images = data.load(run.data)
    torch.manual_seed(0)
    model = new_model(run, images)
    assert model.rates
    with torch.no_grad():
        for weight in model.rates.parameters():  # they begin as the identity, for any β
            weight.normal_(0, 0.3, generator=torch.Generator().manual_seed(0))
        for name, weight in model.named_parameters():
            if name.startswith("head"):
                weight.mul_(3)  # codes that differ
    return save_checkpoint(path, model, images, run)


@torch.no_grad()
def decoded(checkpoint: Checkpoint, z: np.ndarray, beta: float) -> np.ndarray:
    """What PyTorch makes of codes `(B, d)` at β: images `(B, C, H, W)` from 0 to 255."""
    model: Autoencoder = load_model(checkpoint)
    images: np.ndarray = 255 * model.mean_image(torch.from_numpy(np.float32(z)), beta).numpy()
    return images
