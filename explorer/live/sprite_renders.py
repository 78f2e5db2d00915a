"""Sprites in which one true factor changes, and their codes."""

import re
from functools import lru_cache
from typing import Any

import numpy as np

from explorer.data import sprites
from explorer.errors import ExplorerError
from explorer.live.thumbnails import load_dataset, png
from explorer.store import Checkpoint

ACROSS = 11
"""A sheet is ACROSS × ACROSS images, row by row."""


def knows_sprites(checkpoint: Checkpoint) -> bool:
    """Whether a model was trained on unchanged sprites and can encode others."""
    m = checkpoint.manifest
    return m.data.data == "sprites" and m.image_shape == (1, sprites.SIDE, sprites.SIDE) and m.rebuildable


def sweeps(text: str) -> np.ndarray:
    """Factors `(113, 5)` of all sprites that differ from one in a single factor: first every shape, then every scale,
    orientation, x and y. text: the five factors of that one, as in 2-5-0-16-16.

    Raises ExplorerError if there is no such sprite.
    """
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{1,2})-(\d{1,2})-(\d{1,2})", text)
    chosen = np.array([int(g) for g in match.groups()]) if match else np.full(5, -1)
    if (chosen < 0).any() or (chosen >= sprites.FACTOR_SIZES).any():
        raise ExplorerError(
            f"{text[:40]!r} is not a sprite: give shape, scale, orientation, x and y, each from 0 to below "
            f"{sprites.FACTOR_SIZES}, as in 2-5-0-16-16."
        )
    sizes = sprites.FACTOR_SIZES
    rows = np.tile(chosen, (sum(sizes), 1))
    column = np.repeat(np.arange(len(sizes)), sizes)
    rows[np.arange(len(rows)), column] = np.concatenate([np.arange(size) for size in sizes])
    return rows


@lru_cache(maxsize=256)
def sheet(text: str) -> bytes:
    """The images of `sweeps(text)` as one PNG."""
    return png(sprites.render(sweeps(text)), ACROSS, ACROSS)


def check_known(checkpoint: Checkpoint) -> None:
    """Raises ExplorerError if a model knows no sprites."""
    if not knows_sprites(checkpoint):
        raise ExplorerError(
            f"{checkpoint.name} was not trained on sprites, or has no weights, so it cannot encode sprites."
        )


def codes(checkpoint: Checkpoint, model: Any, text: str) -> bytes:
    """Posterior means of the images of `sweeps(text)`, little-endian float32 `(113, d)`. Imports torch.

    Raises ExplorerError if there is no such sprite.
    """
    index = sprites.index_of(sweeps(text))
    from explorer.latents.encode import encode_means

    dataset = load_dataset(checkpoint.manifest.data.model_dump_json())
    means = encode_means(model, dataset, index, checkpoint.manifest.data.binarize)
    return np.ascontiguousarray(means, "<f4").tobytes()
