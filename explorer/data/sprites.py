"""dSprites-compatible sprites: 737,280 binary images of 64×64 with five known factors, rendered on demand.

The data set has every combination of shape, scale, orientation, x and y, in that order, slowest first, as in dSprites
(Matthey, Higgins, Hassabis and Lerchner, 2017). The outlines are fitted to 100 of its published images: 80 are
identical and 30 of 409,600 pixels differ, so this is compatible with dSprites but not dSprites itself. Nothing is
stored.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from explorer.data.dataset import ImageDataset
from explorer.data.split import shuffled_split

SIDE = 64
FACTOR_NAMES = ("shape", "scale", "orientation", "x position", "y position")
FACTOR_SIZES = (3, 6, 40, 32, 32)
SHAPE_NAMES = ("square", "ellipse", "heart")
COUNT = int(np.prod(FACTOR_SIZES))  # 737,280
TEST_SIZE = 16_384  # enough for the 10,000 + 5,000 samples that disentanglement scores draw

SCALES = np.linspace(0.5, 1.0, 6)
ANGLES = 2 * np.pi * (np.arange(40) % 39) / 39  # 0 to 2π inclusive; the last one equals 0
CENTRES = 16 + 32 * np.arange(32) / 31  # pixels, y down

_HALF_SIDE = 9.6
_HALF_AXES = (12.8, 7.2)
_PER_STEP = 1 << 16  # pixels per step, so that temporary arrays fit the CPU cache

# The heart is a symmetric polygon of 100 vertices, of which half suffice: along |u| the first 26 are its upper edge
# and the last 26, in reverse, its lower edge (v points down).
_T = 2 * np.pi * np.arange(51) / 100
_HEART_U = 9.6 * np.sin(_T) ** 3
_HEART_V = -1.45 - 0.6627 * (13 * np.cos(_T) - 5 * np.cos(2 * _T) - 2 * np.cos(3 * _T) - np.cos(4 * _T))


def in_square(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Mask of the points (u, v), in pixels at scale 1, inside the square."""
    return np.maximum(np.abs(u), np.abs(v)) <= _HALF_SIDE


