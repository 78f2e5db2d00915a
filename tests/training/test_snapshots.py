"""Snapshots: what they take of the disk, what is left out of them, and where branches begin."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import store
from explorer.cli.main import main
from explorer.config import RunConfig
from explorer.disk import read_json
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.store.weights import load_model, save_checkpoint
from explorer.training import runs, snapshots
from explorer.training.fit import new_model
from tests.training import small
from tests.training.test_runs import SMALL, here, place, shared_decoders

__all__ = ["here", "place", "shared_decoders"]


def megabytes(path: Path) -> float:
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / 1e6


def test_a_long_run_keeps_little_and_branches_begin_where_their_state_is(here: None) -> None:
    run = runs.start(SMALL | {"epochs": 100, "hidden": [64], "batch_size": 1024, "schedule": "constant"})
    assert runs.status(run).state == "done"
    stored = {c.manifest.trained.epochs: c for c in snapshots.list_snapshots(run.path)}
    assert list(stored) == [0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 100]
    assert snapshots.branch_epochs(run.path) == [0, 1, 2, 4, 8, 16, 32, 64, 100]
    weights = sum(w.nbytes for w in stored[100].weights().values())
    for epoch in (3, 6, 11, 23, 45, 91):
        assert store.RESUME not in stored[epoch].manifest.files
        store.verify(stored[epoch])
        files = (stored[epoch].path / name for name in (store.WEIGHTS, store.DECODER))
        assert sum(file.stat().st_size for file in files) < weights
    expected = snapshots.expected_size(weights // 4, run.config) / 1e6
    assert 0.5 * expected < megabytes(run.path / snapshots.FOLDER) < 2 * expected
    with pytest.raises(
        ExplorerError, match=r"epoch 3 has no training state.* one of these epochs: 0, 1, 2, 4, 8, 16"
    ):
        runs.start(run.settings, "never", (run.name, 3))
    assert not (runs.folder() / "never").exists()
    at = stored[91].path
    assert main(["train", "--branch", str(at), "--name", "never"]) == 1
    branch = runs.start(run.settings, "branch", (run.name, 64))
    assert runs.status(branch).state == "done"
    for name, weight in store.open_checkpoint(run.checkpoint).weights().items():
        np.testing.assert_array_equal(weight, store.open_checkpoint(branch.checkpoint).weights()[name])


def test_a_snapshot_for_inference_only_looks_the_same(tmp_path: Path) -> None:
    images, config = small.blobs(60, side=16), small.settings(hidden=(64, 32))
    model = small.train(images, config).model
    seen = save_checkpoint(tmp_path / "seen", model, images, config, inference_only=True)
    whole = save_checkpoint(tmp_path / "whole", model, images, config)
    assert {w.dtype for w in seen.weights().values()} == {np.dtype(np.float16), np.dtype(np.float32)}
    assert len(seen.read(store.DECODER)) < 0.75 * len(whole.read(store.DECODER))
    codes = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    shown, exact = (c.decode(c.decoder_session(), codes) for c in (seen, whole))
    np.testing.assert_allclose(shown, exact, atol=1 / 255)
    assert np.abs(shown - exact).max() > 0
    np.testing.assert_array_equal(seen.codes.mean, whole.codes.mean)
    with torch.no_grad():
        again = load_model(seen).mean_image(torch.tensor(codes)).numpy()
    np.testing.assert_allclose(again, exact, atol=1 / 255)


@pytest.mark.parametrize("factor", [1e6, 300.0])
def test_weights_that_float16_would_spoil_are_kept_whole(tmp_path: Path, factor: float) -> None:
    """Too large for it, or so large that their rounding shows."""
    images, config = small.blobs(60, side=16), small.settings(hidden=(64, 32))
    model = new_model(config, images)
    with torch.no_grad():
        for weight in model.decoder.state_dict().values():
            if weight.dim() > 1:
                weight *= factor if weight.numel() >= 1024 else 1
    seen = save_checkpoint(tmp_path / "seen", model, images, config, inference_only=True)
    assert {w.dtype for w in seen.weights().values()} == {np.dtype(np.float32)}


def test_snapshots_take_no_more_than_their_share_of_the_disk(
    here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 2_000_000
    usage = shutil.disk_usage("/")

    def disk(path: Path) -> object:
        return usage._replace(free=free - sum(f.stat().st_size for f in Path(path).rglob("*") if f.is_file()))

    monkeypatch.setattr(snapshots.shutil, "disk_usage", disk)
    run = runs.start(SMALL | {"epochs": 64, "schedule": "constant"})
    assert runs.status(run).state == "done"
    kept = snapshots.list_snapshots(run.path)
    assert kept
    assert len(kept) < 13
    assert snapshots.size(run.path) <= free / snapshots.DISK_SHARE
    notes = (read_json(run.path / runs.PREVIEW) or {})["notes"]
    assert any("snapshots take 1/10 of the free disk at most" in note for note in notes)
    store.verify(store.open_checkpoint(run.checkpoint))


def test_the_size_is_told_before() -> None:
    config = RunConfig.from_flat({"epochs": 1000})
    parameters = sum(w.numel() for w in Autoencoder(config.model, (1, 8, 8)).parameters())
    size = snapshots.expected_size(parameters, config)
    assert size == snapshots.expected_size(parameters, RunConfig.from_flat({"epochs": 1000, "beta": 2.0}))
    assert snapshots.expected_size(2 * parameters, config) > 1.8 * size
    longer = snapshots.expected_size(parameters, RunConfig.from_flat({"epochs": 100_000}))
    assert longer < 2 * size  # logarithmic
    assert (
        snapshots.expected_size(parameters, RunConfig.from_flat({"epochs": 1000, "optimizer": "sgd"})) < size
    )
