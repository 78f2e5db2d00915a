"""Curved projections: clusters stay together, the seed decides, damaged files are explained."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from explorer import store
from explorer.errors import ExplorerError
from explorer.latents import projection

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "digits-vae-beta4-z10"


def blobs(per_blob: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), per_blob)
    centres = 8 * np.eye(4, 6)
    return (centres[labels] + rng.standard_normal((len(labels), 6))).astype(np.float32), labels


@pytest.mark.slow
@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_clusters_stay_together_and_progress_rises(method: str) -> None:
    mean, labels = blobs()
    heard: list[float] = []
    placed = projection.project(mean, method, 0, lambda fraction, _: heard.append(fraction))
    assert placed.shape == (len(mean), 2)
    assert KNeighborsClassifier(5).fit(placed[::2], labels[::2]).score(placed[1::2], labels[1::2]) == 1
    assert heard == sorted(heard)
    assert len(heard) > 4
    assert heard[-1] > 0.9
    np.testing.assert_array_equal(placed, projection.project(mean, method, 0, lambda *_: None))


def test_too_few_codes_are_explained() -> None:
    with pytest.raises(ExplorerError, match="at least 5 codes"):
        projection.project(np.zeros((3, 4)), "umap", 0, lambda *_: None)


def test_kept_beside_the_checkpoint_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    checkpoint = store.open_checkpoint(tmp_path / "model")
    placed = np.random.default_rng(0).standard_normal((len(checkpoint.codes), 2)).astype(np.float32)
    monkeypatch.setattr(projection, "project", lambda *_: placed)
    assert not projection.stored(checkpoint, "umap")
    with pytest.raises(ExplorerError, match="not been computed"):
        projection.read(checkpoint, "umap")
    projection.compute(checkpoint, "umap", lambda *_: None)
    assert projection.stored(checkpoint, "umap")
    np.testing.assert_array_equal(projection.read(checkpoint, "umap"), placed)
    store.verify(store.open_checkpoint(tmp_path / "model"))  # a further file does no harm
    file = projection._file(checkpoint, "umap")
    assert [f.name for f in tmp_path.rglob(".*")] == []
    for damage in (file.read_bytes()[:40], file.read_bytes()[:-8], b"x", np.save):
        if isinstance(damage, bytes):
            file.write_bytes(damage)
        else:
            np.save(file, placed[:-1])
        with pytest.raises(ExplorerError, match="is damaged"):
            projection.read(checkpoint, "umap")
