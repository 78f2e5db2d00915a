"""What the Samples page asks of the data set: restored images and nearest training images, of shipped models."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save
from sklearn.datasets import load_digits
from starlette.applications import Starlette

from explorer import data, store
from explorer.config import DataConfig
from explorer.data import ImageDataset, digits
from explorer.errors import ExplorerError
from explorer.live import thumbnails
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from explorer.store.weights import load_model
from tests import tiny
from tests.live.conftest import Client, serving

SHIPPED = Path(__file__).parents[2] / "checkpoints"
ROWS = [0, 7, 130]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving(Starlette(routes=live_routes(SHIPPED))) as client:
        yield client


def opened(name: str) -> Checkpoint:
    return store.open_checkpoint(SHIPPED / name)


def at(checkpoint: Checkpoint) -> str:
    return f"/checkpoints/{checkpoint.name}/{checkpoint.version}"


def restored(
    client: Client, name: str, kind: str, level: float, seed: int = 3
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distortions, codes and corrupted images of ROWS."""
    checkpoint, n = opened(name), len(ROWS)
    d = checkpoint.manifest.model.latent_size
    answer = client.get(f"{at(checkpoint)}/restored/{kind}/{level:g}/{seed}/{','.join(map(str, ROWS))}")
    assert answer.status_code == 200, answer.text
    assert "immutable" in answer.headers["cache-control"]
    floats = np.frombuffer(answer.content[: 4 * n * (d + 1)], "<f4")
    images = np.frombuffer(answer.content[4 * n * (d + 1) :], np.uint8).reshape(n, 8, 8)
    return floats[:n], floats[n:].reshape(n, d), images


@pytest.mark.parametrize("name", ["digits-ae-z2", "digits-vae-z10"])
def test_without_noise_the_stored_codes_come_back(client: Client, name: str) -> None:
    distortion, z, images = restored(client, name, "gaussian", 0)
    codes = opened(name).codes
    np.testing.assert_allclose(z, codes.mean[ROWS], atol=2e-3)
    np.testing.assert_allclose(distortion, codes.distortion[ROWS], rtol=1e-3)
    np.testing.assert_allclose(images, load_digits().images[codes.index[ROWS]] * 255 / 16, atol=0.51)


def test_every_model_gets_the_same_noise_and_more_is_more_of_the_same(client: Client) -> None:
    for kind in ("gaussian", "masking", "salt-and-pepper"):
        _, _, weak = restored(client, "digits-ae-z10", kind, 0.2)
        distortion, z, strong = restored(client, "digits-ae-z10", kind, 0.5)
        np.testing.assert_array_equal(restored(client, "digits-vae-z2", kind, 0.5)[2], strong)
        assert not np.array_equal(restored(client, "digits-ae-z10", kind, 0.5, seed=4)[2], strong)
        clean = restored(client, "digits-ae-z10", kind, 0)[2]
        assert (strong[weak != clean] != clean[weak != clean]).all()
        assert (strong != clean).mean() > (weak != clean).mean()
        # Gaussian pixels of variance 0.02: −log p(clean|z) is the squared error over 0.04 and a constant
        with torch.no_grad():
            mean = load_model(opened("digits-ae-z10")).decode(torch.tensor(z)).mean[:, 0].numpy()
        expected = ((mean - clean / 255) ** 2).sum((1, 2)) / 0.04 + 32 * np.log(0.04 * np.pi)
        np.testing.assert_allclose(distortion, expected, rtol=2e-3)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("fog/0.3/0/0", "no noise named 'fog'"),
        ("gaussian/1.5/0/0", "between 0 and 1"),
        ("gaussian/nan/0/0", "between 0 and 1"),
        ("gaussian/0.3/-1/0", "whole number"),
        ("gaussian/0.3/0/0,99999", "by its number from 0 to"),
        (f"gaussian/0.3/0/{','.join('1' * 25)}", "1 to 24 images"),
    ],
)
def test_what_cannot_be_restored_is_said_in_a_sentence(client: Client, path: str, said: str) -> None:
    answer = client.get(f"{at(opened('digits-ae-z2'))}/restored/{path}")
    assert answer.status_code == 404
    assert said in answer.text
    assert answer.text.endswith(".")


