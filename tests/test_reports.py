"""Results kept beside a checkpoint: named by content, read back, and explained where they are damaged."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import data, environment, jobs, reports, store
from explorer.cli import main
from explorer.errors import ExplorerError
from explorer.latents.encode import encode_means
from explorer.models import Autoencoder
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.weights import load_model, save_checkpoint
from tests import tiny
from tests.training.small import settings

SHIPPED = Path(__file__).parents[1] / "checkpoints"


def test_a_projection_is_kept_beside_the_checkpoint_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SHIPPED / "digits-vae-beta4-z10", tmp_path / "model")
    checkpoint = store.open_checkpoint(tmp_path / "model")
    placed = np.random.default_rng(0).standard_normal((len(checkpoint.codes), 2)).astype(np.float32)
    monkeypatch.setattr(reports, "project", lambda *_: placed)
    result = reports.projection("umap")
    assert not result.stored(checkpoint)
    with pytest.raises(ExplorerError, match="not been computed"):
        result.read(checkpoint)
    result.compute(checkpoint)
    assert result.stored(checkpoint)
    np.testing.assert_array_equal(result.read(checkpoint), placed)
    store.verify(store.open_checkpoint(tmp_path / "model"))  # a further file does no harm
    file = result.path(checkpoint)
    assert [f.name for f in tmp_path.rglob(".*")] == []
    for damage in (file.read_bytes()[:40], file.read_bytes()[:-8], b"x", np.save):
        if isinstance(damage, bytes):
            file.write_bytes(damage)
        else:
            np.save(file, placed[:-1])
        with pytest.raises(ExplorerError, match="is damaged"):
            result.read(checkpoint)


def copy_of_shipped(folder: Path) -> Checkpoint:
    shutil.copytree(SHIPPED / "digits-vae-z2", folder / "model", ignore=shutil.ignore_patterns("*.json"))
    shutil.copy(SHIPPED / "digits-vae-z2" / "config.json", folder / "model")
    return store.open_checkpoint(folder / "model")


def test_sample_reports_are_kept_beside_the_checkpoint_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = copy_of_shipped(tmp_path)
    assert not reports.samples("prior", 2).stored(checkpoint)
    with pytest.raises(ExplorerError, match="python -m explorer samples model --kind prior"):
        reports.samples("prior", 2).read(checkpoint)
    command = ["samples", "model", "--folder", str(tmp_path), "--seeds", "2"]
    assert main.main([*command, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    report = reports.samples("prior", 2).read(checkpoint)
    assert printed == {"name": "model"} | report.model_dump(mode="json")
    assert not reports.samples("gaussian-full", 2).stored(checkpoint)
    assert not reports.samples("prior", 3).stored(checkpoint)
    assert main.main(command) == 0
    text = capsys.readouterr().out
    assert f"{report.measures['coverage'].mean:.3f}" in text
    assert (
        "180 samples against 180 test images, 1294 training images, 64 components of pixels, 2 seeds" in text
    )
    store.verify(store.open_checkpoint(checkpoint.path))
    (file,) = checkpoint.path.glob("samples-*.json")
    assert not list(checkpoint.path.glob(".*"))
    good = file.read_text()
    for damage in (good[:40], "[]", good.replace('"coverage_limit"', '"limit"'), b"\xff"):
        file.write_bytes(damage if isinstance(damage, bytes) else damage.encode())
        with pytest.raises(ExplorerError, match=r"samples-prior\S+ of model is damaged"):
            reports.samples("prior", 2).read(checkpoint)


def test_a_report_belongs_to_its_decoder(tmp_path: Path) -> None:
    checkpoint = copy_of_shipped(tmp_path)
    files = dict(checkpoint.manifest.files) | {store.DECODER: "0" * 64}
    other = replace(checkpoint, manifest=checkpoint.manifest.model_copy(update={"files": files}))
    assert reports.samples("prior").path(checkpoint) != reports.samples("prior").path(other)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A small untrained model of digits."""
    config = settings(data="digits", latent_size=2)
    dataset = data.load(config.data)
    return save_checkpoint(
        tmp_path_factory.mktemp("stored") / "untrained",
        Autoencoder(config.model, dataset.image_shape),
        dataset,
        config,
    )


def test_the_command_keeps_a_report_beside_the_checkpoint_and_tells_a_page(
    checkpoint: Checkpoint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(environment.JOB, "")  # and back to what it was afterwards
    assert reports.disentanglement().find(checkpoint) is None
    command = ["disentangle", "untrained", "--folder", str(checkpoint.path.parent), "--seeds", "2"]
    assert main.main([*command, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = reports.disentanglement().find(store.open_checkpoint(checkpoint.path))
    assert kept is not None
    assert printed == {"name": "untrained"} | kept.model_dump(mode="json")
    given = {"name": "untrained", "folder": str(checkpoint.path.parent), "seeds": 2}
    (tmp_path / "settings.json").write_text(json.dumps(given))
    assert main.main(["job", "disentangle", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "progress.json").read_text())["state"] == "done"
    assert jobs.result(tmp_path) == printed
    assert "Left out" in kept.text()
    assert [line.split(":")[0] for line in kept.text().splitlines()[-3:-1]] == ["z₁", "z₂"]

    (file,) = checkpoint.path.glob("disentanglement-*.json")
    file.write_text(file.read_text()[:100])
    assert reports.disentanglement().find(checkpoint) is None  # half a report is none


def test_a_retrained_model_has_no_report_yet(tmp_path: Path) -> None:
    old, other = (reports.disentanglement().path(tiny.write(tmp_path / "model", seed)) for seed in (0, 1))
    assert old.parent == other.parent
    assert old.name != other.name


def test_means_are_those_of_encoding(checkpoint: Checkpoint) -> None:
    means = encode_means(load_model(checkpoint), load_images(checkpoint), checkpoint.codes.index)
    np.testing.assert_allclose(means, checkpoint.codes.mean, atol=1e-5)
