"""Sizes and colours against Pillow, which computes them with its own code."""

import numpy as np
import pytest
from PIL import Image

from explorer.config import DataConfig
from explorer.data import ImageDataset, load
from explorer.data.dataset import materialise
from explorer.data.resize import prepare, to_colour, to_grey, to_square


def colourful(n: int, height: int, width: int) -> np.ndarray:
    """Smooth coloured images, uint8 (n, 3, height, width)."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / (3 + k) + i) + np.cos(y / (4 + k)) for i in range(n) for k in range(3)]
    return np.rint(127.5 + 63 * np.array(waves)).astype(np.uint8).reshape(n, 3, height, width)


def wrapped(images: np.ndarray) -> ImageDataset:
    return ImageDataset("waves", images, np.arange(1, len(images)), np.arange(1))


@pytest.mark.parametrize("side", [8, 20, 33, 64])
def test_resizing_is_pillows_smooth_one(side: int) -> None:
    images = colourful(3, 40, 40)
    ours = to_square(images, side)
    for image, small in zip(images, ours, strict=True):
        theirs = Image.fromarray(image.transpose(1, 2, 0)).resize((side, side), Image.Resampling.BILINEAR)
        np.testing.assert_allclose(small.transpose(1, 2, 0), np.asarray(theirs), atol=1.01)


def test_proportions_stay() -> None:
    images = colourful(2, 30, 50)
    np.testing.assert_array_equal(to_square(images, 16), to_square(images[:, :, :, 10:40], 16))


def test_grey_is_pillows() -> None:
    images = np.random.default_rng(0).integers(256, size=(4, 3, 16, 16), dtype=np.uint8)
    for image, grey in zip(images, to_grey(images), strict=True):
        np.testing.assert_array_equal(
            grey[0], np.asarray(Image.fromarray(image.transpose(1, 2, 0)).convert("L"))
        )


def test_grey_to_colour_and_back_changes_nothing() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    np.testing.assert_array_equal(to_grey(to_colour(grey)), grey)


def test_channels_and_size_together() -> None:
    dataset = wrapped(colourful(5, 24, 24))
    done = prepare(dataset, DataConfig(image_size=12, channels="grey"))
    assert done.image_shape == (1, 12, 12)
    assert isinstance(done.images, np.ndarray)
    np.testing.assert_array_equal(done.images, to_square(to_grey(materialise(dataset.images)), 12))


def test_nothing_to_do_does_nothing() -> None:
    dataset = wrapped(colourful(5, 24, 24))
    assert prepare(dataset, DataConfig(image_size=24)) is dataset
    assert prepare(dataset, DataConfig(channels="colour")) is dataset


def test_sprites_stay_lazy() -> None:
    plain = load(DataConfig(data="sprites"))
    small = load(DataConfig(data="sprites", image_size=32, channels="colour"))
    assert not isinstance(small.images, np.ndarray)
    assert small.image_shape == (3, 32, 32)
    assert len(small) == 737_280
    np.testing.assert_array_equal(small.test_index, plain.test_index)
    index = small.test_index[:6]
    drawn = small.images[index]
    assert drawn.shape == (6, 3, 32, 32)
    # Half the side is the mean over 2×2 blocks, blurred: the light per image stays.
    light = plain.images[index].mean(axis=(1, 2, 3))
    np.testing.assert_allclose(drawn.mean(axis=(1, 2, 3)), light, rtol=0.02)
    np.testing.assert_array_equal(small.images[int(index[2])], drawn[2])  # type: ignore[index]
    assert small.images[np.array([], dtype=np.int64)].shape == (0, 3, 32, 32)


def test_digits_at_another_size() -> None:
    dataset = load(DataConfig(data="digits", image_size=16))
    assert dataset.image_shape == (1, 16, 16)
    assert len(dataset) == 1797
