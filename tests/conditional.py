"""A small conditional model, whose networks depend on the class though it is not trained."""

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


def write(path: Path) -> Checkpoint:
    """Write it, of the digits and with two latents, as if it had been trained to its end."""
    run = RunConfig.from_flat({"condition": "label", "hidden": (32,)})
    images = data.load(run.data)
    torch.manual_seed(0)
    model = new_model(run, images)
    assert model.classes
    with torch.no_grad():
        for weight in model.classes.parameters():  # they begin as the identity, for any class
            weight.normal_(generator=torch.Generator().manual_seed(0))
        for name, weight in model.named_parameters():
            if name.startswith("head"):
                weight.mul_(3)  # codes that differ
    return save_checkpoint(path, model, images, run)


@torch.no_grad()
def decoded(checkpoint: Checkpoint, z: np.ndarray, label: int | np.ndarray) -> np.ndarray:
    """What PyTorch makes of codes `(B, d)` as classes: images `(B, C, H, W)` from 0 to 255."""
    model: Autoencoder = load_model(checkpoint)
    given = torch.as_tensor(label)
    images: np.ndarray = 255 * model.mean_image(torch.from_numpy(np.float32(z)), label=given).numpy()
    return images
