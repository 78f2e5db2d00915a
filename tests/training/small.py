"""Small image sets and short runs for the tests of training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset
from explorer.models import Autoencoder
from explorer.training.fit import Progress, fit, new_model
from explorer.training.state import TrainingState, build_optimizer

# Small layers gain nothing from a second thread, and on a busy machine threads that wait for each other's turn
# made these runs forty times slower.
torch.set_num_threads(1)


def blobs(count: int = 50, side: int = 4, seed: int = 0) -> ImageDataset:
    """Grey images (count, 1, side, side) of three random patterns; the last fifth is for validation and testing."""
    rng = np.random.default_rng(seed)
    patterns = rng.random((3, side * side))
    mixed = rng.random((count, 3)) @ patterns + 0.1 * rng.random((count, side * side))
    images = (255 * mixed / mixed.max()).astype(np.uint8).reshape(count, 1, side, side)
    cut = count - count // 5
    held = np.arange(cut, count)
    return ImageDataset("blobs", images, np.arange(cut), held, validation_index=held)


def settings(**flat: Any) -> RunConfig:
    """Few epochs of a small model, changed by `flat`."""
    small = {"hidden": (8,), "latent_size": 2, "epochs": 3, "batch_size": 12, "device": "cpu"}
    small |= {"schedule": "constant"}
    return RunConfig.from_flat(small | flat)


@dataclass
class Run:
    """A run that was trained to its end."""

    model: Autoencoder
    state: TrainingState
    seen: list[Progress]

    @property
    def epochs(self) -> list[Progress]:
        """One Progress per epoch, those with a validation loss."""
        return [p for p in self.seen if p.validation]


def train(dataset: ImageDataset, config: RunConfig) -> Run:
    """A new model, trained from start to end."""
    model = new_model(config, dataset)
    state = TrainingState(build_optimizer(model, config.training))
    return Run(model, state, list(fit(model, dataset, config, state)))


def anneal(dataset: ImageDataset, phases: dict[float, int], **flat: Any) -> Autoencoder:
    """A model trained with a falling learning rate: `phases` maps each rate to its number of epochs."""
    model = new_model(settings(**flat), dataset)
    for rate, epochs in phases.items():
        list(fit(model, dataset, settings(**flat, learning_rate=rate, epochs=epochs)))
    return model


def weights(model: Autoencoder) -> torch.Tensor:
    """All weights in one vector, copied."""
    return torch.cat([w.flatten() for w in model.state_dict().values()]).clone()
