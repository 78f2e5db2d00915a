"""The classifier behind the measures of samples, and the network that tells a browser what is in a hole."""

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
from sklearn.neighbors import NearestNeighbors

from explorer import data
from explorer.config import DataConfig
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics.classifier import find_space, find_targets
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.real_images import MAX_IMAGES, real_images_of
from explorer.metrics.training_images import place_stored


def stripes(colours: int = 1) -> ImageDataset:
    """Stripes of noise, lying or standing; how many are bright is no label."""
    rng = np.random.default_rng(0)
    labels = np.arange(600) % 2
    bright = rng.random((600, 12, 1)) < 0.5
    images = 40 + 200 * np.broadcast_to(bright, (600, 12, 12)).astype(np.uint8)
    images = np.where(labels[:, None, None] == 1, images.transpose(0, 2, 1), images)[:, None].repeat(
        colours, 1
    )
    return ImageDataset(
        "stripes",
        (images - rng.integers(0, 40, images.shape)).astype(np.uint8),
        np.arange(400),
        np.arange(400, 600),
        labels=labels,
        label_names=("lying", "standing"),
    )


@pytest.mark.parametrize("colours", [1, 3])
def test_what_an_image_shows_is_near_in_its_features(colours: int) -> None:
    dataset = stripes(colours)
    space = find_space(dataset, "none")
    assert space is not None
    assert space.about == "2 classes"
    assert space.accuracy > 0.97
    features = place_stored(space, dataset.images, dataset.test_index, "none")
    assert features.shape == (200, 64)
    near = NearestNeighbors(n_neighbors=2).fit(features).kneighbors(features)[1][:, 1]
    labels = dataset.labels[dataset.test_index]  # type: ignore[index]
    assert (labels[near] == labels).mean() > 0.97


def test_it_is_kept_by_content() -> None:
    from explorer.environment import data_folder

    def kept() -> int:
        return len(list((data_folder() / "classifiers").glob("*.onnx")))

    dataset = stripes()
    first = find_space(dataset, "none")
    assert kept() == 1
    again = find_space(stripes(), "stochastic")  # its grey values are what the images are
    assert kept() == 1
    assert first == again
    changed = np.array(dataset.images[np.arange(len(dataset))])
    changed[0, 0, 0, 0] ^= 1
    find_space(replace(dataset, images=changed), "none")
    assert kept() == 2


def test_factors_serve_as_well_and_those_of_many_values_in_parts() -> None:
    moons = find_targets(data.load(DataConfig(data="moons")))
    assert moons is not None
    assert moons.sizes == (16,)
    assert moons.about == "1 factor"
    assert np.bincount(moons.values[:, 0]).std() < 2
    nothing = replace(stripes(), labels=None, label_names=())
    assert find_targets(nothing) is None
    assert find_space(nothing, "none") is None


@pytest.mark.parametrize("known", [True, False])
def test_the_network_for_browsers_gives_the_distances_of_their_definition(known: bool) -> None:
    dataset = stripes()
    if not known:
        dataset = replace(dataset, labels=None, label_names=())
    real = real_images_of(dataset, dataset.test_index, "none")
    assert isinstance(real.space, ImageSpace) != known
    test = to_unit(materialise(dataset.images, dataset.test_index))
    noise = np.random.default_rng(1).random((100, 1, 12, 12)).astype(np.float32)
    images = np.concatenate([test, noise])
    train = place_stored(real.space, dataset.images, dataset.train_index[:MAX_IMAGES], "none")
    nearest = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(real.space.place(images))[0][:, 0]
    expected = nearest / np.quantile(nearest[:200], 0.95)
    session = onnxruntime.InferenceSession(real.network(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"image": images})
    np.testing.assert_allclose(real.distances(real.space.place(images)), expected, rtol=1e-9)
    # its weights are halves, and squares of distances are differences of large numbers
    np.testing.assert_allclose(found**2, expected**2, rtol=0.04, atol=0.06)
    assert (found[:200] > 1).mean() == pytest.approx(0.05, abs=0.01)
    assert (found[200:] > 1).mean() > 0.95


def test_a_classifier_that_is_often_wrong_does_not_say_what_looks_real(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset = stripes()
    monkeypatch.setattr("explorer.metrics.real_images.TRUSTED", 1.01)
    sentence = (
        r"^Which samples lie in a hole is not measured: the classifier of 2 classes is right on \d+ %.*\.$"
    )
    with pytest.raises(ExplorerError, match=sentence):
        real_images_of(dataset, dataset.test_index, "none")
    nothing_known = replace(dataset, labels=None, label_names=())
    assert isinstance(real_images_of(nothing_known, dataset.test_index, "none").space, ImageSpace)
