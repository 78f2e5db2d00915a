"""Images of digits as strokes of a pen: what a hand would draw, for the tests that draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

FINE = 4
"""How much finer than the image its middle line is sought."""
STEP = 2
"""Fine pixels from corner to corner of a stroke."""


class Stroke(NamedTuple):
    """A line of the pen: corners (x, y) and width, in pixels of the image."""

    corners: list[tuple[float, float]]
    width: float


def strokes(image: np.ndarray) -> list[Stroke]:
    """The strokes of an image `(H, W)` in [0, 1] along the middle of its lines."""
    ink = ndimage.zoom(np.pad(image, 1), FINE, order=1, grid_mode=True, mode="grid-constant") > 0.5
    middle = thinned(ink)
    depth = ndimage.distance_transform_edt(ink)
    paths = [path for path in _paths(middle) if len(path) > 1.5 * FINE or len(path) == 1]
    if not paths:
        paths = [[(int(y), int(x))] for y, x in np.argwhere(middle)[:1]]
    found = []
    for path in paths:
        corners = [*path[:-1:STEP], path[-1]]
        width = 2 * float(np.mean([depth[at] for at in path])) / FINE
        found.append(Stroke([((x + 0.5) / FINE - 1, (y + 0.5) / FINE - 1) for y, x in corners], width))
    return found


def thinned(ink: np.ndarray) -> np.ndarray:
    """The middle lines of a shape, one pixel wide (Zhang & Suen 1984)."""
    ink = np.pad(ink, 1).astype(np.uint8)
    while True:
        before = int(ink.sum())
        for turn in (0, 1):
            # the eight neighbours, clockwise from above
            around = [
                np.roll(ink, shift, (0, 1))
                for shift in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
            ]
            count = sum(part.astype(int) for part in around)
            rises = sum((a == 0) & (b == 1) for a, b in zip(around, [*around[1:], around[0]], strict=True))
            n, e, s, w = around[0], around[2], around[4], around[6]
            open_sides = (
                ((n * e * s == 0) & (e * s * w == 0)) if turn == 0 else ((n * e * w == 0) & (n * s * w == 0))
            )
            ink[(ink == 1) & (count >= 2) & (count <= 6) & (rises == 1) & open_sides] = 0
        if int(ink.sum()) == before:
            return ink[1:-1, 1:-1].astype(bool)


def _paths(middle: np.ndarray) -> list[list[tuple[int, int]]]:
    """Every pixel of the lines in one path: from an end where there is one, straight on at crossings."""
    left = {(int(y), int(x)) for y, x in np.argwhere(middle)}
    whole = frozenset(left)
    near = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]

    def neighbours(at: tuple[int, int], among: set[tuple[int, int]] | frozenset[tuple[int, int]]) -> list:
        return [(at[0] + dy, at[1] + dx) for dy, dx in near if (at[0] + dy, at[1] + dx) in among]

    found = []
    while left:
        start = min(left, key=lambda at: (len(neighbours(at, left)), at))
        joints = [at for at in neighbours(start, whole) if at not in left]
        path = [*joints[:1], start]  # a line that leaves a crossing begins in it
        left.remove(start)
        heading = (0, 0)
        while following := neighbours(path[-1], left):
            y, x = path[-1]
            following.sort(key=lambda at: -(at[0] - y) * heading[0] - (at[1] - x) * heading[1])
            back = path[-4] if len(path) > 3 else path[0]
            path.append(following[0])
            left.remove(following[0])
            heading = (following[0][0] - back[0], following[0][1] - back[1])
        ends = [at for at in neighbours(path[-1], whole) if at not in path[-3:]]
        found.append([*path, *ends[:1]])
    return found
