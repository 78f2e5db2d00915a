"""The gallery's pictures: what the path goes through, and that the picture is its beginning."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save
from starlette.applications import Starlette

from explorer import store
from explorer.live import covers
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from tests import tiny
from tests.live.conftest import serving

CHECKPOINTS = Path(__file__).resolve().parents[2] / "checkpoints"


def model(folder: Path, d: int, plain: bool = False) -> Checkpoint:
    manifest, files = tiny.parts()
    manifest["model"] |= {"latent_size": d, "posterior": "point" if plain else "diagonal"}
    rng = np.random.default_rng(1)
    mean = rng.normal(5, 3, (50, d)).astype(np.float32)
    rate = np.tile(np.arange(d, dtype=np.float32), (50, 1))
    scale = np.zeros_like(rate) if plain else np.ones_like(rate)
    columns = tiny.codes(0, n=50, d=d, mean=mean, rate=rate, scale=scale)
    files |= {store.CODES: save(columns), store.DECODER: tiny.decoder(0, d=d)}
    return store.write(folder / f"m{d}{plain}", manifest, files)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_a_path_stays_where_the_model_lives(tmp_path: Path, d: int, plain: bool) -> None:
    checkpoint = model(tmp_path, d, plain)
    path = covers.keyframes(checkpoint)
    assert path.shape == (len(path), covers.CELLS, d)
    assert len(path) >= 3
    assert path.dtype == np.float32
    mean = checkpoint.codes.mean
    low, high = (mean.min(0) - 1, mean.max(0) + 1) if plain or d > 2 else (-3.0, 3.0)
    if d > 2 and not plain:
        low, high = np.minimum(low, -2.01), np.maximum(high, 2.01)
    assert (path >= low).all()
    assert (path <= high).all()
    moved = np.abs(np.roll(path, -1, 0) - path).max(axis=(1, 2))
    assert (moved > 0).all()


def test_a_row_traverses_one_of_the_dimensions_that_carry_most(tmp_path: Path) -> None:
    checkpoint = model(tmp_path, 10)
    path = covers.keyframes(checkpoint).reshape(-1, covers.ROWS, covers.COLUMNS, 10)
    for row, k in enumerate((9, 8, 7)):  # rate rises with the number of the dimension
        np.testing.assert_allclose(path[:, row, :, k], np.tile([-2, -1, 0, 1, 2], (len(path), 1)), atol=1e-6)
        others = np.delete(path[:, row], k, axis=-1)
        np.testing.assert_array_equal(others, np.broadcast_to(others[:, :1], others.shape))
    anchors = {tuple(np.delete(z, 9)) for z in path[:, 0, 0]}
    labels = checkpoint.codes.labels
    assert labels is not None
    first = [int(np.flatnonzero(labels == value)[0]) for value in np.unique(labels)]
    assert anchors == {tuple(np.delete(checkpoint.codes.mean[i], 9)) for i in first}


@pytest.mark.parametrize(
    "name", ["mnist-boxes-10", "mnist-switches-16", "mnist-fsq-8x6x5", "mnist-vq-7x7x128"]
)
def test_words_are_never_left_and_all_classes_are_there(name: str) -> None:
    checkpoint = store.open_checkpoint(CHECKPOINTS / name)
    path = covers.keyframes(checkpoint)
    assert path.shape == (covers.STOPS, covers.CELLS, checkpoint.manifest.model.latent_size)
    codes = checkpoint.codes
    labels: dict[bytes, set[int]] = {}
    assert codes.labels is not None
    for z, label in zip(codes.mean, codes.labels.tolist(), strict=True):
        labels.setdefault(z.tobytes(), set()).add(label)
    for frame in path:
        assert set().union(*(labels[z.tobytes()] for z in frame)) == set(range(10))
    assert (np.abs(np.roll(path, -1, 0) - path).max(axis=(1, 2)) > 0).all()


def test_the_line_is_gone_along_and_back(tmp_path: Path) -> None:
    path = covers.keyframes(model(tmp_path, 1))[..., 0]
    np.testing.assert_allclose(path[0], np.linspace(-2, 2, covers.CELLS), atol=1e-6)
    np.testing.assert_allclose(path[covers.STOPS // 2], path[0][::-1], atol=1e-6)


def test_the_routes_give_the_path_and_the_picture_of_its_beginning(tmp_path: Path) -> None:
    checkpoint = model(tmp_path, 2)
    with serving(Starlette(routes=live_routes(tmp_path))) as client:
        base = f"/checkpoints/{checkpoint.name}/{checkpoint.version}/"
        z = np.frombuffer(client.get(base + "cover").content, "<f4").reshape(-1, covers.CELLS, 2)
        np.testing.assert_array_equal(z, covers.keyframes(checkpoint))
        picture = client.get(base + "cover.png")
        assert picture.headers["content-type"] == "image/png"
        assert "immutable" in picture.headers["cache-control"]
        pixels = np.asarray(Image.open(io.BytesIO(picture.content))).reshape(covers.CELLS, 4, 4)
        matrix, bias = tiny.weights(0)
        expected = 255 / (1 + np.exp(-(z[0] @ matrix + bias)))  # the decoder by hand
        np.testing.assert_allclose(pixels.reshape(covers.CELLS, 16), expected, atol=0.51)
        assert client.get(base.replace(checkpoint.version, "0" * 16) + "cover.png").status_code == 404
