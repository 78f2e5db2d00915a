"""Boxes that begin as clusters of another model's codes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import store
from explorer.cli.main import main
from explorer.config import DataConfig, RunConfig, flat
from explorer.data import load
from explorer.data.batches import Batches
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.latents.encode import encode
from explorer.store.weights import save_checkpoint
from explorer.training import box_source, runs
from explorer.training import fit as fit_module
from explorer.training.box_start import clusters_of, fit_mixture, start_boxes
from explorer.training.estimate import measure
from explorer.training.fit import new_model
from explorer.training.presets import has_effect, settings_of
from explorer.training.run import train as train_run
from tests.training.small import Run, settings, train, weights
from tests.training.test_discrete_runs import clusters
from tests.training.test_resume import assert_same, cut

BOXES: dict[str, Any] = {"posterior": "categorical", "latent_size": 4, "hidden": (32,), "boxes_from": "vae"}


@pytest.fixture(scope="module")
def images() -> ImageDataset:
    return clusters()


@pytest.fixture(scope="module")
def vae(images: ImageDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE of four clusters, which is all that its codes can tell apart."""
    path = tmp_path_factory.mktemp("trained") / "vae"
    config = settings(hidden=(32,), epochs=60, learning_rate=3e-3, beta=0.2)
    save_checkpoint(path, train(images, config).model, images, config)
    return path


