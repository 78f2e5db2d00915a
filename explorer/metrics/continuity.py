"""How evenly images change along straight lines through the latent space."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Continuity:
    """Means over segments. An image distance is the Euclidean one, over pixels in [0, 1].

    speed: length of the image's path per unit of z. jump: longest step divided by the mean step, from 1 (every
    step changes the image as much) to the number of steps (all of the change at once); 1 where nothing changes.
    """

    speed: float
    jump: float


def compute_continuity(images: np.ndarray, lengths: np.ndarray) -> Continuity:
    """From images `(S, T + 1, C, H, W)` at T + 1 even steps along S segments of `lengths (S,)` in z.

    Raises ExplorerError for a segment without length.
    """
    if not (lengths > 0).all():
        raise ExplorerError("A segment needs two different ends.")
    flat = images.reshape(*images.shape[:2], -1).astype(np.float64)
    steps = np.linalg.norm(np.diff(flat, axis=1), axis=2)  # (S, T)
    total = steps.sum(axis=1)
    moving = total > 0
    jump = np.ones(len(steps))
    jump[moving] = steps[moving].max(axis=1) * steps.shape[1] / total[moving]
    return Continuity(speed=float((total / lengths).mean()), jump=float(jump.mean()))


def segments(ends: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes `(S, steps + 1, d)` at even steps between the ends `(2, S, d)`, and the lengths `(S,)`."""
    t = np.linspace(0, 1, steps + 1)[:, None]
    a, b = ends[0][:, None], ends[1][:, None]  # (S, 1, d)
    return ((1 - t) * a + t * b).astype(np.float32), np.linalg.norm(ends[1] - ends[0], axis=1)
