"""A classifier of real images, which says what class a decoded image shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics.image_space import to_unit
from explorer.metrics.training_images import spread

if TYPE_CHECKING:
    from torch import nn

IMAGES, EPOCHS, BATCH, RATE = 60_000, 3, 128, 4e-3
MIN_STEPS = 500
"""Of few images more epochs are needed."""
FEATURES = 64
CHUNK = 500


@dataclass(frozen=True)
class Judge:
    """accuracy: share of real test images that it tells right."""

    network: nn.Module
    accuracy: float

    def read(self, images: np.ndarray) -> np.ndarray:
        """The class of images `(N, C, H, W)` in [0, 1], `(N,)`."""
        return _read(self.network, images)


def train_judge(dataset: ImageDataset, binarize: str) -> Judge:
    """Train the network of `explorer.metrics.classifier_network` on at most 60,000 labelled training images, with
    seed 0; seconds for MNIST.

    Raises ExplorerError for images without two classes.
    """
    import torch
    from torch.nn import functional as F

    from explorer.metrics.classifier_network import build

    if dataset.labels is None or len(dataset.label_names) < 2:
        raise ExplorerError(f"{dataset.name} has no classes that a classifier could learn.")
    index = dataset.train_index[spread(len(dataset.train_index), IMAGES)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = torch.nn.Sequential(*build(dataset.image_shape, FEATURES, len(dataset.label_names)))
        x = torch.from_numpy(to_unit(materialise(dataset.images, index), binarize))
        y = torch.from_numpy(dataset.labels[index])
        optimizer = torch.optim.Adam(network.parameters(), RATE)
        epochs = max(EPOCHS, math.ceil(MIN_STEPS * BATCH / len(x)))
        batches = [rows for _ in range(epochs) for rows in torch.randperm(len(x)).split(BATCH)]
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=len(batches))
        for rows in batches:
            loss = F.cross_entropy(network(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    network.eval()
    tests = to_unit(materialise(dataset.images, dataset.test_index), binarize)
    right = float((_read(network, tests) == dataset.labels[dataset.test_index]).mean())
    return Judge(network, right)


def _read(network: nn.Module, images: np.ndarray) -> np.ndarray:
    import torch

    with torch.no_grad():
        parts = [network(part).argmax(1) for part in torch.as_tensor(images).split(CHUNK)]
    read: np.ndarray = torch.cat(parts).numpy()
    return read
