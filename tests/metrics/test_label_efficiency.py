"""What labels are worth, on features whose use is known; fine-tuning against the definition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import reports, store
from explorer.cli import main
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.fine_tuning import FineTuning
from explorer.metrics.label_efficiency import Split, compute_accuracies, compute_pca, draw_labelled
from explorer.training.fit import new_model
from explorer.training.run import train
from tests.training.small import settings

RNG = np.random.default_rng(0)
LABELS, TRUTH = RNG.integers(4, size=1500), RNG.integers(4, size=600)


def split(make: np.ndarray, noise: float) -> Split:
    """Features of which the class is a point, with Gaussian noise."""
    return Split(*(make[y] + noise * RNG.standard_normal((len(y), make.shape[1])) for y in (LABELS, TRUTH)))


def test_labelled_images_are_drawn_from_all_classes() -> None:
    rows = draw_labelled(LABELS, 10, seed=1)
    assert len(set(rows.tolist())) == 10
    assert sorted(np.bincount(LABELS[rows]).tolist()) == [2, 2, 3, 3]
    rare = np.array([0] * 97 + [1, 1, 2])
    assert np.bincount(rare[draw_labelled(rare, 10, seed=0)]).tolist() == [7, 2, 1]
    assert (draw_labelled(LABELS, 10, seed=1) == rows).all()
    assert (draw_labelled(LABELS, 10, seed=2) != rows).any()


def test_accuracies_are_what_the_features_allow() -> None:
    clear, nothing = split(np.eye(4), 0.05), Split(*(RNG.standard_normal((n, 3)) for n in (1500, 600)))
    # two classes share a point, so half of each pair is guessed: 3/4 at most where two of four are told apart
    blurred = split(np.array([[0.0], [1.0], [2.0], [2.0]]), 0.01)
    rows = compute_accuracies({"codes": clear, "pca": blurred, "pixels": nothing}, LABELS, TRUTH, draws=3)
    found = {(row.features, row.probe, row.labels): row for row in rows}
    assert {row.labels for row in rows} == {10, 100, 1000, 1500}
    for probe in ("linear", "neighbours"):
        assert found["codes", probe, 10].mean > 0.99
        assert found["codes", probe, 1500].mean > 0.99
        assert found["pca", probe, 1500].mean == pytest.approx(0.75, abs=0.06)
        assert found["pixels", probe, 1500].mean == pytest.approx(0.25, abs=0.08)
    assert all(row.low <= row.mean <= row.high for row in rows)
    assert all(row.low == row.high for row in rows if row.labels == 1500)


def test_more_labels_help_where_there_is_noise() -> None:
    rows = compute_accuracies({"codes": split(np.eye(4), 0.6)}, LABELS, TRUTH, draws=5)
    for probe in ("linear", "neighbours"):
        curve = [row.mean for row in rows if row.probe == probe]
        assert curve[0] < curve[1] < curve[2] + 0.02
        assert curve[-1] > curve[0] + 0.1


def test_pca_is_that_of_the_singular_values() -> None:
    pixels = Split(RNG.standard_normal((80, 6)) * [5, 4, 3, 1, 1, 1], RNG.standard_normal((20, 6)))
    found = compute_pca(pixels, 2)
    centre = pixels.train.mean(0)
    _, _, axes = np.linalg.svd(pixels.train - centre, full_matrices=False)
    np.testing.assert_allclose(np.abs(found.train), np.abs((pixels.train - centre) @ axes[:2].T), atol=1e-8)
    np.testing.assert_allclose(np.abs(found.test), np.abs((pixels.test - centre) @ axes[:2].T), atol=1e-8)


@pytest.fixture
def halves() -> ImageDataset:
    """Images whose upper or lower half is bright."""
    rng, labels = np.random.default_rng(3), np.arange(300) % 2
    images = rng.integers(0, 100, (300, 1, 8, 8)).astype(np.uint8)
    images[labels == 0, :, :4] += 100
    images[labels == 1, :, 4:] += 100
    return ImageDataset("halves", images, np.arange(200), np.arange(200, 300), labels, ("up", "down"))


def test_fine_tuning_learns_and_leaves_the_model_as_it_is(halves: ImageDataset) -> None:
    model = new_model(settings(), halves)
    before = {name: w.clone() for name, w in model.state_dict().items()}
    tune = FineTuning(model, halves, halves.train_index, halves.test_index, "none")
    rows = np.arange(len(halves.train_index))
    for own in (True, False):
        assert tune(own, rows, 0) > 0.95
        assert tune(own, rows, 0) == tune(own, rows, 0)
    assert all(torch.equal(w, before[name]) for name, w in model.state_dict().items())
    # features of an encoder whose body says nothing cannot be told apart at once, from random weights they can
    with torch.no_grad():
        for weight in model.encoder.parameters():
            weight.fill_(-1)  # no unit is ever active, and so none ever learns
    assert tune(True, rows, 0) < 0.6
    assert tune(False, rows, 0) > 0.95


def test_the_command_keeps_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = {"hidden": (32,), "device": "cpu", "epochs": 5, "learning_rate": 1e-2, "latent_size": 6}
    train(tmp_path, small, "plain")
    train(tmp_path, small | {"condition": "label", "epochs": 0}, "conditional")
    at = ["--folder", str(tmp_path)]
    assert main.main(["probe", "plain", *at, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    stored = reports.label_efficiency().read(store.open_checkpoint(tmp_path / "plain"))
    assert [row.model_dump() for row in stored.accuracies] == found["accuracies"]
    assert stored.size == 6
    best = {(row.features, row.probe): row.mean for row in stored.accuracies if row.labels > 1000}
    # on digits, all labels of 64 pixels do better than six numbers, and random weights learn in 200 steps
    assert best["pixels", "linear"] > 0.9
    assert best["pixels", "neighbours"] > best["pca", "neighbours"] > 0.7
    assert best["random", "tuned"] > 0.85
    assert "codes, linear probe" in stored.text()
    assert main.main(["probe", "conditional", *at]) == 1
    assert "python -m explorer leakage conditional" in capsys.readouterr().err


def test_without_classes_a_sentence(tmp_path: Path) -> None:
    train(tmp_path, {"data": "moons", "hidden": (8,), "epochs": 0, "device": "cpu"}, "moons")
    with pytest.raises(ExplorerError, match="moons has no classes, so nothing can be learned from its codes"):
        reports.label_efficiency().compute(store.open_checkpoint(tmp_path / "moons"))
