"""Original test images as sheets of thumbnails."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np

from explorer import data
from explorer.config import DataConfig
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.store import Checkpoint

SIDE = 32
"""A sheet is SIDE × SIDE images, row by row, in the order of the stored codes."""


@lru_cache(maxsize=2)
def _dataset(config: str) -> ImageDataset:
    return data.load(DataConfig.model_validate_json(config))


def tiled(images: np.ndarray, across: int = SIDE, down: int = SIDE) -> np.ndarray:
    """Up to down·across images `(n, C, H, W)` as one `(down·H, across·W, C)`; the rest stays black."""
    n, c, h, w = images.shape
    grid = np.zeros((down * across, c, h, w), images.dtype)
    grid[:n] = images
    return grid.reshape(down, across, c, h, w).transpose(0, 3, 1, 4, 2).reshape(down * h, across * w, c)


def originals(checkpoint: Checkpoint, number: int) -> bytes:
    """Sheet `number` as a PNG: the images behind codes number·1024 and on.

    Raises ExplorerError if there is no such sheet or the data set is not there, or is another one.
    """
    from PIL import Image

    codes, manifest = checkpoint.codes, checkpoint.manifest
    index = codes.index[number * SIDE**2 : (number + 1) * SIDE**2]
    if not len(index):
        raise ExplorerError(f"{checkpoint.name} has {len(codes)} codes and no sheet {number} of originals.")
    dataset = _dataset(manifest.data.model_dump_json())
    if dataset.image_shape != tuple(manifest.image_shape) or index.max() >= len(dataset):
        raise ExplorerError(
            f"The images of {dataset.name} are not those that {checkpoint.name} was trained on."
        )
    pixels = tiled(np.asarray(dataset.images[index]))
    out = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(out, "PNG", optimize=False)
    return out.getvalue()
