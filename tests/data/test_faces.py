"""Faces: the layers against the rasteriser's own pictures, and the factors that come with them."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from explorer.config import DataConfig
from explorer.data import faces, load
from explorer.data.faces import COUNT, FACTORS, LEVELS, MAX_TILT, PARTS, TILTS, draw, render

SIZES = [len(values) for values in FACTORS.values()]
REFERENCES = np.load(Path(__file__).with_name("faces.npz"))
NAMES = list(FACTORS)


def random_faces(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(0, SIZES, (count, len(SIZES))), random.uniform(-MAX_TILT, MAX_TILT, count)


def test_layers_stack_to_what_the_rasteriser_draws_at_once() -> None:
    """48 whole faces by resvg. Each of nine layers was rounded to 8 bits, so a few levels may differ."""
    drawn = render(REFERENCES["factors"], REFERENCES["tilts"]).astype(int)
    difference = np.abs(drawn - REFERENCES["images"])
    assert difference.max() <= 7
    assert difference.mean() < 0.15
    assert (difference > 4).mean() < 1e-4


def test_between_two_steps_a_face_is_tilted_between() -> None:
    """Half way between two steps of tilt the picture is nearer to both than they are to each other."""
    factors, _ = random_faces(8)
    for low, high in pairwise(TILTS):
        at, between, beyond = (
            render(factors, np.full(8, t)).astype(float) for t in (low, (low + high) / 2, high)
        )
        step = np.abs(beyond - at).mean()
        assert np.abs(between - at).mean() < 0.6 * step
        assert np.abs(between - beyond).mean() < 0.6 * step


def test_every_factor_shows() -> None:
    base = np.zeros((1, len(SIZES)), int)
    base[0, NAMES.index("beard")] = 2  # so that its colour shows whatever the hair
    for column, size in enumerate(SIZES):
        rows = np.repeat(base, size, axis=0)
        rows[:, column] = np.arange(size)
        images = render(rows, np.zeros(size))
        assert len(np.unique(images.reshape(size, -1), axis=0)) == size, NAMES[column]


def test_colours_are_those_that_are_named() -> None:
    """A bald, beardless face: its forehead has the skin's colour, its background the background's."""
    rows = np.zeros((len(FACTORS["skin"]), len(SIZES)), int)
    rows[:, NAMES.index("skin")] = np.arange(len(rows))
    images = render(rows, np.zeros(len(rows)))
    for image, colour in zip(images, faces.COLOURS["skin"].values(), strict=True):
        np.testing.assert_allclose(image[:, 18, 32], list(bytes.fromhex(colour[1:])), atol=1)
        np.testing.assert_array_equal(image[:, 0, 0], faces.BACKGROUND)


def test_any_batch_is_drawn_in_one_call_and_alike() -> None:
    factors, tilt = random_faces(70)
    images = render(factors, tilt)
    assert images.shape == (70, 3, 64, 64)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[[69, 3]], render(factors[[69, 3]], tilt[[69, 3]]))
    assert render(factors[:0], tilt[:0]).shape == (0, 3, 64, 64)


@pytest.mark.parametrize("column", range(len(SIZES)))
def test_values_that_do_not_exist_are_refused(column: int) -> None:
    for value in (-1, SIZES[column]):
        row = np.zeros((1, len(SIZES)), int)
        row[0, column] = value
        with pytest.raises(ValueError, match="factors must be from 0"):
            render(row, np.zeros(1))
    with pytest.raises(ValueError, match="tilts within"):
        render(np.zeros((1, len(SIZES)), int), np.array([np.nan]))


def test_the_set_names_its_factors_and_their_values() -> None:
    dataset = load(DataConfig(data="faces"))
    assert dataset.image_shape == (3, 64, 64)
    assert [len(i) for i in (dataset.train_index, dataset.validation_index, dataset.test_index)] == [
        55_000, 5_000, 10_000,
    ]  # fmt: skip
    assert dataset.factors is not None
    assert dataset.labels is not None
    assert dataset.factor_names == (*NAMES, "tilt")
    assert (
        dataset.factor_sizes == tuple(int(top) + 1 for top in dataset.factors.max(axis=0)) == (*SIZES, LEVELS)
    )
    assert dataset.factor_values[0] == FACTORS["mouth"]
    assert dataset.label_names == FACTORS["hair colour"]
    np.testing.assert_array_equal(dataset.labels, dataset.factors[:, NAMES.index("hair colour")])
    tilt = dataset.continuous["tilt"]
    level = dataset.factors[:, -1]
    middles = np.array([float(name.removesuffix("°")) for name in dataset.factor_values[-1]])
    assert np.abs(tilt - middles[level]).max() <= MAX_TILT / LEVELS + 1e-5
    np.testing.assert_array_equal(dataset.images[np.arange(3)], render(dataset.factors[:3, :-1], tilt[:3]))


def test_factors_are_drawn_as_stated_and_independently() -> None:
    factors, tilt = draw(COUNT)
    for name, column, size in zip(NAMES, factors.T, SIZES, strict=True):
        none = faces.MOSTLY_NONE.get(name, 1 / size)
        assert (column == 0).mean() == pytest.approx(none, abs=0.01)
    correlation = np.corrcoef(np.column_stack((factors, tilt)).T)
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.02
    assert factors[0].tolist() == draw(COUNT)[0][0].tolist()


def test_every_part_has_a_layer_for_each_of_its_shapes() -> None:
    for part in PARTS:
        shapes = FACTORS[part.shape] if part.shape else ("",)
        count, tilts = faces._layers()[part.name].clear.shape[:2]
        assert count == len(shapes) - (shapes[0] == "none")
        assert tilts == (len(TILTS) if part.tilts else 1)


def test_a_core_draws_thousands_of_images_a_second() -> None:
    """At least 5,000 on two cores; the processor's own time is counted, so that others do not count."""
    factors, tilt = random_faces(2000)
    render(factors[:10], tilt[:10])
    began = time.process_time()
    render(factors, tilt)
    assert 2000 / (time.process_time() - began) > 2500
