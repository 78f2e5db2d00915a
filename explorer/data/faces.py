"""Cartoon faces in colour with known factors, composited on demand from pre-rendered layers.

The parts are from ToonHead by Johan Melin, remixed by DiceBear, CC BY 4.0 (see `ATTRIBUTION`). `scripts/faces.py`
renders each part as a layer, at every step of `TILTS` if it tilts, the features of the face larger than the style has
them; this module composites the layers with numpy, back to front. A layer of colour c keeps 1 − `cover` of the image
behind it and adds `tint` · c + `base`, which is linear in c, so one rendering serves all colours.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from explorer.data.dataset import ImageDataset
from explorer.data.split import shuffled_split

ATTRIBUTION = (
    "Faces: a remix of ToonHead (figma.com/community/file/1589627891082866389) by Johan Melin, by way of DiceBear, "
    "with larger features, CC BY 4.0 (creativecommons.org/licenses/by/4.0)."
)
LAYERS = Path(__file__).with_name("faces.npz")
SIDE = 64
COUNT = 70_000
TEST_SIZE = 10_000
SEED = 64
BACKGROUND = (230, 238, 245)
MAX_TILT = 12.0
TILTS = np.linspace(-MAX_TILT, MAX_TILT, 17)
"""Degrees, clockwise; layers are interpolated between two steps."""
LEVELS = 12
"""Number of bins of equal width of the discrete factor `tilt`."""
_CHUNK = 32  # images per step, so that temporary arrays fit the CPU cache

COLOURS = {
    "skin": {
        "light": "#f1c3a5",
        "rose": "#c68e7a",
        "tan": "#b98e6a",
        "brown": "#a36b4f",
        "deep": "#5c3829",
    },
    "hair colour": {
        "black": "#2c1b18",
        "brown": "#724133",
        "copper": "#c2571a",
        "blond": "#e3bf72",
        "silver": "#b4b4b8",
        "pink": "#e05a9c",
    },
    "clothes colour": {
        "white": "#e8e9e6",
        "red": "#b11f1f",
        "orange": "#f97316",
        "green": "#147f3c",
        "blue": "#0b3286",
        "purple": "#731ac3",
    },
}
SHAPES = {
    "mouth": ("smile", "laugh", "open", "frown", "snarl"),
    "eyes": ("wide", "cheerful", "wink", "lowered", "closed"),
    "brows": ("neutral", "happy", "raised", "sad", "angry"),
    "hair": ("none", "side parting", "undercut", "spiky", "bun"),
    "rear hair": ("none", "neck length", "shoulder length", "long straight", "long wavy"),
    "beard": ("none", "chin", "chin and moustache", "twirled moustache", "full", "long"),
    "clothes": ("T-shirt", "shirt", "turtleneck", "open jacket", "dress"),
}
FACTORS = SHAPES | {name: tuple(colours) for name, colours in COLOURS.items()}
"""The discrete factors, each with the names of its values."""
MOSTLY_NONE = {"rear hair": 0.4, "beard": 0.5, "hair": 0.06}
"""Fraction of faces without that part; all other values are uniform, and factors are independent."""


class Part(NamedTuple):
    """A layer: the factor of its shape (None: it has one shape), the factor of its colour, and whether it tilts."""

    name: str
    shape: str | None
    colour: str | None
    tilts: bool = True


PARTS = (
    Part("rear hair", "rear hair", "hair colour"),
    Part("body", None, "skin", tilts=False),
    Part("head", None, "skin"),
    Part("clothes", "clothes", "clothes colour", tilts=False),
    Part("mouth", "mouth", None),
    Part("beard", "beard", "hair colour"),
    Part("eyes", "eyes", None),
    Part("brows", "brows", "hair colour"),
    Part("hair", "hair", "hair colour"),
)
"""Back to front."""


class Layers(NamedTuple):
    """All shapes of a part, as floats in [0, 1] within a window at (top, left).

    clear: transparency 1 − cover, `(shapes, tilts, 1, h, w)`. tint: weight of the part's colour, same shape, or None.
    base: fixed colours, `(shapes, tilts, 3, h, w)`, or None.
    """

    top: int
    left: int
    clear: np.ndarray
    tint: np.ndarray | None
    base: np.ndarray | None


@cache
def _layers() -> dict[str, Layers]:
    stored = np.load(LAYERS)

    def floats(name: str) -> np.ndarray | None:
        return stored[name].astype(np.float32) / 255 if name in stored else None

    layers = {}
    for part in PARTS:
        cover = floats(f"{part.name}/cover")
        assert cover is not None
        top, left = stored[f"{part.name}/corner"].tolist()
        layers[part.name] = Layers(
            top, left, 1 - cover, floats(f"{part.name}/tint"), floats(f"{part.name}/base")
        )
    return layers


def _rgb(colours: dict[str, str]) -> np.ndarray:
    """Hexadecimal colours as float32 `(n, 3, 1, 1)`, 0 to 255."""
    return np.array([list(bytes.fromhex(c[1:])) for c in colours.values()], np.float32)[:, :, None, None]


def render(factors: np.ndarray, tilt: np.ndarray) -> np.ndarray:
    """Render faces.

    factors: integers `(B, 10)`, in the order of `FACTORS`. tilt: degrees `(B,)`, within ±12, clockwise.
    Returns uint8 `(B, 3, 64, 64)`. Raises ValueError if a factor is out of range.
    """
    factors, tilt = np.asarray(factors), np.asarray(tilt, np.float32)
    sizes = [len(values) for values in FACTORS.values()]
    if factors.ndim != 2 or factors.shape[1] != len(sizes) or factors.dtype.kind not in "iu":
        raise ValueError(f"factors must be integers (B, {len(sizes)}), not {factors.dtype} {factors.shape}")
    if ((factors < 0) | (factors >= sizes)).any() or not (np.abs(tilt) <= MAX_TILT).all():
        raise ValueError(f"factors must be from 0 to below {sizes}, and tilts within ±{MAX_TILT:g}")
    images = np.empty((len(factors), 3, SIDE, SIDE), np.uint8)
    for start in range(0, len(factors), _CHUNK):
        some = slice(start, start + _CHUNK)
        images[some] = _stack(dict(zip(FACTORS, factors[some].T, strict=True)), tilt[some])
    return images


def _at(bank: np.ndarray, shape: np.ndarray, tilts: tuple[np.ndarray, np.ndarray] | None) -> np.ndarray:
    """Layers `(b, ., h, w)` of these shapes, interpolated from tilt step `tilts[0]` to the next by `tilts[1]`."""
    if tilts is None:
        return np.asarray(bank[shape, 0])
    step, share = tilts
    below, mixed = bank[shape, step], np.asarray(bank[shape, step + 1])
    mixed -= below
    mixed *= share
    mixed += below
    return mixed


def _stack(factors: dict[str, np.ndarray], tilt: np.ndarray) -> np.ndarray:
    """Composite faces as floats with 0.5 added, ready to truncate to uint8. factors: each `(b,)`."""
    canvas = np.empty((len(tilt), 3, SIDE, SIDE), np.float32)
    canvas[:] = np.array(BACKGROUND, np.float32)[:, None, None]
    step = np.minimum((tilt + MAX_TILT) / (TILTS[1] - TILTS[0]), len(TILTS) - 1.001)
    low, share = step.astype(np.int64), (step % 1).astype(np.float32)[:, None, None, None]
    for part in PARTS:
        layers = _layers()[part.name]
        shape = factors[part.shape].astype(np.int64) if part.shape else np.zeros(len(tilt), np.int64)
        there = np.arange(len(tilt))
        if part.shape and FACTORS[part.shape][0] == "none":
            there, shape = np.flatnonzero(shape), shape[shape > 0] - 1

        tilts = (low[there], share[there]) if part.tilts else None
        h, w = layers.clear.shape[-2:]
        window = (slice(layers.top, layers.top + h), slice(layers.left, layers.left + w))
        behind = canvas[(there, slice(None), *window)] if len(there) < len(tilt) else canvas[(..., *window)]
        behind *= _at(layers.clear, shape, tilts)
        if layers.tint is not None:
            assert part.colour
            behind += _at(layers.tint, shape, tilts) * _rgb(COLOURS[part.colour])[factors[part.colour][there]]
        if layers.base is not None:
            behind += _at(layers.base, shape, tilts) * np.float32(255)
        if len(there) < len(tilt):
            canvas[(there, slice(None), *window)] = behind
    canvas += np.float32(0.5)
    return canvas.clip(0, 255)


class Faces:
    """Images rendered on demand, uint8 `(N, 3, 64, 64)`, indexed by an integer array, a slice or an int."""

    def __init__(self, factors: np.ndarray, tilt: np.ndarray) -> None:
        self.factors, self.tilt = factors, tilt
        self.shape: tuple[int, ...] = (len(factors), 3, SIDE, SIDE)

    def __len__(self) -> int:
        return len(self.factors)

    def __getitem__(self, index: np.ndarray | slice | int, /) -> np.ndarray:
        if isinstance(index, int | np.integer):
            return render(self.factors[[index]], self.tilt[[index]])[0]
        return render(self.factors[index], self.tilt[index])


def draw(count: int, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """Sample factors, uint8 `(count, 10)`, and tilts in degrees, float32 `(count,)`, independently."""
    random = np.random.RandomState(seed)
    columns = []
    for name, values in FACTORS.items():
        shares = np.full(len(values), 1 / len(values))
        if name in MOSTLY_NONE:
            shares[:] = (1 - MOSTLY_NONE[name]) / (len(values) - 1)
            shares[0] = MOSTLY_NONE[name]
        columns.append(random.choice(len(values), count, p=shares).astype(np.uint8))
    return np.stack(columns, axis=1), random.uniform(-MAX_TILT, MAX_TILT, count).astype(np.float32)


def load() -> ImageDataset:
    """70,000 faces, 10,000 of them for testing; labels are the hair colour."""
    factors, tilt = draw(COUNT)
    train, test = shuffled_split(COUNT, TEST_SIZE)
    width = 2 * MAX_TILT / LEVELS
    level = np.minimum((tilt + MAX_TILT) / width, LEVELS - 1).astype(np.uint8)
    middles = [f"{-MAX_TILT + (i + 0.5) * width:+g}°" for i in range(LEVELS)]
    values = {**FACTORS, "tilt": tuple(middles)}
    return ImageDataset(
        "faces",
        Faces(factors, tilt),
        train,
        test,
        labels=factors[:, list(FACTORS).index("hair colour")].astype(np.int64),
        label_names=FACTORS["hair colour"],
        factors=np.column_stack((factors, level)),
        factor_names=tuple(values),
        factor_sizes=tuple(map(len, values.values())),
        factor_values=tuple(values.values()),
        continuous={"tilt": tilt},
    )
