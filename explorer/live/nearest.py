"""The training image nearest to a decoded code, in principal components of pixels."""

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.live import thumbnails
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.training_images import TrainingImages, spread
from explorer.store import Checkpoint

MAX_TEST_IMAGES = 5_000  # test images that the space is fitted to, as for the sample scores
TYPICAL_OF = 500


@dataclass(frozen=True)
class Likeness:
    """typical: mean distance of real test images to their nearest training image."""

    space: ImageSpace
    training: TrainingImages
    typical: float


_building = Lock()


@lru_cache(maxsize=2)
def _likeness(dataset: str, index: bytes) -> Likeness:
    """Shared by all models of a data set with codes of the same test images."""
    images_of = thumbnails.load_dataset(dataset)
    binarize = thumbnails.config(dataset).binarize
    rows = np.frombuffer(index, "<i8")
    rows = rows[spread(len(rows), MAX_TEST_IMAGES)]
    images = to_unit(materialise(images_of.images, rows), binarize)
    space = ImageSpace.fit(images)
    training = TrainingImages.build(images_of, space, binarize)
    distance = training.nearest(space.place(images[:TYPICAL_OF]))[1]
    return Likeness(space, training, float(distance.mean()) or 1.0)


def of(checkpoint: Checkpoint) -> tuple[Likeness, ImageDataset]:
    """The search index of a checkpoint, cached. Raises ExplorerError if the data set is not there."""
    dataset = thumbnails.dataset(checkpoint)
    with _building:  # concurrent requests would repeat the work
        index = checkpoint.codes.index.astype("<i8").tobytes()
        return _likeness(checkpoint.manifest.data.model_dump_json(), index), dataset


def code(text: str, d: int) -> np.ndarray:
    """The code `(1, d)` in an address, base64url of little-endian float32. Raises ExplorerError if it is none."""
    try:
        z = np.frombuffer(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "<f4")
    except (ValueError, binascii.Error):
        z = np.empty(0, "<f4")
    if z.shape != (d,) or not np.isfinite(z).all():
        raise ExplorerError(f"An address for the nearest training image needs a code of {d} finite numbers.")
    return z[None]


def nearest_bytes(
    checkpoint: Checkpoint, session: Any, z: np.ndarray, label: np.ndarray | None = None
) -> bytes:
    """The training image nearest to the image of z `(1, d)`: little-endian float32 distance, in units of the mean
    distance of real test images to their nearest training image; int32 number in the data set and class, −1 where there
    are none; then the image, uint8 `(C, H, W)`.

    label: the class `(1,)` that a conditional model is given. Raises ExplorerError if the data set is not there.
    """
    likeness, dataset = of(checkpoint)
    image = checkpoint.decode(session, z, label=label).clip(0, 1)
    (row,), (distance,) = likeness.training.nearest(likeness.space.place(image))
    its = -1 if dataset.labels is None else int(dataset.labels[row])
    head = np.array([distance / likeness.typical], "<f4").tobytes() + np.array([row, its], "<i4").tobytes()
    return head + np.asarray(dataset.images[np.array([row])]).tobytes()