def test_the_nearest_training_image_is_nearest_in_pixels(client: Client) -> None:
    """All 64 principal components are kept, so distances are those of the pixels."""
    checkpoint, data = opened("digits-vae-z10"), digits.load()
    session = checkpoint.decoder_session()
    train = data.images[data.train_index].reshape(-1, 64) / 255
    for z in np.random.default_rng(0).standard_normal((5, 10)).astype("<f4"):
        code = base64.urlsafe_b64encode(z.tobytes()).decode().rstrip("=")
        answer = client.get(f"{at(checkpoint)}/training/{code}")
        assert "immutable" in answer.headers["cache-control"]
        row, label = np.frombuffer(answer.content[4:12], "<i4")
        apart = np.linalg.norm(train - checkpoint.decode(session, z[None]).reshape(64), axis=1)
        assert apart[list(data.train_index).index(row)] == pytest.approx(apart.min(), rel=1e-5)
        assert data.labels is not None
        assert label == data.labels[row]
        assert answer.content[12:] == data.images[row].tobytes()
        # in the distances of test images from theirs
        test = data.images[checkpoint.codes.index].reshape(-1, 1, 64) / 255
        typical = np.mean([np.linalg.norm(train - image, axis=1).min() for image in test])
        relative = np.frombuffer(answer.content[:4], "<f4")[0]
        assert relative == pytest.approx(apart.min() / typical, rel=1e-3)


def test_a_data_set_that_is_not_there_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    manifest, files = tiny.parts()
    manifest["data"]["data"] = "gone/with/the/stick"
    absent = store.write(tmp_path / "absent", manifest, files)
    code = base64.urlsafe_b64encode(np.zeros(2, "<f4").tobytes()).decode().rstrip("=")
    with serving(Starlette(routes=live_routes(tmp_path))) as client:
        for path in ("restored/gaussian/0.3/0/0", f"training/{code}"):
            answer = client.get(f"{at(absent)}/{path}")
            assert answer.status_code == 404
            assert answer.text == "Original not available offline."  # no path, no host
        assert "needs a code of 2" in client.get(f"{at(absent)}/training/AAAA").text


def test_a_data_set_that_is_not_there_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page asks for all its sheets at once, and a download may take a minute to fail."""
    asked: list[str] = []

    def load(config: DataConfig) -> ImageDataset:
        asked.append(config.data)
        time.sleep(0.05)
        raise ExplorerError(f"{config.data} is not in /srv/data; download it from example.org.")

    def ask(_: int) -> str:
        with pytest.raises(ExplorerError) as caught:
            thumbnails.load_dataset(config)
        return str(caught.value)

    config = DataConfig(data="somewhere else").model_dump_json()
    monkeypatch.setattr(data, "load", load)
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {"Original not available offline."}
    assert asked == ["somewhere else"]
    monkeypatch.setattr(thumbnails, "PATIENCE", 0.0)  # it may have come
    monkeypatch.setattr(data, "load", lambda _: digits.load())
    assert thumbnails.load_dataset(config).name == "digits"


def test_a_sheet_that_ships_shows_what_the_data_set_would(tmp_path: Path) -> None:
    """1,100 codes: two sheets, the same from the tall picture as from the images themselves."""
    rows = np.arange(1100)
    images = digits.load().images[rows]
    manifest, files = tiny.parts()
    manifest |= {"image_shape": (1, 8, 8), "factor_names": (), "factor_sizes": ()}
    columns = {"mean": (1100, 2), "scale": (1100, 2), "rate": (1100, 2), "distortion": (1100,)}
    arrays: dict[str, np.ndarray] = {n: np.ones(shape, np.float32) for n, shape in columns.items()}
    files[store.CODES] = save(arrays | {"index": rows})
    manifest["data"]["data"] = "digits"
    plain = store.write(tmp_path / "plain", manifest, files)
    manifest["data"]["data"] = "gone/with/the/stick"
    shipped = store.write(
        tmp_path / "shipped", manifest, files | {store.ORIGINALS: thumbnails.stored(images)}
    )
    for number in (0, 1):
        expected, sheet = (
            np.asarray(Image.open(io.BytesIO(thumbnails.originals(c, number)))) for c in (plain, shipped)
        )
        np.testing.assert_array_equal(sheet, expected)
    with pytest.raises(ExplorerError, match="no sheet 2"):
        thumbnails.originals(shipped, 2)
