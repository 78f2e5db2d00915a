"""ONNX pairs in every convention, against a model in closed form; and files that are broken or meant to harm."""

from __future__ import annotations

import signal
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer import sandbox, store
from explorer.cli.main import main
from explorer.config import DataConfig
from explorer.environment import JOB
from explorer.errors import ExplorerError
from explorer.export import downloads
from explorer.importing.archive import gather, unpack
from explorer.importing.importer import import_model
from explorer.importing.result import Imported
from explorer.live.stage import describe
from explorer.store.weights import load_model
from tests import tiny
from tests.importing.conftest import Linear, Refused, onnx_file

DIGITS = DataConfig()


@pytest.fixture(scope="module")
def linear() -> Linear:
    return Linear()


def convention(
    folder: Path,
    it: Linear,
    inputs: str = "unit",
    outputs: str = "unit",
    shape: tuple[int, ...] = (1, 8, 8),
    **more: Any,
) -> list[Path]:
    """The linear model as somebody else would export it."""
    scale, shift = {"unit": (1.0, 0.0), "signed": (2.0, -1.0), "bytes": (255.0, 0.0)}[inputs]
    grow, move = {"unit": (1.0, 0.0), "signed": (2.0, -1.0), "bytes": (255.0, 0.0)}[outputs]
    down = it.down / scale
    encoder = onnx_file(
        folder / "encoder.onnx",
        down,
        -(it.mean + shift / scale) @ it.down,
        (1, 8, 8),
        image_in=True,
        **more,
    )
    decoder = onnx_file(folder / "decoder.onnx", grow * it.up, grow * it.mean + move, shape)
    return [encoder, decoder]


def sentences(done: Imported) -> str:
    return " ".join(finding.sentence for finding in done.findings)


def check(done: Imported, it: Linear) -> None:
    """The stored codes and decodes are those of the closed form."""
    codes = done.checkpoint.codes
    expected = it.encode(it.images[codes.index])
    np.testing.assert_allclose(codes.mean, expected, atol=1e-3)
    decoded = done.checkpoint.decode(done.checkpoint.decoder_session(), codes.mean[:7])
    np.testing.assert_allclose(decoded.reshape(7, 64), it.decode(expected[:7]).clip(0, 1), atol=2e-3)
    store.verify(done.checkpoint)
    assert describe(done.checkpoint).latent_size == 8  # what pages ask for needs no weights


@pytest.mark.parametrize("outputs", ["unit", "signed", "bytes"])
@pytest.mark.parametrize("inputs", ["unit", "signed", "bytes"])
def test_scales_are_found_out(tmp_path: Path, linear: Linear, inputs: str, outputs: str) -> None:
    done = import_model(convention(tmp_path, linear, inputs, outputs), "new", tmp_path / "models", DIGITS)
    check(done, linear)
    words = {"unit": "in [0, 1]", "signed": "in [−1, 1]", "bytes": "in 0 to 255"}
    assert f"The encoder takes images {words[inputs]}" in sentences(done)
    words = {
        "unit": "used unchanged",
        "signed": "values from −1 to 1",
        "bytes": "grey levels from 0 to 255",
    }
    assert words[outputs] in sentences(done)
    assert all(finding.good for finding in done.findings)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_order_of_mean_and_log_variance_is_found_out(
    tmp_path: Path, linear: Linear, swapped: bool
) -> None:
    files = convention(tmp_path, linear, second=np.full(8, -3.0), swapped=swapped)
    done = import_model(files, "new", tmp_path / "models", DIGITS)
    check(done, linear)
    np.testing.assert_allclose(done.checkpoint.codes.scale, np.exp(-1.5), rtol=1e-5)
    z, variance = done.checkpoint.codes.mean, np.exp(-3.0)
    rate = (z**2 + variance - 1 + 3.0) / 2
    np.testing.assert_allclose(done.checkpoint.codes.rate, rate, atol=1e-3)
    assert ("The encoder outputs log-variance before mean" in sentences(done)) == swapped


