"""Digits, moons, the splits and `load` itself."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.config import DataConfig
from explorer.data import describe_datasets, digits, load, moons
from explorer.data.split import hold_out, shuffled_split, stratified_split, tenth_split
from explorer.errors import ExplorerError


def test_digits_equal_scikit_learns() -> None:
    from sklearn.datasets import load_digits

    theirs, ours = load_digits(), digits.load()
    images = ours.images[np.arange(1797)]
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[:, 0], np.rint(theirs.images / 16 * 255))
    np.testing.assert_array_equal(ours.labels, theirs.target)
    assert ours.label_names == tuple("0123456789")


def test_digits_are_split_by_class() -> None:
    dataset = digits.load()
    assert dataset.labels is not None
    parts = [dataset.train_index, dataset.validation_index, dataset.test_index]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(1797))
    test, every = np.bincount(dataset.labels[dataset.test_index]), np.bincount(dataset.labels)
    np.testing.assert_allclose(test / every, 0.2, atol=0.005)


def test_splits_never_move() -> None:
    """Checkpoints name images by index: these numbers may not change between versions."""
    assert shuffled_split(10, 3)[1].tolist() == [2, 8, 4]
    assert shuffled_split(737_280, 3)[1].tolist() == [125674, 436028, 227828]
    assert digits.load().test_index[:4].tolist() == [1361, 1252, 656, 606]


@given(st.integers(2, 3000))
def test_a_tenth_is_kept_for_testing(n: int) -> None:
    train, test = tenth_split(n)
    assert len(test) == max(1, round(n / 10))
    assert len(train) >= 1
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=200))
def test_stratified_split_keeps_shares(values: list[int]) -> None:
    labels = np.array(values)
    train, test = stratified_split(labels, 0.25)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))
    for value in set(values):
        assert (labels[test] == value).sum() == round(0.25 * values.count(value))


def lit_share(images: np.ndarray) -> np.ndarray:
    """Share of the disc that is lit, from the images' total light."""
    light = images.sum(axis=(1, 2, 3), dtype=float) / (np.pi * 13.0**2)
    return (light - moons.EARTHSHINE) / (255 - moons.EARTHSHINE)


def test_moons_are_lit_as_the_closed_form_says() -> None:
    dataset = moons.load()
    phase = np.linspace(0, np.pi, 1000)
    share = lit_share(dataset.images[np.arange(1000)])
    np.testing.assert_allclose(share, (1 - np.cos(phase)) / 2, atol=0.002)


def test_moons_have_the_right_outline() -> None:
    new, half, full = moons.render(np.array([0, np.pi / 2, np.pi]))[:, 0].astype(int)
    assert new.max() == moons.EARTHSHINE
    assert full.max() == 255
    centres = np.arange(32) + 0.5 - 16
    radius = np.hypot(centres, centres[:, None])
    for image, level in ((new, moons.EARTHSHINE), (full, 255)):
        assert (image[radius < 13 - 0.75] == level).all()
        assert (image[radius > 13 + 0.75] == 0).all()
        np.testing.assert_array_equal(image, image[::-1])
        np.testing.assert_array_equal(image, image[:, ::-1])
        np.testing.assert_allclose(image, image.T, atol=10)
    np.testing.assert_array_equal(half[:, 16:], full[:, 16:])  # waxing: lit from the right
    np.testing.assert_array_equal(half[:, :16], new[:, :16])


def test_the_terminator_is_a_half_ellipse() -> None:
    """On every line, the lit stretch of a moon at 60° ends at half the disc's half width."""
    image = moons.render(np.array([np.pi / 3]))[0, 0].astype(float)
    disc = moons.render(np.array([0.0]))[0, 0].astype(float) / moons.EARTHSHINE
    lit = (image - moons.EARTHSHINE * disc).sum(axis=1) / (255 - moons.EARTHSHINE)
    y = np.arange(4, 28) + 0.5 - 16
    np.testing.assert_allclose(lit[4:28], np.sqrt(13.0**2 - y**2) / 2, atol=0.2)


def test_moons_wax_steadily() -> None:
    dataset = moons.load()
    assert dataset.factor_names == ("phase",)
    assert dataset.factors is not None
    images = dataset.images[np.arange(1000)].astype(int)
    assert (np.diff(images, axis=0) >= 0).all()
    np.testing.assert_array_equal(dataset.factors[:, 0], np.arange(1000))
    assert dataset.factor_sizes == (1000,)
    assert len(dataset.test_index) == 200


@pytest.mark.parametrize(
    ("name", "shape"), [("digits", (1, 8, 8)), ("moons", (1, 32, 32)), ("sprites", (1, 64, 64))]
)
def test_load_by_name(name: str, shape: tuple[int, int, int]) -> None:
    dataset = load(DataConfig(data=name))
    assert dataset.name == name
    assert dataset.image_shape == shape


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        ExplorerError, match=r"no file named 'mnits' \(did you mean mnist\?\): choose one of digits"
    ):
        load(DataConfig(data="mnits"))


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000, "~nobody-of-that-name/x", "/no/such/folder"])
def test_names_that_are_nothing(name: str) -> None:
    with pytest.raises(ExplorerError, match="There is no data set and no file named"):
        load(DataConfig(data=name))


def test_the_catalog_and_the_default_are_cheap() -> None:
    """Neither may import what takes seconds."""
    code = (
        "import sys; from explorer.data import describe_datasets, load; from explorer.config import DataConfig;"
        "assert 'mnist' in describe_datasets(); load(DataConfig());"
        "print(sorted({'torch', 'torchvision', 'sklearn', 'scipy', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_data_set_has_a_description() -> None:
    rows = describe_datasets()
    assert next(iter(rows)) == "digits"
    assert all(about and "\n" not in about for about in rows.values())


@given(st.integers(1, 3000))
def test_validation_images_come_out_of_the_training_part(n: int) -> None:
    images = np.arange(100, 100 + n)
    train, validation = hold_out(images)
    np.testing.assert_array_equal(np.union1d(train, validation), images)
    assert len(validation) == (round(n / 10) if n > 5 else n)
    assert n <= 5 or not np.intersect1d(train, validation).size
    assert (np.diff(train) > 0).all()
    np.testing.assert_array_equal(hold_out(images)[1], validation)


def test_at_most_five_thousand_images_validate_and_they_never_move() -> None:
    train, validation = hold_out(np.arange(60_000))
    assert (len(train), len(validation)) == (55_000, 5_000)
    assert abs(validation.mean() - 30_000) < 600
    assert hold_out(np.arange(40))[1].tolist() == [4, 20, 22, 25]
