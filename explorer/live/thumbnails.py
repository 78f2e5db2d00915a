"""Original test images as sheets of thumbnails."""

import io
import logging
import math
import time
from collections import defaultdict
from functools import lru_cache
from threading import Lock

import numpy as np

from explorer import data, store
from explorer.config import DataConfig
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.live.heap import freeze
from explorer.store import Checkpoint
from explorer.store.originals import check_images

SIDE = 32
"""A sheet is SIDE × SIDE images, row by row, in the order of the stored codes."""
MISSING = "Original not available offline."
PATIENCE = 20.0
"""Seconds before loading a data set is retried after it failed: a download may take long to fail."""


def config(text: str) -> DataConfig:
    """The settings of a data set, from their JSON."""
    return DataConfig.model_validate_json(text)


@lru_cache(maxsize=2)
def _loaded(text: str) -> ImageDataset:
    try:
        return data.load(config(text))
    finally:
        freeze()  # it may have imported torchvision, and have failed to download all the same


_turns: defaultdict[str, Lock] = defaultdict(Lock)
_missed: dict[str, tuple[float, str]] = {}


def load_dataset(text: str) -> ImageDataset:
    """The data set with these settings (JSON), cached.

    A page requests many sheets at once: one request loads the data set, and a failure is cached for `PATIENCE`.
    Raises ExplorerError, a sentence fit for a picture: why `data.load` failed, with its paths and addresses, is logged.
    """
    with _turns[text]:
        when, why = _missed.get(text, (-math.inf, ""))
        if time.monotonic() - when < PATIENCE:
            raise ExplorerError(why)
        try:
            return _loaded(text)
        except ExplorerError as error:
            logging.getLogger(__name__).info("%s", error)
            _missed[text] = time.monotonic(), MISSING
            raise ExplorerError(MISSING) from error


def dataset(checkpoint: Checkpoint) -> ImageDataset:
    """The images of a checkpoint. Raises ExplorerError if they are missing or have changed."""
    return check_images(checkpoint, load_dataset(checkpoint.manifest.data.model_dump_json()))


def tiled(images: np.ndarray, across: int = SIDE, down: int = SIDE) -> np.ndarray:
    """Up to down·across images `(n, C, H, W)` as one `(down·H, across·W, C)`; the rest stays black."""
    n, c, h, w = images.shape
    grid = np.zeros((down * across, c, h, w), images.dtype)
    grid[:n] = images
    return grid.reshape(down, across, c, h, w).transpose(0, 3, 1, 4, 2).reshape(down * h, across * w, c)


def png(images: np.ndarray, across: int = SIDE, down: int = SIDE) -> bytes:
    """`tiled` images as a PNG."""
    from PIL import Image

    pixels = tiled(images, across, down)
    out = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(out, "PNG")
    return out.getvalue()


def originals(checkpoint: Checkpoint, number: int) -> bytes:
    """Sheet `number` as a PNG: the images behind codes number·1024 and on.

    They come from the sheet that ships with the checkpoint, if there is one, else from the data set. Raises
    ExplorerError if there is no such sheet, or the data set is not there, or is another one.
    """
    codes = checkpoint.codes
    index = codes.index[number * SIDE**2 : (number + 1) * SIDE**2]
    if not len(index):
        raise ExplorerError(f"{checkpoint.name} has {len(codes)} codes and no sheet {number} of originals.")
    if store.ORIGINALS in checkpoint.manifest.files:
        return _cut(checkpoint.read(store.ORIGINALS), number, checkpoint.manifest.image_shape[1])
    return png(np.asarray(dataset(checkpoint).images[index]))


def stored(images: np.ndarray) -> bytes:
    """Images `(n, C, H, W)` as one tall PNG, SIDE across: what ships with a checkpoint whose data set does not."""
    return png(images, down=math.ceil(len(images) / SIDE))


def read_stored(checkpoint: Checkpoint) -> np.ndarray:
    """The test images that ship with a checkpoint, uint8 `(N, C, H, W)`. Raises ExplorerError if there are none."""
    from PIL import Image

    channels, height, width = checkpoint.manifest.image_shape
    with Image.open(io.BytesIO(checkpoint.read(store.ORIGINALS))) as picture:
        pixels = np.asarray(picture).reshape(-1, height, SIDE, width, channels)
    images = pixels.transpose(0, 2, 4, 1, 3).reshape(-1, channels, height, width)
    return images[: len(checkpoint.codes)]


def _cut(tall: bytes, number: int, height: int) -> bytes:
    """Sheet `number` of a tall PNG with images of that height."""
    from PIL import Image

    top = number * SIDE * height
    out = io.BytesIO()
    with Image.open(io.BytesIO(tall)) as picture:
        picture.crop((0, top, picture.width, top + SIDE * height)).save(out, "PNG")
    return out.getvalue()
