"""Phases of the moon, from new to full: images with a single factor, for one-dimensional latent spaces.

Seen from far, the lit part of a sphere is bounded by the limb (a half circle) and by the terminator, a half
ellipse whose semi-axis is R·cos φ, where φ is 0 at new moon and π at full moon. It is a fraction
(1 − cos φ)/2 of the disc.
"""

import numpy as np

from explorer.data.dataset import ImageDataset
from explorer.data.split import shuffled_split

SIDE = 32
RADIUS = 13.0  # pixels
COUNT = 1000
TEST_SIZE = 200
EARTHSHINE = 25  # grey level of the unlit part: faint, but a new moon stays visible
_ROWS = 16  # sampling lines per pixel row


def render(phase: np.ndarray) -> np.ndarray:
    """Render waxing moons, lit from the right as seen from the north, on black.

    phase: φ in radians `(B,)`, 0 new to π full. Returns uint8 `(B, 1, 32, 32)`: 255 times the lit fraction
    of each pixel plus 25 times its unlit fraction of the disc, exact along x and averaged over 16 lines along y.
    """
    lines = (np.arange(SIDE * _ROWS) + 0.5) / _ROWS - SIDE / 2  # y of each line, from the centre
    limb = np.sqrt(np.clip(RADIUS**2 - lines**2, 0, None))[:, None]  # (lines, 1): half the disc's width there

    def coverage(left: np.ndarray) -> np.ndarray:
        """Fraction of each pixel that lies between `left` and the right-hand limb, (SIDE, SIDE)."""
        edges = np.clip(np.arange(SIDE + 1) - SIDE / 2, left, limb)  # (lines, SIDE + 1)
        return np.diff(edges, axis=1).reshape(SIDE, _ROWS, SIDE).mean(axis=1)

    disc = EARTHSHINE * coverage(-limb)
    images = np.empty((len(phase), 1, SIDE, SIDE), dtype=np.uint8)
    for i, cosine in enumerate(np.cos(phase)):
        images[i, 0] = np.rint(disc + (255 - EARTHSHINE) * coverage(cosine * limb))
    return images


def load() -> ImageDataset:
    """1,000 moons at equal steps of φ from 0 to π, 200 of them for testing; the factor `phase` is the step."""
    train, test = shuffled_split(COUNT, TEST_SIZE)
    return ImageDataset(
        "moons",
        render(np.linspace(0, np.pi, COUNT)),
        train,
        test,
        factors=np.arange(COUNT, dtype=np.int16)[:, None],
        factor_names=("phase",),
        factor_sizes=(COUNT,),
    )