def test_logits_are_told_from_probabilities(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(0, 2, (4, 64)), rng.normal(0, 2, 64)
    z = rng.normal(size=(9, 4)).astype(np.float32)
    expected = 1 / (1 + np.exp(-(z @ weight + bias)))
    for end, word in (
        (None, "logits, so a sigmoid is applied"),
        ("Sigmoid", "values in [0, 1], used unchanged"),
    ):
        file = onnx_file(tmp_path / "decoder.onnx", weight, bias, (8, 8), end=end)
        done = import_model([file], f"end-{end}", tmp_path / "models")
        assert word in sentences(done)
        assert "Reconstruction cannot be checked" in sentences(done)
        decoded = done.checkpoint.decode(done.checkpoint.decoder_session(), z)
        assert decoded.shape == (9, 1, 8, 8)
        np.testing.assert_allclose(decoded.reshape(9, 64), expected, atol=1e-5)
    with pytest.raises(
        ExplorerError, match=r"was read from ONNX decoder: it can be explored, but without its weights"
    ):
        load_model(done.checkpoint)


@pytest.mark.parametrize("shape", [(64,), (8, 8), (8, 8, 1)])
def test_other_layouts_of_an_image(tmp_path: Path, linear: Linear, shape: tuple[int, ...]) -> None:
    check(import_model(convention(tmp_path, linear, shape=shape), "new", tmp_path / "models", DIGITS), linear)


def test_channels_that_come_last(tmp_path: Path) -> None:
    bias = np.linspace(0, 1, 75)
    file = onnx_file(tmp_path / "decoder.onnx", np.zeros((2, 75)), bias, (5, 5, 3))
    done = import_model([file], "new", tmp_path / "models")
    decoded = done.checkpoint.decode(done.checkpoint.decoder_session(), np.zeros((1, 2)))
    np.testing.assert_allclose(decoded[0], bias.reshape(5, 5, 3).transpose(2, 0, 1), atol=1e-6)


def test_what_came_as_networks_leaves_as_networks(tmp_path: Path, linear: Linear) -> None:
    """The encoder that was uploaded is the one that is exported, and a decoder alone has none."""
    encoder, decoder = convention(tmp_path, linear)
    both = import_model([encoder, decoder], "both", tmp_path / "models", DIGITS).checkpoint
    assert downloads.has_encoder(both)
    assert downloads.export(both, tmp_path / "out.onnx", "encoder") == encoder.stat().st_size
    assert (tmp_path / "out.onnx").read_bytes() == encoder.read_bytes()
    alone = import_model([decoder], "alone", tmp_path / "models").checkpoint
    assert not downloads.has_encoder(alone)
    with pytest.raises(
        ExplorerError, match=r"^alone was imported as a decoder alone, .*import it again with its enc"
    ):
        downloads.export(alone, tmp_path / "none.onnx", "encoder")
    assert not (tmp_path / "none.onnx").exists()
    for checkpoint in (both, alone):
        assert downloads.export(checkpoint, tmp_path / "decoder-out.onnx") > 0
        with pytest.raises(
            ExplorerError, match=r"without its weights it cannot be evaluated or trained further"
        ):
            load_model(checkpoint)


def test_an_encoder_of_other_images_is_said(tmp_path: Path, linear: Linear) -> None:
    rng = np.random.default_rng(0)
    files = convention(tmp_path, linear)
    onnx_file(files[1], rng.normal(size=(8, 64)), rng.normal(size=64), (1, 8, 8), end="Sigmoid")
    done = import_model(files, "new", tmp_path / "models", DIGITS)
    assert "it was trained on other images, or not at all" in sentences(done)
    assert not all(finding.good for finding in done.findings)


def test_networks_that_are_refused(tmp_path: Path, linear: Linear, refused: Refused) -> None:
    encoder, decoder = convention(tmp_path, linear)
    whole = decoder.read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"not a network"):
        decoder.write_bytes(part)
        assert "decoder.onnx is damaged or no ONNX file" in refused(decoder)
    decoder.write_bytes(whole)
    assert "Choose one ONNX decoder" in refused(encoder)
    onnx_file(decoder, np.full((3, 64), np.nan), np.zeros(64), (1, 8, 8))
    assert "decoder.onnx holds a weight, 'm', that is not a finite number" in refused(decoder)
    onnx_file(decoder, np.ones((3, 64)), np.zeros(64), (1, 8, 8), end="Log")
    assert "outputs values that are not finite" in refused(decoder)
    onnx_file(decoder, np.ones((3, 50)), np.zeros(50), (50,))
    assert "outputs 50 numbers per image, not a square number" in refused(decoder)
    onnx_file(decoder, np.ones((8, 100)), np.zeros(100), (1, 10, 10))
    assert "decoder.onnx takes images of 10×10 pixels" in refused(
        decoder, encoder, data=DataConfig(image_size=8)
    )
    onnx_file(decoder, np.ones((5, 64)), np.zeros(64), (1, 8, 8))
    assert "encoder.onnx outputs 8 numbers per image, but the decoder takes 5" in refused(decoder, encoder)
    onnx_file(decoder, np.ones((3, 64)), np.zeros(64), (1, 8, 8), batch=1)
    assert "does not run on a batch of 64" in refused(decoder)


def test_weights_in_other_files_are_not_fetched(tmp_path: Path, refused: Refused) -> None:
    file = onnx_file(tmp_path / "decoder.onnx", np.ones((3, 64)), np.zeros(64), (1, 8, 8))
    proto = onnx.load(file)
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    file.write_bytes(proto.SerializeToString())
    assert "decoder.onnx" in refused(file)


