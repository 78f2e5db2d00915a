"""The space of images: distances in it against distances of images."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from explorer.metrics import image_space, training_images
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.training_images import place_stored


def test_with_all_components_it_keeps_every_distance() -> None:
    images = np.random.default_rng(0).random((60, 1, 4, 5)).astype(np.float32)
    found = ImageSpace.fit(images)
    assert found.explained == pytest.approx(1)
    others = np.random.default_rng(1).random((30, 1, 4, 5)).astype(np.float32)
    np.testing.assert_allclose(pdist(found.place(others)), pdist(others.reshape(30, -1)), rtol=1e-4)


def test_with_fewer_it_keeps_those_of_the_subspace() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(150, 3)) * [5, 3, 2] @ np.linalg.qr(rng.normal(size=(400, 3)))[0].T
    images = flat.reshape(150, 1, 20, 20)
    found = ImageSpace.fit(images + 1e-6 * rng.normal(size=images.shape))
    assert found.components.shape == (image_space.COMPONENTS, 400)
    assert found.explained > 0.999
    np.testing.assert_allclose(pdist(found.place(images)), pdist(flat), rtol=1e-4)
    np.testing.assert_allclose(found.place(images + 0).mean(0), 0, atol=1e-4)


def test_stored_images_are_placed_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (50, 1, 4, 4), dtype=np.uint8)
    found = ImageSpace.fit(to_unit(images))
    index = np.array([3, 1, 40, 40, 7])
    whole = found.place(to_unit(images[index], "threshold"))
    monkeypatch.setattr(training_images, "CHUNK", 2)
    np.testing.assert_allclose(place_stored(found, images, index, "threshold"), whole, rtol=1e-5, atol=1e-6)


def test_equal_images_have_a_space() -> None:
    found = ImageSpace.fit(np.ones((10, 1, 2, 2), np.float32))
    assert found.explained == 1
    np.testing.assert_allclose(found.place(np.ones((3, 1, 2, 2))), 0, atol=1e-6)


def test_black_and_white_is_cut_at_one_half() -> None:
    levels = np.array([0, 127, 128, 255], np.uint8)
    assert to_unit(levels, "threshold").tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(to_unit(levels, "stochastic"), levels / 255, rtol=1e-6)
    np.testing.assert_allclose(to_unit(levels), levels / 255, rtol=1e-6)
