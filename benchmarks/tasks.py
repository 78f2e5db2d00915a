"""What `benchmarks.training` trains: two tasks, their images, and their network and loss written out plainly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import data
from explorer.config import RunConfig
from explorer.data.dataset import ImageDataset, materialise
from explorer.data.standard_sets import STANDARD
from explorer.environment import data_folder

RATE = 1e-3


@dataclass(frozen=True)
class Task:
    """What is trained. in_memory: how many images the contestants get that cannot draw them on the fly."""

    title: str
    settings: dict[str, Any]
    image_shape: tuple[int, int, int]
    latents: int
    batch: int
    in_memory: int

    @property
    def config(self) -> RunConfig:
        """The same task as settings of the explorer."""
        rest = {"latent_size": self.latents, "batch_size": self.batch, "learning_rate": RATE}
        return RunConfig.from_flat(self.settings | rest | {"epochs": 100_000, "device": "cpu"})


TASKS = {
    "mnist": Task("MNIST, MLP 784-512-256-20", {"data": "mnist"}, (1, 28, 28), 20, 128, 60_000),
    "sprites": Task(
        "64×64 sprites, convolutions", {"data": "sprites", "body": "conv"}, (1, 64, 64), 10, 64, 16_384
    ),
}


def dataset(task: Task, small: bool = False) -> ImageDataset:
    """The task's images, with a test split of one image so that testing takes no time.

    MNIST if it is there, else random images of its shape, named so.
    """
    name = task.config.data.data
    if name == "sprites" or _is_there(name):
        images = data.load(task.config.data)
    else:
        pixels = np.random.default_rng(0).integers(0, 256, (1000 if small else 60_000, *task.image_shape))
        index = np.arange(len(pixels))
        images = ImageDataset(f"random images in place of {name}", pixels.astype(np.uint8), index, index)
    return replace(images, test_index=images.test_index[:1])


def _is_there(name: str) -> bool:
    return all((data_folder() / file).is_file() for files in STANDARD[name].files.values() for file in files)


def in_memory(task: Task, images: ImageDataset, small: bool = False) -> np.ndarray:
    """Training images, uint8 `(N, C, H, W)`."""
    return materialise(images.images, images.train_index[: 4 * task.batch if small else task.in_memory])


class PlainVAE(nn.Module):
    """The task's network as one would write it down, without a class for every part."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        build = mlp if task.settings.get("body", "mlp") == "mlp" else conv
        self.encoder, self.decoder = build(task.latents)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, mean and log-variance."""
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        return self.decoder(z), mean, log_variance


def mlp(latents: int) -> tuple[nn.Sequential, nn.Sequential]:
    """784-512-256-z-256-512-784."""
    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 512),
        nn.ReLU(),
        nn.Linear(512, 256),
        nn.ReLU(),
        nn.Linear(256, 2 * latents),
    )
    decoder = nn.Sequential(
        nn.Linear(latents, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784)
    )
    return encoder, decoder.append(nn.Unflatten(1, (1, 28, 28)))


def conv(latents: int) -> tuple[nn.Sequential, nn.Sequential]:
    """Burgess et al. 2018, appendix A: four convolutions of 4×4, stride 2, and two layers of 256, mirrored."""
    encoder, decoder = nn.Sequential(), nn.Sequential()
    for channels in (1, 32, 32, 32):
        encoder.extend([nn.Conv2d(channels, 32, 4, 2, 1), nn.ReLU()])
    encoder.append(nn.Flatten())
    for units in (512, 256):
        encoder.extend([nn.Linear(units, 256), nn.ReLU()])
    encoder.append(nn.Linear(256, 2 * latents))
    for units, wider in ((latents, 256), (256, 256), (256, 512)):
        decoder.extend([nn.Linear(units, wider), nn.ReLU()])
    decoder.append(nn.Unflatten(1, (32, 4, 4)))
    for _ in range(3):
        decoder.extend([nn.ConvTranspose2d(32, 32, 4, 2, 1), nn.ReLU()])
    return encoder, decoder.append(nn.ConvTranspose2d(32, 1, 4, 2, 1))


def plain_loss(model: nn.Module, x: Tensor) -> Tensor:
    """Nats per image: binary cross entropy plus KL(q(z|x)‖N(0, I))."""
    logits, mean, log_variance = model(x)
    distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return (distortion + kl(mean, log_variance)) / len(x)


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Of N(mean, exp(log_variance)) from N(0, I), summed over the batch."""
    return -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
