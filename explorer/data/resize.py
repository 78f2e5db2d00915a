"""Resize images and convert their channels to the settings of a run."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from explorer.config import DataConfig
from explorer.data.dataset import ImageDataset, ImageSource, materialise


def prepare(dataset: ImageDataset, config: DataConfig) -> ImageDataset:
    """Return the data set with `config.image_size` and `config.channels` applied.

    Images in memory are converted now; images rendered, mapped or read on demand are converted on access.
    """
    c, h, w = dataset.image_shape
    side = config.image_size
    channels = {"keep": c, "grey": 1, "colour": 3}[config.channels]
    steps: list[Callable[[np.ndarray], np.ndarray]] = []
    if channels < c:
        steps.append(to_grey)
    if side is not None and (h, w) != (side, side):
        steps.append(lambda images: to_square(images, side))
        h = w = side
    if channels > c:
        steps.append(to_colour)
    if not steps:
        return dataset
    images: ImageSource = Converted(dataset.images, (len(dataset), channels, h, w), tuple(steps))
    if isinstance(dataset.images, np.ndarray) and not isinstance(dataset.images, np.memmap):
        images = materialise(images)
    return replace(dataset, images=images)


@dataclass(frozen=True)
class Converted:
    """Images `(N, C, H, W)` that are converted on access to `source`."""

    source: ImageSource
    shape: tuple[int, ...]
    steps: tuple[Callable[[np.ndarray], np.ndarray], ...]

    def __getitem__(self, index: np.ndarray, /) -> np.ndarray:
        images = self.source[index]
        batch = images if images.ndim == 4 else images[None]  # an int selects one image (C, H, W)
        for step in self.steps:
            batch = step(batch)
        return batch if images.ndim == 4 else batch[0]


def to_square(images: np.ndarray, side: int) -> np.ndarray:
    """Crop uint8 images `(B, C, H, W)` to their central square and resize them to `(B, C, side, side)`, antialiased."""
    if not len(images):
        return np.empty((0, images.shape[1], side, side), dtype=np.uint8)
    import torch  # imported here because it takes seconds
    from torchvision.transforms.v2 import functional

    batch = torch.from_numpy(np.require(images, requirements=["C", "W"]))
    # crop first: the result is the same, and resizing never enlarges a very long image
    batch = functional.center_crop(batch, [min(images.shape[2:])] * 2)
    return functional.resize(batch, [side, side], antialias=True).numpy()


def to_grey(images: np.ndarray) -> np.ndarray:
    """Convert uint8 colour `(B, 3, H, W)` to luma `(B, 1, H, W)` with ITU-R BT.601 weights, rounded like Pillow.

    torchvision's weights add up to 0.9999 and it truncates, so that white becomes 254.
    """
    weights = np.array([19595, 38470, 7471], dtype=np.uint32)  # of 65536
    luma = np.einsum("bchw,c->bhw", images, weights, dtype=np.uint32)
    return ((luma + 0x8000) >> 16).astype(np.uint8)[:, None]


def to_colour(images: np.ndarray) -> np.ndarray:
    """Repeat grey uint8 `(B, 1, H, W)` as three equal channels `(B, 3, H, W)`."""
    return np.repeat(images, 3, axis=1)
