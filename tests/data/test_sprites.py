"""The sprite renderer against closed forms and a slow reference that shares no code with it."""

import math
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data import sprites
from explorer.data.dataset import materialise
from explorer.data.sprites import COUNT, FACTOR_SIZES, SIDE, Sprites, factors_of, index_of, render

factor_rows = st.tuples(*(st.integers(0, n - 1) for n in FACTOR_SIZES))


def slow_sprite(shape: int, scale: int, orientation: int, x: int, y: int) -> np.ndarray:
    """Pixel by pixel, with a crossing-number test for all three shapes' outlines or inequalities."""
    size, theta = 0.5 + 0.1 * scale, 2 * math.pi * orientation / 39
    cx, cy = 16 + 32 * x / 31, 16 + 32 * y / 31
    heart = []
    for k in range(100):
        t = 2 * math.pi * k / 100
        below = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        heart.append((9.6 * math.sin(t) ** 3, -1.45 - 0.6627 * below))
    image = np.zeros((64, 64), dtype=np.uint8)
    for row in range(64):
        for column in range(64):
            dx, dy = column + 0.5 - cx, row + 0.5 - cy
            u = (dx * math.cos(theta) - dy * math.sin(theta)) / size
            v = (dx * math.sin(theta) + dy * math.cos(theta)) / size
            if math.hypot(u, v) > 14:
                continue
            inside = (abs(u) <= 9.6 and abs(v) <= 9.6, (u / 12.8) ** 2 + (v / 7.2) ** 2 <= 1, False)[shape]
            if shape == 2:
                for (u0, v0), (u1, v1) in zip(heart, heart[1:] + heart[:1], strict=True):
                    if (v0 > v) != (v1 > v) and u < u0 + (v - v0) * (u1 - u0) / (v1 - v0):
                        inside = not inside
            image[row, column] = 255 * inside
    return image


def area(shape: int, scale: int) -> float:
    """Mean number of lit pixels over all orientations, at places all over the grid."""
    rows = [(shape, scale, o, x, y) for o in range(39) for x in range(0, 32, 5) for y in range(0, 32, 5)]
    return (render(np.array(rows)) > 0).sum() / len(rows)


def test_there_are_as_many_as_in_dsprites() -> None:
    assert COUNT == 737_280 == len(Sprites())
    assert Sprites().shape == (737_280, 1, 64, 64)


def test_pixels_equal_the_slow_reference() -> None:
    random = np.random.default_rng(1)
    rows = np.stack([random.integers(n, size=36) for n in FACTOR_SIZES], axis=1)
    rows[:, 0] = np.arange(36) % 3
    rows[-6:, 3:] = [[0, 0], [0, 31], [31, 0], [31, 31], [0, 31], [31, 31]]
    rows[-6:, 1] = 5
    for row, image in zip(rows, render(rows), strict=True):
        np.testing.assert_array_equal(image[0], slow_sprite(*row.tolist()), err_msg=str(row))


def test_every_pixel_is_black_or_white() -> None:
    drawn = Sprites()[np.random.default_rng(2).integers(COUNT, size=2000)]
    assert drawn.dtype == np.uint8
    assert set(np.unique(drawn)) == {0, 255}
    assert (drawn.max(axis=(1, 2, 3)) == 255).all()


@given(st.lists(factor_rows, min_size=1, max_size=8))
def test_index_and_factors_are_inverse(rows: list[tuple[int, ...]]) -> None:
    factors = np.array(rows)
    index = index_of(factors)
    np.testing.assert_array_equal(factors_of(index), factors)
    a, b, c, d, e = factors.T
    np.testing.assert_array_equal(index, (((a * 6 + b) * 40 + c) * 32 + d) * 32 + e)


