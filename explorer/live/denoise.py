"""Corrupted test images and their codes, for the denoising view. The first call imports torch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from explorer.errors import ExplorerError
from explorer.live import thumbnails
from explorer.live.heap import freeze
from explorer.store import Checkpoint

if TYPE_CHECKING:
    from explorer.models import Autoencoder

KINDS = ("gaussian", "masking", "salt-and-pepper")
MAX_IMAGES = 24
"""Maximum number of images per request."""


def encoder(checkpoint: Checkpoint) -> Autoencoder:
    """The whole model, for `restored_bytes`. Raises ExplorerError if its weights do not fit."""
    from explorer.store.weights import load_model

    model = load_model(checkpoint)
    freeze()  # it imports torch
    return model


def parse_request(kind: str, level: str, seed: str, rows: str, count: int) -> tuple[float, int, list[int]]:
    """Level, seed and rows from an address. Raises ExplorerError if one of them or the kind of noise is invalid."""
    if kind not in KINDS:
        raise ExplorerError(f"There is no noise named {kind[:40]!r}; choose one of {', '.join(KINDS)}.")
    try:
        amount = float(level)
    except ValueError:
        amount = math.nan
    if not 0 <= amount <= 1:
        raise ExplorerError(f"A level of noise is a number between 0 and 1, not {level[:40]!r}.")
    if not (seed.isdecimal() and len(seed) < 11):
        raise ExplorerError(f"A seed is a whole number of at most ten digits, not {seed[:40]!r}.")
    parts = rows.split(",")
    chosen = [int(part) for part in parts if part.isdecimal() and len(part) < 10]
    if len(chosen) < len(parts) or len(chosen) > MAX_IMAGES or max(chosen) >= count:
        raise ExplorerError(f"Ask for 1 to {MAX_IMAGES} images, each by its number from 0 to {count - 1}.")
    return amount, int(seed), chosen


def restored_bytes(
    checkpoint: Checkpoint,
    model: Autoencoder,
    kind: str,
    level: float,
    seed: int,
    rows: list[int],
    beta: float | None = None,
) -> bytes:
    """Test images with noise, n of them, and what the model makes of them: little-endian float32 distortions `(n,)`
    in nats, −log p(clean image|z), and codes z `(n, d)`, the posterior's mean for the corrupted image; then the
    corrupted images, uint8 `(n, C, H, W)`.

    Images are rounded to 256 levels before they are encoded. The noise depends only on the seed and the image, so
    that models compare, and a higher level scales the same noise. kind: one of `KINDS`. beta: for a model of a range
    of β; without it, its default. Raises ExplorerError if the data set is not there.
    """
    import torch

    from explorer.data.batches import to_unit, to_unit_mean
    from explorer.training.corruption import corrupt

    index = checkpoint.codes.index[rows]
    pixels = torch.from_numpy(np.ascontiguousarray(thumbnails.dataset(checkpoint).images[index]))
    clean = to_unit_mean(pixels, checkpoint.manifest.data.binarize)
    with torch.inference_mode():
        generators = [torch.Generator().manual_seed(seed * 1_000_003 + int(i)) for i in index]
        noisy = torch.stack([corrupt(x, kind, level, g) for x, g in zip(clean, generators, strict=True)])
        shown = (255 * noisy).round().to(torch.uint8)
        label = None if checkpoint.codes.labels is None else torch.from_numpy(checkpoint.codes.labels[rows])
        z = model.encode(to_unit(shown), beta, label).mode
        distortion = -model.decode(z, beta, label).log_prob(clean)
    floats = [part.float().numpy().astype("<f4").tobytes() for part in (distortion, z)]
    return b"".join([*floats, shown.numpy().tobytes()])
