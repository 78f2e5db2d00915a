"""Training a conditional model: what the class says is not in the code. Its checkpoint, and its commands."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from explorer import store
from explorer.cli import main
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.export.downloads import export
from explorer.latents.encode import encode
from explorer.metrics.likelihood import compute_likelihood
from explorer.metrics.sample_quality import compute_sample_quality
from explorer.store.decoder import open_session
from explorer.store.encoder_graph import encoder_onnx
from explorer.store.originals import load_images
from explorer.store.weights import load_model
from explorer.training.fit import fit, new_model
from explorer.training.run import train as run_train
from explorer.training.state import TrainingState, build_optimizer
from explorer.training.sweep import plan
from tests import tiny
from tests.training.small import settings, train, weights

SMALL = {"condition": "label", "hidden": (32,), "device": "cpu", "learning_rate": 1e-2}


def patterns(styles: int, copies: int = 40, side: int = 4) -> ImageDataset:
    """Binary images: one random pattern for each of 4 classes and each of `styles` styles."""
    rng = np.random.default_rng(3)
    kinds = 255 * (rng.random((4 * styles, 1, side, side)) < 0.5).astype(np.uint8)
    which = np.tile(np.arange(4 * styles), copies)
    index = np.arange(len(which))
    names = ("a", "b", "c", "d")
    return ImageDataset(
        "patterns", kinds[which], index, index, which // styles, names, validation_index=index
    )


@pytest.mark.parametrize(("styles", "nats"), [(1, 0.0), (2, math.log(2))])
def test_the_rate_is_what_the_class_does_not_say(styles: int, nats: float) -> None:
    """The image is known from class and style, so the least rate that restores it is the entropy of the style alone:
    nothing for one style, log 2 for two. Without the class it is log 4 more."""
    data = patterns(styles)
    run = {"hidden": (64,), "epochs": 150, "learning_rate": 5e-3, "schedule": "cosine", "batch_size": 40}
    with_class, without = (
        compute_likelihood(train(data, settings(**run, condition=condition)).model, data)
        for condition in ("label", "none")
    )
    assert with_class.elbo is not None
    assert without.elbo is not None
    # an ELBO is at most log p(x|y) = −nats, and log p(x) = −nats − log 4 without the class; two codes of Gaussians
    # that do not overlap cost more than log 2
    assert -nats - 0.05 - 0.5 * (styles - 1) < with_class.elbo < -nats + 0.01
    assert without.elbo < -nats - math.log(4) + 0.01
    assert with_class.rate == pytest.approx(nats, abs=0.05 + 0.4 * (styles - 1))
    if styles == 1:
        assert with_class.active_units == 0


@pytest.mark.parametrize("more", [{}, {"pretrain_epochs": 1, "hidden": (8, 5)}, {"body": "conv"}])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(more: dict[str, Any]) -> None:
    data = patterns(3, side=8)
    config = settings(
        condition="label", corruption="gaussian", binarize="stochastic", posterior="full", epochs=2, **more
    )
    whole = train(data, config)
    model = new_model(config, data)
    state = TrainingState(build_optimizer(model, config.training))
    for progress in fit(model, data, config, state):
        if progress.phase == "train" and progress.epoch == 1:
            break
    saved, tensors = {name: w.clone() for name, w in model.state_dict().items()}, state.tensors()
    second = new_model(config, data)
    second.load_state_dict(saved)
    resumed = TrainingState(build_optimizer(second, config.training))
    resumed.restore(tensors, [dict(row) for row in state.history])
    list(fit(second, data, config, resumed))
    assert torch.equal(weights(second), weights(whole.model))


# --- the checkpoint ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    run_train(place, SMALL | {"epochs": 20}, "conditional")
    return place


def test_it_is_named_for_what_it_is(tmp_path: Path) -> None:
    checkpoint, _ = run_train(tmp_path, SMALL | {"epochs": 0, "beta": 4.0})
    assert checkpoint.name == "digits-cvae-beta4-z2"
    assert plan({"condition": ["label"]}).checkpoints[0].startswith("digits-cvae-beta1-z2-seed0-")
    assert plan({"posterior": ["point"], "condition": ["label"]}).checkpoints[0].startswith("digits-cae-z2-")


def test_what_is_loaded_is_what_was_saved(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "conditional")
    store.verify(checkpoint)
    model, images, codes = load_model(checkpoint), load_images(checkpoint), checkpoint.codes
    assert checkpoint.manifest.classes == 10
    again = encode(model, images, codes.index).arrays()
    for name, column in codes.arrays().items():
        np.testing.assert_array_equal(column, again[name], err_msg=name)
    assert checkpoint.manifest.metrics == compute_likelihood(model, images).as_dict()
    assert codes.labels is not None
    session, z, label = checkpoint.decoder_session(), codes.mean[:12], codes.labels[:12]
    with torch.no_grad():
        expected = model.mean_image(torch.from_numpy(z), label=torch.from_numpy(label)).numpy()
    np.testing.assert_allclose(checkpoint.decode(session, z, label=label), expected, atol=1e-4)
    assert len(encoder_onnx(checkpoint)) > 1000


def test_log_likelihoods_are_those_of_the_labels(folder: Path) -> None:
    """L draws give at least the ELBO in expectation, and the labels of other images give less."""
    checkpoint = store.open_checkpoint(folder / "conditional")
    model, images = load_model(checkpoint), load_images(checkpoint)
    report = compute_likelihood(model, images, samples=50, images=100)
    assert report.elbo is not None
    assert report.log_likelihood is not None
    assert report.log_likelihood > report.elbo
    assert images.labels is not None
    wrong = ImageDataset(
        "wrong", images.images, images.train_index, images.test_index, (images.labels + 1) % 10,
        images.label_names,
    )  # fmt: skip
    other = compute_likelihood(model, wrong, images=100)
    assert other.elbo is not None
    assert other.elbo < report.elbo - 1


def test_samples_are_scored_with_drawn_classes(folder: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "conditional")
    session, seen = checkpoint.decoder_session(), []

    def decode(z: np.ndarray, label: np.ndarray) -> np.ndarray:
        seen.append(label)
        return checkpoint.decode(session, z, label=label)

    images = load_images(checkpoint)
    report = compute_sample_quality(decode, checkpoint.codes, images, "none", "prior", 2)
    drawn = np.concatenate(seen)
    assert set(drawn.tolist()) == set(range(10))
    # a line between two codes is of one class, and so a step along it changes the image little
    assert report.measures["jump"].mean < 5


@pytest.mark.parametrize(
    ("change", "says"),
    [({"label_names": []}, "needs label_names, two or more"), ({"label_names": ["0", "1"]}, "do not fit")],
)
def test_other_classes_are_refused(change: dict[str, Any], says: str, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "conditional"
    path.mkdir()
    for file, content in tiny.content(folder / "conditional").items():
        (path / file).write_bytes(content)
    config = json.loads((path / "config.json").read_text()) | change
    (path / "config.json").write_text(json.dumps(config))
    tiny.sign(path)
    with pytest.raises(ExplorerError, match=says):
        load_model(store.open_checkpoint(path))


def test_codes_without_labels_are_refused(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "conditional"
    path.mkdir()
    for file, content in tiny.content(folder / "conditional").items():
        (path / file).write_bytes(content)
    arrays = load((path / store.CODES).read_bytes())
    (path / store.CODES).write_bytes(save({n: a for n, a in arrays.items() if n != "labels"}))
    tiny.sign(path)
    with pytest.raises(ExplorerError, match="a conditional model needs labels, and there are none"):
        _ = store.open_checkpoint(path).codes


def test_a_config_without_the_field_is_unconditional(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "old").path
    config = json.loads((path / "config.json").read_text())
    del config["model"]["condition"]
    (path / "config.json").write_text(json.dumps(config))
    assert store.open_checkpoint(path).manifest.classes == 0


# --- the command line ---


def test_the_commands(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--hidden", "8", "--epochs", "1", "--device", "cpu", "--folder", str(tmp_path)]
    assert main.main(["train", "--condition", "label", "--name", "x", *small]) == 0
    assert store.open_checkpoint(tmp_path / "x").manifest.model.condition == "label"
    assert main.main(["train", "--condition", "label", "--data", "moons", "--name", "y", *small]) == 1
    assert "these images have no classes: set condition to none" in capsys.readouterr().err
    assert main.main(["axes", "conditional", "--folder", str(folder), "--json"]) == 0
    axes = np.array(json.loads(capsys.readouterr().out)["directions"])
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-5)


def test_exports(folder: Path, tmp_path: Path) -> None:
    checkpoint = store.open_checkpoint(folder / "conditional")
    for part in ("decoder", "encoder"):
        export(checkpoint, tmp_path / f"{part}.onnx", part)
        inputs = [i.name for i in open_session((tmp_path / f"{part}.onnx").read_bytes()).get_inputs()]
        assert inputs[1:] == ["label"]
