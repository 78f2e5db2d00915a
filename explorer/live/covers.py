"""The picture of a model on the gallery's card: a small grid of decodes, and the path on which it comes alive.

The path is a closed one through a few keyframes, each a code for every cell of the grid. The picture is the first
keyframe, decoded here once; a browser that decodes the path begins exactly there, so nothing jumps.
"""

from typing import Any

import numpy as np

from explorer.live.columns import carried
from explorer.live.thumbnails import png
from explorer.store import Checkpoint

ROWS, COLUMNS = 3, 5
CELLS = ROWS * COLUMNS
STOPS = 8
"""Keyframes per path."""
REACH = 2.0
"""How far a traversal goes, in standard deviations of the prior."""


def keyframes(checkpoint: Checkpoint) -> np.ndarray:
    """Codes `(K, CELLS, d)` float32, cells row by row.

    Of a conditional model: its classes in turn, all in one style, the next of which begins when they are through. Of
    a model of discrete codes: those of test images, for a traversal would leave the words. Of other models with one
    latent: the line, in reading order. Two: the plane, seen through a window that wanders. More: in each row the
    traversal of one of the dimensions that carry most, around the codes of test images.
    """
    d = checkpoint.manifest.model.latent_size
    if checkpoint.manifest.classes:
        return _styles(checkpoint).astype(np.float32)
    if checkpoint.manifest.model.code:
        return _words(checkpoint).astype(np.float32)
    make = _line if d == 1 else _plane if d == 2 else _traversals
    return make(checkpoint).astype(np.float32)


def cover_png(checkpoint: Checkpoint, session: Any) -> bytes:
    """The first keyframe's images, `CELLS` one below the other, as a PNG."""
    images = checkpoint.decode(session, keyframes(checkpoint)[0])
    return png(np.rint(images.clip(0, 1) * 255).astype(np.uint8), across=1, down=CELLS)


def _spans(checkpoint: Checkpoint, tail: float) -> np.ndarray:
    """Low and high end of every dimension, `(2, d)`: of the codes' quantiles for a plain AE, else of the prior."""
    if checkpoint.manifest.plain:
        return np.quantile(checkpoint.codes.mean, [tail, 1 - tail], axis=0)
    return np.outer([-REACH, REACH], np.ones(checkpoint.manifest.model.latent_size))


def _styles(checkpoint: Checkpoint) -> np.ndarray:
    """Each style is a code, on its way through those of test images of different classes."""
    around = _different(checkpoint)
    style = np.arange(CELLS) // checkpoint.manifest.classes
    return around[(np.arange(len(around))[:, None] + style) % len(around)]


def _words(checkpoint: Checkpoint) -> np.ndarray:
    """Each cell has its share of the test images, in the order of their classes, and goes through some of them."""
    codes = checkpoint.codes
    order = np.arange(len(codes)) if codes.labels is None else np.argsort(codes.labels, kind="stable")
    places = np.arange(CELLS) + np.arange(STOPS)[:, None] / STOPS  # (K, CELLS)
    return codes.mean[order[(places * len(codes) / CELLS).astype(int)]]


def _line(checkpoint: Checkpoint) -> np.ndarray:
    (low,), (high,) = _spans(checkpoint, 0.01)
    places = np.arange(CELLS) / (CELLS - 1) + np.arange(STOPS)[:, None] * 2 / STOPS  # (K, CELLS)
    back_and_forth = 1 - np.abs(1 - places % 2)
    return (low + (high - low) * back_and_forth)[..., None]


def _plane(checkpoint: Checkpoint) -> np.ndarray:
    low, high = _spans(checkpoint, 0.1)
    x, y = np.linspace(low[0], high[0], COLUMNS), np.linspace(high[1], low[1], ROWS)
    window = np.stack(np.meshgrid(x, y), axis=-1).reshape(CELLS, 2)
    turn = 2 * np.pi * np.arange(STOPS) / STOPS
    moves = np.stack([np.sin(turn), np.sin(2 * turn)], axis=1) * (high - low) / COLUMNS  # a lying eight
    return window + moves[:, None]


def _traversals(checkpoint: Checkpoint) -> np.ndarray:
    low, high = _spans(checkpoint, 0.02)
    strongest = np.argsort(carried(checkpoint.codes))[::-1][:ROWS]
    around = _different(checkpoint)
    path = np.empty((len(around), ROWS, COLUMNS, low.size))
    for row in range(ROWS):
        k = strongest[row]
        path[:, row] = np.roll(around, -row, axis=0)[:, None]
        path[:, row, :, k] = np.linspace(low[k], high[k], COLUMNS)
    return path.reshape(len(around), CELLS, -1)


def _different(checkpoint: Checkpoint) -> np.ndarray:
    """Codes of up to `STOPS` test images, `(K, d)`: one of each class where there are classes."""
    codes = checkpoint.codes
    first = np.arange(len(codes))
    if codes.labels is not None:
        first = np.unique(codes.labels, return_index=True)[1]
    return codes.mean[first[np.linspace(0, len(first) - 1, min(STOPS, len(first))).round().astype(int)]]