# --- a checkpoint of this explorer, as a .zip ---


def packed(path: Path, checkpoint: Path, **changes: bytes | None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (tiny.content(checkpoint) | changes).items():
            if content is not None:
                archive.writestr(f"{checkpoint.name}/{name}", content)
    return path


def real(folder: Path) -> Path:
    from explorer import data
    from explorer.config import RunConfig
    from explorer.models import Autoencoder
    from explorer.store.weights import save_checkpoint

    config = RunConfig.from_flat({"hidden": (8,)})
    images = data.load(config.data)
    return save_checkpoint(folder / "own", Autoencoder(config.model, images.image_shape), images, config).path


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path, refused: Refused) -> None:
    own = real(tmp_path)
    done = import_model([packed(tmp_path / "own.zip", own)], "again", tmp_path / "models")
    assert tiny.content(done.checkpoint.path) == tiny.content(own)
    damaged = (own / store.CODES).read_bytes()[:-9]
    assert "codes.safetensors is not the file that was saved" in refused(
        packed(tmp_path / "own.zip", own, **{store.CODES: damaged})
    )
    assert "has no codes.safetensors" in refused(packed(tmp_path / "own.zip", own, **{store.CODES: None}))
    assert "config.json is not JSON" in refused(packed(tmp_path / "own.zip", own, **{"config.json": b"{"}))
    assert "cannot name a checkpoint" in refused(packed(tmp_path / "own.zip", own), name="../out")
    tiny.write(tmp_path / "forged")  # its weights are not those of the model it describes
    assert "the weights do not fit the model" in refused(packed(tmp_path / "own.zip", tmp_path / "forged"))


def test_archives_that_are_meant_to_harm(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "model.zip"

    def write(name: str, content: bytes, attributes: int = 0) -> Path:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = attributes << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(entry, content)
        return path

    assert "a name that leads out of it" in refused(write("../../config.json", b"{}"))
    assert "a name that leads out of it" in refused(write("/etc/config.json", b"{}"))
    assert "a link" in refused(write("model/config.json", b"/etc/passwd", 0o120777))
    assert "unpacks to more than 200 times its size" in refused(write("model.onnx", bytes(80 << 20)))
    assert "There are no model files" in refused(write("readme.txt", b"hello"))
    path.write_bytes(path.read_bytes()[:-20])
    assert "is not a readable .zip" in refused(path)
    link = tmp_path / "decoder.onnx"
    link.symlink_to("/dev/zero")
    assert "is not a plain file" in refused(link)


def attempt(target: Path, folder: Path) -> Imported | str:
    try:
        return import_model([target], "fuzzed", folder)
    except ExplorerError as error:
        return str(error)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_uploaded_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    """Files torn, overwritten and put together at random: an ExplorerError or a checkpoint, nothing else."""
    folder = tmp_path / "models"
    folder.mkdir(exist_ok=True)
    seeds = tmp_path / "seeds"
    if not seeds.exists():
        seeds.mkdir()
        it = Linear(2)
        convention(seeds, it)
        packed(seeds / "own.zip", real(seeds))
    source = data.draw(st.sampled_from(["decoder.onnx", "encoder.onnx", "own.zip"]))
    content = bytearray((seeds / source).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    target = tmp_path / data.draw(st.sampled_from([source, "model.zip", "model.pt"]))
    target.write_bytes(bytes(content))
    before = sorted(folder.iterdir())
    done = attempt(target, folder)
    if isinstance(done, str):
        assert "\n" not in done
        assert sorted(folder.iterdir()) == before
    else:
        store.verify(done.checkpoint)
        store.delete(done.checkpoint.path)
    target.unlink()


@given(st.binary(max_size=300))
def test_noise_is_no_archive(noise: bytes) -> None:
    with pytest.raises(ExplorerError, match=r"is not a readable \.zip"):
        unpack("noise.zip", noise)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExplorerError, match=r"nowhere\.onnx cannot be read: No such file"):
        gather([tmp_path / "nowhere.onnx"])


@pytest.mark.parametrize("job", [True, False])
def test_an_upload_is_imported_within_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: bool
) -> None:
    """A job limits its own process; somebody at a terminal may take all the memory there is."""
    limits: list[tuple[int, float | None]] = []
    monkeypatch.setattr(sandbox, "limit", lambda memory, seconds: limits.append((memory, seconds)))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    if job:
        monkeypatch.setenv(JOB, str(tmp_path))
    assert main(["import", str(tmp_path / "nowhere.onnx"), "--name", "new"]) != 0
    assert bool(limits) == job