@pytest.fixture(autouse=True)
def folder(vae: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of checkpoints."""
    place = tmp_path / "checkpoints"
    shutil.copytree(vae, place / "vae")
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(place))
    return place


def boxes_of(run: Run, images: ImageDataset, index: np.ndarray) -> np.ndarray:
    tokens = encode(run.model, images, index).tokens
    assert tokens is not None
    boxes: np.ndarray = tokens[:, 0]
    return boxes


def test_the_encoder_begins_with_the_clusters_of_the_mixture(images: ImageDataset) -> None:
    config = settings(epochs=0, batch_size=4, learning_rate=3e-3, **BOXES)
    found = clusters_of(config, images)
    assert images.labels is not None
    classes = images.labels[images.train_index]
    assert len(set(zip(found.tolist(), classes.tolist(), strict=True))) == 4  # one cluster for every quarter
    run = train(images, config)
    assert [p.phase for p in run.seen] == ["boxes from clusters"] * 2
    assert np.mean(boxes_of(run, images, images.train_index) == found) > 0.98
    # and the decoder draws what is in a box
    with torch.no_grad():
        drawn = run.model.mean_image(torch.eye(4)).numpy()
    averages = np.stack([images.images[images.train_index[found == box]].mean(0) / 255 for box in range(4)])
    distance = np.abs(drawn[:, None] - averages).mean((2, 3, 4))
    np.testing.assert_array_equal(distance.argmin(1), range(4))


def test_another_start_is_another_run_and_the_seed_repeats_it(images: ImageDataset) -> None:
    from_clusters = train(images, settings(**BOXES))
    again = train(images, settings(**BOXES))
    at_random = train(images, settings(**BOXES | {"boxes_from": None}))
    assert_same(from_clusters, again)
    assert not torch.equal(weights(from_clusters.model), weights(at_random.model))
    other = settings(seed=1, **BOXES)
    assert not np.array_equal(clusters_of(other, images), clusters_of(settings(**BOXES), images))


@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 12])
def test_a_run_that_is_cut_is_the_uninterrupted_one(
    after: int, images: ImageDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut between the two epochs of its start, after them, and in training; beside layer-wise pretraining and noise."""
    monkeypatch.setattr(fit_module, "REPORT_SECONDS", -1.0)
    config = settings(pretrain_epochs=1, binarize="stochastic", corruption="masking", batch_size=50, **BOXES)
    assert_same(train(images, config), cut(images, config, after, tmp_path))


def test_a_branch_and_a_resumed_run_repeat_it(folder: Path) -> None:
    """The start is over by then, so they do not need the model that boxes began from."""
    digits = {"data": "digits", "hidden": (16,), "device": "cpu"}
    train_run(folder, digits | {"epochs": 3}, "vae-digits")
    boxes = digits | {"posterior": "categorical", "latent_size": 5, "boxes_from": "vae-digits"}
    whole, _ = train_run(folder, boxes | {"epochs": 3}, "whole")
    assert whole.manifest.training.boxes_from == "vae-digits"

    class Stop:
        epochs = 0

        def __call__(self, progress: Any) -> bool:
            self.epochs += progress.phase == "train" and progress.validation is not None
            return self.epochs == 1

    part, interrupted = train_run(folder, boxes | {"epochs": 3}, "part", watch=Stop())
    assert interrupted
    store.delete(folder / "vae-digits")
    branch, _ = train_run(folder, {}, "branch", branch=part.path)
    resumed, _ = train_run(folder, {}, resume="part")
    for one in (branch, resumed):
        for name, array in whole.weights().items():
            np.testing.assert_array_equal(one.weights()[name], array)
    with pytest.raises(ExplorerError, match="boxes_from cannot change"):
        train_run(folder, {"boxes_from": None}, "other", branch=whole.path)


def digits(**other: Any) -> dict[str, Any]:
    return {"posterior": "categorical", "latent_size": 10, "boxes_from": "vae"} | other


def put(folder: Path, name: str, **other: Any) -> None:
    """An untrained model of the digits."""
    config = RunConfig.from_flat({"hidden": (4,), "device": "cpu"} | other)
    images = load(config.data)
    save_checkpoint(folder / name, new_model(config, images), images, config, max_codes=10)


def test_what_cannot_be_a_start_says_why(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    put(folder, "small", image_size=16)
    put(folder, "plain", posterior="point")
    put(folder, "given", condition="label")
    put(folder, "fits")
    sentences = {
        "missing": "there is no such checkpoint. Choose one of these: fits",
        "../up": "cannot name a checkpoint",
        "small": "other images: digits at 16 pixels, and not digits. Choose a model of the same images",
        "plain": "its codes are not Gaussians of the images alone. Choose a VAE",
        "given": "its codes are not Gaussians of the images alone. Choose a VAE",
    }
    for name, sentence in sentences.items():
        values = digits(boxes_from=name)
        for act in (
            lambda values=values: train_run(tmp_path, values),
            lambda values=values: runs.start(values),
            lambda values=values: measure(RunConfig.from_flat(values)),
        ):
            with pytest.raises(ExplorerError, match=sentence.replace(".", r"\.")):
                act()
    assert not runs.runs()
    with pytest.raises(ExplorerError, match="First train a VAE on these images"):
        box_source.find_source(RunConfig.from_flat(digits(data="moons", boxes_from="missing")))


def test_images_that_have_changed_and_too_few_are_said(images: ImageDataset, folder: Path) -> None:
    config = RunConfig.from_flat(digits(data=store.open_checkpoint(folder / "vae").manifest.data.data))
    with pytest.raises(ExplorerError, match="was trained on other images"):
        clusters_of(config, load(DataConfig(data="digits", image_size=16)))
    with pytest.raises(ExplorerError, match="3 images have no 4 clusters: take fewer boxes"):
        fit_mixture(np.zeros((3, 2), np.float32), 4, 0)


@pytest.mark.parametrize(
    "other", [{"posterior": "diagonal"}, {"posterior": "binary"}, {"groups": 2}, {"posterior": "vq"}]
)
def test_only_one_group_of_boxes_has_such_a_start(
    other: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        ExplorerError, match="set posterior to categorical and groups to 1, or leave out boxes"
    ):
        RunConfig.from_flat(digits(**other))
    values = flat(RunConfig.from_flat(digits())) | other
    assert not has_effect("boxes_from", values)
    assert has_effect("boxes_from", settings_of("Ten boxes"))
    flags = [f"--{name}={value}" for name, value in other.items()]
    assert main(["train", "--latent-size=10", "--posterior=categorical", "--boxes-from=vae", *flags]) == 1
    assert "set posterior to categorical and groups to 1" in capsys.readouterr().err


def test_the_form_offers_models_of_the_same_images(folder: Path) -> None:
    put(folder, "fits")
    put(folder, "grey", binarize="threshold")
    put(folder, "small", image_size=16)
    put(folder, "plain", posterior="point")
    assert box_source.sources(DataConfig(data="digits", binarize="stochastic")) == ["fits", "grey", "vae"]


def test_older_settings_have_random_weights(folder: Path) -> None:
    before = flat(RunConfig.from_flat({"posterior": "categorical"}))
    before.pop("boxes_from")
    assert RunConfig.from_flat(before).training.boxes_from is None


def test_each_epoch_of_the_start_lowers_its_loss(images: ImageDataset) -> None:
    config = settings(batch_size=8, learning_rate=3e-3, **BOXES)
    model = new_model(config, images)
    batches = Batches(images, images.train_index, torch.device("cpu"))
    first, second = start_boxes(model, batches, images, config)
    assert second.loss < first.loss
