"""Uploaded images: read, stored under a safe name, found again; and files that are something else."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer import data
from explorer.config import DataConfig
from explorer.data import ImageDataset, upload
from explorer.data.dataset import materialise
from explorer.data.resize import Converted
from explorer.errors import ExplorerError
from explorer.sandbox import Sandbox


@pytest.fixture
def one_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that is read in this test is read by the same child, which saves its start."""
    with Sandbox("explorer.data.upload:convert") as reader:
        monkeypatch.setattr(upload, "Sandbox", lambda _: contextlib.nullcontext(reader))
        yield


def npz(**arrays: object) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def zipped(count: int = 6) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(count):
            picture = io.BytesIO()
            Image.fromarray(np.full((9, 9), 20 * i, np.uint8)).save(picture, "PNG")
            archive.writestr(f"in/{'a' if i % 2 else 'b'}/{i}.png", picture.getvalue())
    return out.getvalue()


def test_what_is_kept_comes_back_by_its_name() -> None:
    factors = np.stack([np.arange(12) % 3, np.arange(12) % 2], 1)
    images = np.random.default_rng(0).integers(0, 256, (12, 3, 8, 8), dtype=np.uint8)
    given = upload.read("Mine.NPZ", npz(images=images, labels=np.arange(12) % 4, factors=factors))
    assert upload.names() == []
    data.add("mine", given)
    assert upload.names() == ["mine"]
    assert data.describe_datasets()["mine"] == upload.ABOUT
    back = data.load(DataConfig(data="mine", channels="grey"))
    assert back.name == "mine"
    assert back.image_shape == (1, 8, 8)
    back = data.load(DataConfig(data="mine"))
    np.testing.assert_array_equal(materialise(back.images), images)
    assert back.labels is not None
    assert given.labels is not None
    assert back.factors is not None
    np.testing.assert_array_equal(back.labels, given.labels)
    np.testing.assert_array_equal(back.factors, factors)
    assert (back.label_names, back.factor_sizes) == (("0", "1", "2", "3"), (3, 2))
    with pytest.raises(ExplorerError, match="There are images named mine already"):
        data.add("mine", given)
    upload.remove("mine")
    assert upload.names() == []
    with pytest.raises(ExplorerError, match="There are no uploaded images"):
        upload.remove("mine")


def test_a_folder_as_zip_keeps_its_classes() -> None:
    found = upload.read("..\\..\\Ünsafe näme.zip", zipped(), 16)
    assert (found.image_shape, found.label_names) == ((1, 16, 16), ("a", "b"))


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../out", "a/b", "A", "x" * 41, "mnist", "digits", "a.", "-a", "a\n"]
)
def test_names_that_are_not_safe_or_not_free(name: str) -> None:
    with pytest.raises(ExplorerError, match=r"cannot name images|already"):
        data.add(name, upload.read("a.zip", zipped()))
    assert upload.find(name) is None


@given(st.text(max_size=60))
def test_every_file_name_gives_a_safe_one(text: str) -> None:
    name = upload.safe_name(text)
    assert upload.NAME.fullmatch(name)
    assert os.sep not in name


def test_sentences_name_the_file_as_it_was_given() -> None:
    with pytest.raises(ExplorerError) as caught:
        upload.read("cats.zip", b"no archive")
    assert str(caught.value).startswith("cats.zip is not a readable .zip")
    with pytest.raises(ExplorerError, match=r"^cats\.rar is not a \.zip of images or an \.npz"):
        upload.read("cats.rar", zipped())


def test_too_many_pixels_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_BYTES", 100)
    monkeypatch.setattr(upload, "Sandbox", lambda _: contextlib.nullcontext(Here()))
    with pytest.raises(ExplorerError, match="choose a smaller size"):
        upload.read("a.zip", zipped())
    monkeypatch.undo()
    images = upload.read("a.zip", zipped())
    monkeypatch.setattr(upload, "MAX_BYTES", 100)
    with pytest.raises(ExplorerError, match="choose a smaller size"):
        data.add("mine", images)
    assert "mine" not in upload.names()


class Here:
    """Answers in this process."""

    def ask(self, question: dict[str, object], seconds: float) -> None:
        upload.convert(question, b"")


@pytest.mark.slow
def test_what_takes_too_long_or_too_much_is_refused_by_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pixels of a small archive never come into this process."""
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("L", (7000, 7000)).save(picture, "PNG")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(40):
            archive.writestr(f"{i}.png", picture.getvalue())
    monkeypatch.setattr(upload, "Sandbox", lambda handler: Sandbox(handler, memory=1 << 30))
    with pytest.raises(ExplorerError, match=r"^big\.zip was not read, it takes more memory than it may have"):
        upload.read("big.zip", out.getvalue())
    monkeypatch.setattr(upload, "MAX_SECONDS", 1.0)
    before = psutil.Process().memory_info().rss
    with pytest.raises(ExplorerError, match=r"^big\.zip was not read, it takes longer than 1 s"):
        upload.read("big.zip", out.getvalue(), 64)
    assert psutil.Process().memory_info().rss - before < 50 << 20


@pytest.mark.slow
def test_large_images_of_a_small_archive_cost_this_process_no_memory() -> None:
    """They are mapped from a file that is gone once they are read."""
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("L", (1000, 1000)).save(picture, "PNG")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for i in range(400):
            archive.writestr(f"{i}.png", picture.getvalue())
    before = psutil.Process().memory_info()
    images = upload.read("big.zip", out.getvalue())
    held = psutil.Process().memory_info()
    assert images.images.shape == (400, 1, 1000, 1000)
    assert held.rss - held.shared - (before.rss - before.shared) < 50 << 20
    assert not materialise(images.images, np.array([399])).any()
    upload.write("big", images)
    assert upload.image_shape("big") == (400, 1, 1000, 1000)
    with pytest.raises(ExplorerError, match=r"^These images take 2\.2 GiB"):
        upload.write("big", replace(images, images=Converted(images.images, (2400, 1, 1000, 1000), ())))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_dropped_is_read_or_refused(one_reader: None, data: st.DataObject) -> None:
    """Archives torn and overwritten at random: a data set or a sentence, and nothing left on the disk."""
    name = data.draw(st.sampled_from(["a.zip", "a.npz"]))
    content = bytearray(zipped() if name == "a.zip" else npz(images=np.zeros((9, 8, 8)), labels=np.arange(9)))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=60))
    found = attempt(data.draw(st.sampled_from([name, "a.zip", "a.npz"])), bytes(content))
    if isinstance(found, str):
        assert "\n" not in found
        assert found.endswith(".")
    else:
        assert len(found) > 1
        assert materialise(found.images).dtype == np.uint8
    assert not upload.folder().exists()


def attempt(name: str, content: bytes) -> ImageDataset | str:
    try:
        return upload.read(name, content)
    except ExplorerError as error:
        return str(error)