def in_ellipse(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Mask of the points (u, v), in pixels at scale 1, inside the ellipse."""
    return np.square(u / _HALF_AXES[0]) + np.square(v / _HALF_AXES[1]) <= 1


def in_heart(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Mask of the points (u, v), in pixels at scale 1, inside the heart."""
    across = np.abs(u)
    upper = np.interp(across, _HEART_U[:26], _HEART_V[:26], right=np.inf)
    lower = np.interp(across, _HEART_U[:24:-1], _HEART_V[:24:-1])
    return (upper <= v) & (v <= lower)


_INSIDE: tuple[Callable[[np.ndarray, np.ndarray], np.ndarray], ...] = (in_square, in_ellipse, in_heart)
_RADII = (
    _HALF_SIDE * np.sqrt(2),
    max(_HALF_AXES),
    float(np.hypot(_HEART_U, _HEART_V).max()),
)  # radius of each shape at scale 1, in pixels


def factors_of(index: np.ndarray) -> np.ndarray:
    """Factor values, int64 `(B, 5)`, of the images with these indices `(B,)`."""
    return np.stack(np.unravel_index(np.asarray(index, dtype=np.int64), FACTOR_SIZES), axis=-1)


def index_of(factors: np.ndarray) -> np.ndarray:
    """Indices, int64 `(B,)`, of the images with these factor values `(B, 5)`."""
    return np.asarray(np.ravel_multi_index(tuple(np.moveaxis(np.asarray(factors), -1, 0)), FACTOR_SIZES))


def render(factors: np.ndarray) -> np.ndarray:
    """Render sprites.

    factors: integers `(B, 5)`, column k in 0..FACTOR_SIZES[k]-1.
    Returns uint8 `(B, 1, 64, 64)`: 255 where a pixel's centre lies inside the shape, else 0.
    Raises ValueError if a factor is out of range.
    """
    factors = np.asarray(factors)
    if factors.ndim != 2 or factors.shape[1] != 5 or factors.dtype.kind not in "iu":
        raise ValueError(f"factors must be integers (B, 5), not {factors.dtype} {factors.shape}")
    if ((factors < 0) | (factors >= FACTOR_SIZES)).any():
        raise ValueError(f"factors must be from 0 to below {FACTOR_SIZES}")
    images = np.zeros((len(factors), 1, SIDE, SIDE), dtype=np.uint8)
    # images of the same shape and scale fit a window of the same size
    kind = factors[:, 0].astype(np.int64) * FACTOR_SIZES[1] + factors[:, 1]
    for value in np.unique(kind):
        shape, scale = divmod(int(value), FACTOR_SIZES[1])
        members = np.flatnonzero(kind == value)
        _draw(images, members, shape, float(SCALES[scale]), factors[members, 2:])
    return images


def _draw(images: np.ndarray, members: np.ndarray, shape: int, scale: float, pose: np.ndarray) -> None:
    """Render one shape at one scale into `images[members]`; pose: orientation, x, y `(len(members), 3)`."""
    reach = _RADII[shape] * scale
    width = int(2 * reach) + 1  # maximum number of pixel centres in an interval of 2·reach
    windows = np.lib.stride_tricks.sliding_window_view(images, (width, width), axis=(2, 3), writeable=True)
    step = max(1, _PER_STEP // width**2)
    for start in range(0, len(members), step):
        angle, x, y = pose[start : start + step].T
        cos, sin = np.cos(ANGLES[angle])[:, None] / scale, np.sin(ANGLES[angle])[:, None] / scale
        left, dx = _window(CENTRES[x], reach, width)
        top, dy = _window(CENTRES[y], reach, width)
        u = (dx * cos)[:, None, :] - (dy * sin)[:, :, None]  # (b, width, width)
        v = (dx * sin)[:, None, :] + (dy * cos)[:, :, None]
        inside = _INSIDE[shape](u, v).view(np.uint8) * np.uint8(255)
        windows[members[start : start + step], 0, top, left] = inside


def _window(centre: np.ndarray, reach: float, width: int) -> tuple[np.ndarray, np.ndarray]:
    """First pixel `(b,)` within `reach` of each centre, and the offsets `(b, width)` of the window's pixels."""
    first = np.ceil(centre - reach - 0.5).astype(np.int64)
    return first, first[:, None] + np.arange(width) + 0.5 - centre[:, None]


class Sprites:
    """All 737,280 images, uint8 `(737280, 1, 64, 64)`, indexed like an array and rendered on demand."""

    shape: tuple[int, ...] = (COUNT, 1, SIDE, SIDE)

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: slice | ArrayLike, /) -> np.ndarray:
        """One image `(1, 64, 64)` for an int, else `(B, 1, 64, 64)` for a slice, indices or a mask."""
        if isinstance(index, slice):
            return render(factors_of(np.arange(*index.indices(COUNT))))
        positions = np.asarray(index)
        if positions.dtype == bool and positions.shape == (COUNT,):
            positions = np.flatnonzero(positions)
        if positions.size == 0 and positions.ndim == 1:
            positions = positions.astype(np.int64)
        if positions.dtype.kind not in "iu" or positions.ndim > 1:
            raise IndexError("sprites take an int, a slice, a list of indices or a mask of the whole set")
        if positions.size and not (positions.min() >= -COUNT and positions.max() < COUNT):
            raise IndexError(f"there are {COUNT} sprites: an index is out of range")
        images = render(factors_of(np.atleast_1d(positions).astype(np.int64) % COUNT))
        return images[0] if positions.ndim == 0 else images


def load() -> ImageDataset:
    """The whole data set with its factors; labels are the shape. 16,384 random images are for testing."""
    train, test = shuffled_split(COUNT, TEST_SIZE)
    factors = factors_of(np.arange(COUNT)).astype(np.uint8)
    return ImageDataset(
        "sprites",
        Sprites(),
        train,
        test,
        labels=factors[:, 0].astype(np.int64),
        label_names=SHAPE_NAMES,
        factors=factors,
        factor_names=FACTOR_NAMES,
        factor_sizes=FACTOR_SIZES,
    )
