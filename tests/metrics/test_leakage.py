"""What probes read from codes whose dependence on the class is known, and what a judge reads from known images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer import reports, store
from explorer.cli import main
from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError
from explorer.metrics.judge import train_judge
from explorer.metrics.leakage import compute_asked, compute_leakage, compute_report
from explorer.training.run import train

RNG = np.random.default_rng(0)
CLASSES, N = 4, 2000


def leaks(codes: Any) -> dict[str, float]:
    labels = RNG.integers(CLASSES, size=2 * N)
    z = codes(labels) + 0.0
    return compute_leakage(z[:N], labels[:N], z[N:], labels[N:])


def test_nothing_is_read_from_codes_that_do_not_depend_on_the_class() -> None:
    # 5 standard errors of a share of 1/4 over 2,000 codes
    for share in leaks(lambda y: RNG.standard_normal((len(y), 3))).values():
        assert share == pytest.approx(1 / CLASSES, abs=0.05)


def test_all_is_read_from_codes_that_are_the_class() -> None:
    found = leaks(lambda y: np.eye(CLASSES)[y] + 0.01 * RNG.standard_normal((len(y), CLASSES)))
    assert min(found.values()) > 0.99


def test_what_only_the_spread_tells_no_linear_probe_reads() -> None:
    """Four widths of one centred Gaussian: the best guess from |z| is right at a known rate."""
    width = np.array([1.0, 4.0, 16.0, 64.0])
    found = leaks(lambda y: width[y][:, None] * RNG.standard_normal((len(y), 1)))
    z = np.linspace(-400, 400, 800_001)
    densities = np.exp(-(z**2) / (2 * width[:, None] ** 2)) / (np.sqrt(2 * np.pi) * width[:, None])
    best = densities.max(0).sum() * (z[1] - z[0]) / CLASSES
    assert found["linear"] < 0.35
    assert 0.6 < best < 0.7
    assert found["neighbours"] == pytest.approx(best, abs=0.07)


@pytest.fixture(scope="module")
def squares() -> ImageDataset:
    """Grey images whose class is which quarter is bright."""
    rng = np.random.default_rng(1)
    labels = rng.integers(CLASSES, size=800)
    images = rng.integers(0, 120, (800, 1, 8, 8)).astype(np.uint8)
    for i, label in enumerate(labels):
        top, left = divmod(int(label), 2)
        images[i, 0, 4 * top : 4 * top + 4, 4 * left : 4 * left + 4] += 100
    names = tuple("abcd")
    return ImageDataset("squares", images, np.arange(600), np.arange(600, 800), labels, names)


def test_the_judge_reads_what_is_drawn(squares: ImageDataset) -> None:
    judge = train_judge(squares, "none")
    assert judge.accuracy > 0.95

    def decode(z: np.ndarray, label: np.ndarray) -> np.ndarray:
        """Draws the class that is asked for, but class 2 as class 1 half of the time."""
        drawn = np.where((label == 2) & (np.arange(len(z)) % 2 == 0), 1, label)
        rows = [np.flatnonzero(squares.labels == kind)[0] for kind in drawn]
        return squares.images[np.array(rows)].astype(np.float32) / 255

    asked = compute_asked(decode, judge, np.zeros((10, 2), np.float32), CLASSES)
    assert asked.tolist() == [1, 1, 0.5, 1]


def test_images_without_classes_have_no_judge(squares: ImageDataset) -> None:
    bare = ImageDataset("bare", squares.images, squares.train_index, squares.test_index)
    with pytest.raises(ExplorerError, match="bare has no classes"):
        train_judge(bare, "none")


def test_the_command_keeps_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = {"hidden": (32,), "device": "cpu", "epochs": 12, "learning_rate": 1e-2, "warmup": "falling"}
    train(tmp_path, small | {"condition": "label"}, "conditional")
    train(tmp_path, small | {"warmup": "none", "epochs": 0}, "plain")
    at = ["--folder", str(tmp_path)]
    assert main.main(["evaluate", "conditional", *at]) == 0
    assert "python -m explorer leakage conditional" in capsys.readouterr().out
    assert main.main(["leakage", "conditional", *at, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    stored = reports.class_leakage().read(store.open_checkpoint(tmp_path / "conditional"))
    assert found["leakage"] == max(found["drawn"].values()) == stored.leakage
    assert found["obedience"] == pytest.approx(np.mean(found["asked"]))
    assert found["judge"] > 0.8
    assert found["obedience"] > 0.5
    assert found["leakage"] < 0.5
    assert main.main(["evaluate", "conditional", *at]) == 0
    assert f"class read from z            {100 * stored.leakage:5.1f} %" in capsys.readouterr().out
    assert main.main(["leakage", "plain", *at]) == 1
    assert "plain is not given the class of an image" in capsys.readouterr().err


def test_codes_of_a_model_that_ignores_the_class_leak_it(squares: ImageDataset) -> None:
    """The codes are the class, and the decoder draws it from them, whatever is asked for."""
    from explorer.latents.codes import Codes

    assert squares.labels is not None
    labels = squares.labels

    def encode(index: np.ndarray) -> Codes:
        mean = np.eye(CLASSES, dtype=np.float32)[labels[index]]
        scale = np.full_like(mean, 0.01)
        return Codes(mean, scale, scale, scale[:, 0], index, labels=labels[index])

    def decode(z: np.ndarray, label: np.ndarray) -> np.ndarray:
        rows = [np.flatnonzero(labels == kind)[0] for kind in z.argmax(1)]
        return squares.images[np.array(rows)].astype(np.float32) / 255

    report = compute_report(encode, decode, squares, "none")
    assert report.leakage > 0.99
    assert report.obedience == pytest.approx(1 / CLASSES, abs=0.02)
    assert report.chance == np.bincount(labels[600:]).max() / 200