def test_areas_are_those_of_the_outlines() -> None:
    t = 2 * np.pi * np.arange(101) / 100
    u = 9.6 * np.sin(t) ** 3
    v = -0.6627 * (13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    heart = abs((u[:-1] * v[1:] - u[1:] * v[:-1]).sum()) / 2  # shoelace
    assert heart == pytest.approx(225, abs=2)
    for shape, at_one in enumerate((19.2**2, math.pi * 12.8 * 7.2, heart)):
        for scale in range(6):
            assert area(shape, scale) == pytest.approx(at_one * (0.5 + 0.1 * scale) ** 2, rel=0.004)


@given(factor_rows)
def test_no_turn_and_a_full_turn_are_the_same(row: tuple[int, ...]) -> None:
    shape, scale, _, x, y = row
    first, last = render(np.array([(shape, scale, 0, x, y), (shape, scale, 39, x, y)]))
    np.testing.assert_array_equal(first, last)


@given(factor_rows)
def test_mirrored_shapes_mirror_the_image(row: tuple[int, ...]) -> None:
    """All shapes are symmetric in u: turning the other way at the mirrored x gives the mirror image."""
    shape, scale, orientation, x, y = row
    image, mirrored = render(np.array([row, (shape, scale, (39 - orientation) % 39, 31 - x, y)]))
    np.testing.assert_array_equal(image, mirrored[..., ::-1])


@given(st.floats(-14, 14), st.floats(-14, 14))
def test_symmetries_of_the_outlines(u: float, v: float) -> None:
    here, quarter, left = (np.array([pair]).T for pair in ((u, v), (-v, u), (-u, v)))
    assert sprites.in_square(*here) == sprites.in_square(*quarter)
    assert sprites.in_ellipse(*here) == sprites.in_ellipse(-here[0], -here[1])
    assert sprites.in_heart(*here) == sprites.in_heart(*left)


def test_heart_stands_upright_at_no_turn() -> None:
    image = render(np.array([(2, 5, 0, 15, 15)]))[0, 0] > 0
    widths = image.sum(axis=1)[image.any(axis=1)]
    assert widths[-1] <= 2  # a point below
    assert widths[: len(widths) // 2].mean() > 1.5 * widths[len(widths) // 2 :].mean()


@pytest.mark.parametrize("shape", [0, 1])
def test_the_centroid_moves_with_x_and_y(shape: int) -> None:
    """The square and the ellipse are centred on their position, 16 + 32·k/31 pixels."""
    rows = np.array([(shape, 5, o, x, y) for o in (0, 7, 22) for x in range(32) for y in (0, 11, 31)])
    lit = render(rows)[:, 0] > 0
    grid = np.arange(64) + 0.5
    total = lit.sum(axis=(1, 2))
    np.testing.assert_allclose((lit.sum(axis=1) @ grid) / total, 16 + 32 * rows[:, 3] / 31, atol=0.5)
    np.testing.assert_allclose((lit.sum(axis=2) @ grid) / total, 16 + 32 * rows[:, 4] / 31, atol=0.5)


def test_indexing_is_like_an_array() -> None:
    images = Sprites()
    some = np.array([5, 737_279, 123_456, 5])
    batch = images[some]
    assert batch.shape == (4, 1, 64, 64)
    np.testing.assert_array_equal(batch[0], batch[3])
    np.testing.assert_array_equal(images[5], batch[0])
    np.testing.assert_array_equal(images[-1], batch[1])
    np.testing.assert_array_equal(images[[123_456]], batch[2:3])
    np.testing.assert_array_equal(images[3:9:2][1], batch[0])
    np.testing.assert_array_equal(images[-2:][1], batch[1])
    mask = np.zeros(COUNT, dtype=bool)
    mask[some] = True
    np.testing.assert_array_equal(images[mask], batch[[0, 2, 1]])
    assert images[[]].shape == images[7:7].shape == (0, 1, 64, 64)
    for bad in (COUNT, -COUNT - 1, [0.5], [[1]], [True, False]):
        with pytest.raises(IndexError):
            images[bad]


def test_render_refuses_what_is_no_factor() -> None:
    for bad in (
        np.array([[3, 0, 0, 0, 0]]),
        np.array([[0, -1, 0, 0, 0]]),
        np.zeros((1, 5)),
        np.zeros(5, int),
    ):
        with pytest.raises(ValueError, match="factors must be"):
            render(bad)


def test_the_set_carries_its_factors_and_a_fixed_split() -> None:
    dataset = sprites.load()
    assert dataset.image_shape == (1, 64, 64)
    assert dataset.factors is not None
    assert dataset.labels is not None
    assert dataset.factors.shape == (COUNT, 5)
    assert dataset.factors.dtype == np.uint8
    assert dataset.factor_sizes == FACTOR_SIZES == tuple(int(top) + 1 for top in dataset.factors.max(axis=0))
    assert len(dataset.factor_names) == 5
    np.testing.assert_array_equal(dataset.labels, dataset.factors[:, 0])
    np.testing.assert_array_equal(index_of(dataset.factors), np.arange(COUNT))
    assert dataset.label_names == ("square", "ellipse", "heart")
    assert len(dataset.test_index) == 16_384
    parts = [dataset.train_index, dataset.validation_index, dataset.test_index]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(COUNT))
    assert len(dataset.validation_index) == 5_000
    np.testing.assert_array_equal(dataset.test_index, sprites.load().test_index)
    # Any first part of the test images is a fair sample of every factor.
    means = dataset.factors[dataset.test_index[:4000]].mean(axis=0)
    np.testing.assert_allclose(means / (np.array(FACTOR_SIZES) - 1), 0.5, atol=0.03)


def test_materialise_draws_in_chunks() -> None:
    images, index = Sprites(), np.arange(1000, 700_000, 31_013)
    np.testing.assert_array_equal(materialise(images, index, chunk=7), images[index])


def processor_seconds(work: Callable[[], object]) -> float:
    """The least of a few tries."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(5))


def test_a_hundred_thousand_take_a_second() -> None:
    """Drawing takes no longer than a few plain passes over as many pixels, however fast the machine is."""
    index = np.random.default_rng(3).integers(COUNT, size=2000)
    numbers = np.random.default_rng(3).random((2000, SIDE, SIDE), np.float32)
    images = Sprites()
    drawing = processor_seconds(lambda: images[index])
    assert drawing < 10 * processor_seconds(lambda: numbers * numbers + numbers < 1)  # about 2
