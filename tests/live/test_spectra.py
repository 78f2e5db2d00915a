"""The water level of the shipped models: served from their images, and the trained models beside the exact curve."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from starlette.applications import Starlette

from explorer import data, store
from explorer.data import ImageDataset
from explorer.errors import ExplorerError
from explorer.export import html_page
from explorer.live import spectra, thumbnails
from explorer.live.scenes import Scene
from explorer.live.stage import describe
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from explorer.ui.parts import scene_views
from tests.live.conftest import serving
from tests.metrics.water_filling import compute_rate, read_spectrum


def shipped(folder: Path, name: str) -> Checkpoint:
    return store.open_checkpoint(folder / name)


def test_a_spectrum_is_served_for_ever_at_the_address_of_its_model(shipped_checkpoints: Path) -> None:
    checkpoint = shipped(shipped_checkpoints, "digits-vae-z10")
    with serving(Starlette(routes=live_routes(shipped_checkpoints))) as client:
        answer = client.get(f"/{describe(checkpoint).base}spectrum")
    assert answer.headers["cache-control"].endswith("immutable")
    found = read_spectrum(answer.content)
    train = data.load(checkpoint.manifest.data).train_index
    values = load_digits().data[train] / 16
    assert found.images == len(train)
    assert found.variance == pytest.approx(values.var(0, ddof=1).sum(), rel=1e-2)
    np.testing.assert_allclose(found.mean, values.mean(0), atol=1 / 255)


def test_without_the_data_set_it_is_that_of_the_images_that_ship(shipped_checkpoints: Path) -> None:
    """The data folder of a test is empty: nothing is downloaded."""
    checkpoint = shipped(shipped_checkpoints, "mnist-vae-z10")
    images = thumbnails.read_stored(checkpoint)
    assert images.shape == (len(checkpoint.codes), 1, 28, 28)
    found = read_spectrum(spectra.spectrum_bytes(checkpoint))
    assert found.images == len(images)
    np.testing.assert_allclose(found.mean, images.mean(0).ravel() / 255, atol=1e-4)
    assert len(spectra.spectrum_bytes(checkpoint)) < 100_000


def test_a_sheet_is_read_as_it_was_written(shipped_checkpoints: Path) -> None:
    checkpoint = shipped(shipped_checkpoints, "mnist-vae-z10")
    images = thumbnails.read_stored(checkpoint)
    assert thumbnails.stored(images) == thumbnails.stored(thumbnails.read_stored(checkpoint))
    assert thumbnails.originals(checkpoint, 1) == thumbnails.png(images[1024:2048])


def test_models_are_placed_by_their_rate_and_squared_error(shipped_checkpoints: Path) -> None:
    """Of Gaussian pixels the distortion in nats at the mean says the same error but for that of the draw; and a
    network needs fewer nats than a Gaussian of the same spectrum."""
    models = [shipped(shipped_checkpoints, f"digits-{name}-z10") for name in ("ae", "vae", "vae-beta4")]
    lesson = spectra.water_data(models, (3, 5), 0.5)
    assert [point.title for point in lesson.points] == ["β = 1", "β = 4"]  # a plain AE has no rate
    assert [point.active for point in lesson.points] == [10, 6]
    assert (lesson.rows, lesson.level) == ((3, 5), 0.5)
    known = read_spectrum(spectra.spectrum_bytes(models[0]))
    for point, checkpoint in zip(lesson.points, models[1:], strict=True):
        codes, variance = checkpoint.codes, checkpoint.manifest.model.variance
        nats = codes.distortion[: spectra.MEASURED].mean(dtype=float)
        at_mean = 2 * variance * (nats - 32 * np.log(2 * np.pi * variance))
        assert at_mean < point.distortion < 1.6 * at_mean
        assert point.rate == pytest.approx(codes.rate.sum(1).mean(), rel=0.05)
        assert point.rate < compute_rate(known.eigenvalues, point.distortion)


def test_a_scene_begins_with_its_images_and_level(shipped_checkpoints: Path) -> None:
    found = {c.name: c for c in store.list_checkpoints(shipped_checkpoints)[0]}
    address = {"models": "digits-vae-z10,digits-vae-z2", "images": "4,7", "level": "0.25"}
    view = scene_views.view(Scene(page="water", address=address), found)
    assert view.data.dump()["rows"] == [4, 7]
    assert view.data.dump()["level"] == 0.25
    for level in ("0", "-1", "nan", "inf", "much"):
        view = scene_views.view(Scene(page="water", address=address | {"level": level}), found)
        assert "level" not in view.data.dump()
    with pytest.raises(ExplorerError, match="different images"):
        scene_views.view(Scene(page="water", address={"models": "digits-vae-z10,moons-vae-z1"}), found)


def test_without_images_there_is_a_sentence_and_a_page_without_points(
    shipped_checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = shipped(shipped_checkpoints, "moons-vae-z1")

    def missing(_: Checkpoint) -> ImageDataset:
        raise ExplorerError(thumbnails.MISSING)

    monkeypatch.setattr(thumbnails, "dataset", missing)
    monkeypatch.setattr(spectra, "_known", {})
    spectra._point.cache_clear()
    with serving(Starlette(routes=live_routes(shipped_checkpoints))) as client:
        answer = client.get(f"/{describe(checkpoint).base}spectrum")
    assert (answer.status_code, answer.text) == (
        404,
        "There is no spectrum without the images of moons-vae-z1.",
    )
    assert spectra.water_data([checkpoint]).points == ()
    view = scene_views.view(
        Scene(page="water", address={"models": "moons-vae-z1"}), {checkpoint.name: checkpoint}
    )
    assert b"moons-vae-z1" in html_page.page([view], "")
