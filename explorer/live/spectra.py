"""The water level: the spectrum of the images behind a checkpoint, and trained models beside the exact curve."""

import math
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Lock

import numpy as np

from explorer import store
from explorer.data.dataset import materialise
from explorer.errors import ExplorerError
from explorer.latents.codes import active_units
from explorer.live import thumbnails
from explorer.live.heap import freeze
from explorer.live.page_schema import LessonData, RatePoint
from explorer.live.stage import describe
from explorer.live.titles import betas
from explorer.metrics.image_space import to_unit
from explorer.metrics.spectrum import MAX_IMAGES, MAX_VALUES, find_spectrum
from explorer.metrics.training_images import spread
from explorer.store import Checkpoint, cache

MEASURED = 500
"""Test images of which a model's squared error is the mean."""

_computing = Lock()
_known: dict[tuple[str, str], bytes] = {}


def spectrum_bytes(checkpoint: Checkpoint) -> bytes:
    """The spectrum of a checkpoint's images, as `Spectrum.to_bytes` writes it, computed once for all models of them.

    They are training images, at most 10,000 and fewer if they are large; or the test images that ship with the
    checkpoint, for which no data set is needed. Raises ExplorerError if there are neither.
    """
    manifest = checkpoint.manifest
    key = manifest.data.model_dump_json(), manifest.files.get(store.ORIGINALS, "")
    with _computing:  # concurrent requests would repeat the work
        if key not in _known:
            _known[key] = find_spectrum(_images(checkpoint), manifest.data.binarize)
            freeze()  # it may have imported scikit-learn
    return _known[key]


def _images(checkpoint: Checkpoint) -> np.ndarray:
    """The images that a spectrum is computed of, uint8 `(N, C, H, W)`."""
    if store.ORIGINALS in checkpoint.manifest.files:
        return thumbnails.read_stored(checkpoint)
    try:
        dataset = thumbnails.dataset(checkpoint)
    except ExplorerError as error:
        raise ExplorerError(f"There is no spectrum without the images of {checkpoint.name}.") from error
    most = min(MAX_IMAGES, MAX_VALUES // math.prod(dataset.image_shape))
    return materialise(dataset.images, dataset.train_index[spread(len(dataset.train_index), most)])


def water_data(
    models: Sequence[Checkpoint], rows: tuple[int, ...] = (), level: float | None = None
) -> LessonData:
    """The lesson for the images of the first model, with a point for each model that has a rate: a plain AE has none.

    Raises ExplorerError if the first model cannot be read.
    """
    points = []
    for checkpoint, title in zip(models, betas(models), strict=True):
        if not checkpoint.manifest.plain:
            with suppress(ExplorerError):  # its images are not on this machine
                points.append(_point(checkpoint, title))
    return LessonData(
        kind="water", models=(describe(models[0]),), rows=rows, points=tuple(points), level=level
    )


@lru_cache(maxsize=64)
def _point(checkpoint: Checkpoint, title: str) -> RatePoint:
    """Where a model lies. Raises ExplorerError if its images or its decoder cannot be read."""
    manifest = checkpoint.manifest
    codes = checkpoint.codes.rows(np.arange(min(MEASURED, len(checkpoint.codes))))
    if store.ORIGINALS in manifest.files:
        images = thumbnails.read_stored(checkpoint)[: len(codes)]
    else:
        images = materialise(thumbnails.dataset(checkpoint).images, codes.index)
    epsilon = np.random.default_rng(0).standard_normal(codes.mean.shape, np.float32)
    z, session = codes.sample(epsilon), cache.decoder_session(checkpoint)
    decoded = checkpoint.decode(session, z, label=codes.labels)
    errors = ((decoded - to_unit(images, manifest.data.binarize)) ** 2).sum((1, 2, 3), dtype=np.float64)
    return RatePoint(
        title=title,
        distortion=float(errors.mean()),
        rate=float(codes.rate.sum(1, dtype=np.float64).mean()),
        active=active_units(checkpoint.codes.mean),
    )
