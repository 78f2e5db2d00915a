"""Directions that a decoder has by itself: in which a small step of the code changes the image most.

They are the leading right singular vectors of the decoder's Jacobian J (pixels × d): the eigenvectors of the metric JᵀJ
that the decoder induces on the latent space (Arvanitidis et al. 2018, equation 4), at one code or as a mean over codes.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

Decode = Callable[..., np.ndarray]
"""Codes `(B, d)` float32 to images `(B, C, H, W)` float32; that of a conditional model also takes a `label`."""
STEP = 1e-2
"""Of the central differences, in units of the latent space: float32 images have seven digits."""


class DecoderAxes(NamedTuple):
    """directions: unit vectors `(k, d)`, strongest first. strength: how far the image moves per unit along each,
    `(k,)`, as a Euclidean distance of images in [0, 1] (root mean square over codes)."""

    directions: np.ndarray
    strength: np.ndarray


def compute_jacobian(decode: Decode, z: np.ndarray) -> np.ndarray:
    """∂ image / ∂ z at one code z `(d,)`, by central differences: `(C·H·W, d)`, float64."""
    steps = STEP * np.eye(len(z), dtype=np.float32)
    images = decode(np.concatenate([z + steps, z - steps]).astype(np.float32))
    ahead, behind = images.reshape(2, len(z), -1).astype(np.float64)
    jacobian: np.ndarray = (ahead - behind).T / (2 * STEP)
    return jacobian


def compute_decoder_axes(
    decode: Decode, codes: np.ndarray, count: int, labels: np.ndarray | None = None
) -> DecoderAxes:
    """The `count` strongest directions of a decoder, on average over the codes `(n, d)`, each of a class of `labels`
    `(n,)` for the decoder of a conditional model."""
    metric = np.zeros((codes.shape[1], codes.shape[1]))
    for row, z in enumerate(codes):
        jacobian = compute_jacobian(decode if labels is None else partial(decode, label=labels[row]), z)
        metric += jacobian.T @ jacobian / len(codes)
    values, vectors = np.linalg.eigh(metric)
    order = np.argsort(values)[::-1][:count]
    return DecoderAxes(vectors[:, order].T, np.sqrt(np.maximum(values[order], 0)))
