"""Folders and .zip files of images: good ones read right, bad ones answered in one sentence."""

import os
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from explorer.data import ImageDataset, image_folder, limits
from explorer.data.image_folder import decode, labels_from, natural_key
from explorer.data.resize import to_square
from explorer.errors import ExplorerError
from tests.at_path import failure, get


def grey(value: int, width: int = 12, height: int = 10) -> Image.Image:
    return Image.new("L", (width, height), value)


def save(image: Image.Image, path: Path, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes, numbered so that text order is wrong, among things that are no images."""
    folder = tmp_path / "pets"
    for i in (1, 2, 10):
        save(grey(i), folder / "cat" / f"img{i}.png")
        save(grey(100 + i), folder / "Dog" / f"img{i}.PNG")
    (folder / "notes.txt").write_text("about pets")
    (folder / "cat" / "Thumbs.db").write_bytes(b"\0")
    (folder / "cat" / "._img1.png").write_bytes(b"not an image")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "img1.png").write_bytes(b"not an image")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "img1.png").write_bytes(b"not an image")
    os.mkfifo(folder / "pipe.png")
    return folder


def check_pets(dataset: ImageDataset) -> None:
    images = dataset.images[np.arange(6)]
    assert images.shape == (6, 1, 10, 12)
    assert images[:, 0, 0, 0].tolist() == [1, 2, 10, 101, 102, 110]
    assert dataset.label_names == ("cat", "Dog")
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert sorted([*dataset.train_index, *dataset.test_index]) == list(range(6))
    assert len(dataset.test_index) == 1


def zip_of(folder: Path, to: Path, method: int = zipfile.ZIP_DEFLATED, prefix: str = "") -> Path:
    with zipfile.ZipFile(to, "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, prefix + path.relative_to(folder).as_posix())
    return to


def test_a_folder_of_classes(pets: Path) -> None:
    dataset = get(pets)
    check_pets(dataset)
    assert dataset.name == "pets"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("prefix", ["", "pets/", "./", "deep/down/", "/"])
def test_a_zip_is_read_like_its_folder(pets: Path, tmp_path: Path, method: int, prefix: str) -> None:
    before = set(tmp_path.rglob("*"))
    path = zip_of(pets, tmp_path / "pets.zip", method, prefix)
    check_pets(get(path))
    assert set(tmp_path.rglob("*")) == before | {path}  # nothing was unpacked to disk


def test_images_without_sub_folders_have_no_labels(tmp_path: Path) -> None:
    for i in range(3):
        save(grey(i), tmp_path / "flat" / f"{i}.bmp")
    dataset = get(tmp_path / "flat")
    assert dataset.labels is None
    assert dataset.label_names == ()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.png", "b.png"], None),
        (["x/a.png", "x/b.png"], None),
        (["x/a.png", "b.png"], None),
        (["x/a.png", "y/b.png", "x/c.png"], (("x", "y"), [0, 1, 0])),
        (["top/c10/a.png", "top/c9/b.png"], (("c9", "c10"), [1, 0])),
        (["x/1/a.png", "x/2/a.png", "y/1/a.png"], (("x", "y"), [0, 0, 1])),
        (["ab/1.png", "abc/1.png"], (("ab", "abc"), [0, 1])),
        (["a\udcff/1.png", "b/1.png"], (("a?", "b"), [0, 1])),
        (["9" * 5000 + "/1.png", "8" * 5000 + "/1.png"], (("8" * 5000, "9" * 5000), [1, 0])),
    ],
)
def test_labels_from_folders(names: list[str], expected: tuple[tuple[str, ...], list[int]] | None) -> None:
    labels, label_names = labels_from(names)
    if expected is None:
        assert labels is None
    else:
        assert labels is not None
        assert (label_names, labels.tolist()) == expected


@given(st.lists(st.integers(0, 10**6), unique=True), st.text(alphabet="ab/-", max_size=5))
def test_natural_order_is_the_order_of_numbers(numbers: list[int], before: str) -> None:
    names = [f"{before}{n}.png" for n in numbers]
    assert sorted(names, key=natural_key) == [f"{before}{n}.png" for n in sorted(numbers)]


@given(st.lists(st.text(max_size=12)))
def test_natural_order_takes_any_names(names: list[str]) -> None:
    backwards = list(reversed(names))
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def test_the_split_is_fixed_and_blind_to_content(tmp_path: Path) -> None:
    for i in range(30):
        save(grey(i), tmp_path / "a" / f"{i}.png")
        save(grey(200 - i), tmp_path / "b" / f"{i}.png")
    a, b = get(tmp_path / "a"), get(tmp_path / "b")
    np.testing.assert_array_equal(a.test_index, b.test_index)
    assert len(a.test_index) == 3


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, [255]),
        ("L", 77, [77]),
        ("LA", (77, 255), [77]),
        ("LA", (0, 51), [204]),  # a fifth of black over white
        ("RGB", (10, 20, 30), [10, 20, 30]),
        ("RGBA", (10, 20, 30, 0), [255, 255, 255]),
        ("RGBA", (10, 20, 30, 255), [10, 20, 30]),
        ("I;16", 257 * 99, [99]),
    ],
)
def test_every_kind_of_pixel(tmp_path: Path, mode: str, colour: Any, expected: list[int]) -> None:
    path = save(Image.new(mode, (3, 2), colour), tmp_path / "image.png")
    image = decode(path, "image.png")
    assert image.dtype == np.uint8
    assert image.shape == (len(expected), 2, 3)
    np.testing.assert_array_equal(image[:, 1, 2], expected)


def test_palettes_and_print_colours(tmp_path: Path) -> None:
    red = Image.new("RGB", (4, 4), (254, 0, 0))
    for image, name in ((red.quantize(4), "p.gif"), (red.convert("CMYK"), "k.jpg"), (red, "q.webp")):
        shown = decode(save(image, tmp_path / name), name)
        np.testing.assert_allclose(shown[:, 2, 2], [254, 0, 0], atol=6)


def test_photographs_are_turned_upright(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 255], [0, 0], [0, 0]], dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it 90° clockwise
    path = save(image, tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(decode(path, "turned.png")[0], np.rot90(np.asarray(image), -1))


def test_grey_among_coloured_becomes_colour(tmp_path: Path) -> None:
    save(grey(9), tmp_path / "a.png")
    save(Image.new("RGB", (12, 10), (1, 2, 3)), tmp_path / "b.png")
    dataset = get(tmp_path)
    assert dataset.images[np.arange(2)][:, :, 0, 0].tolist() == [[9, 9, 9], [1, 2, 3]]
    assert get(tmp_path, channels="grey").image_shape == (1, 10, 12)


def test_different_sizes_need_an_image_size(tmp_path: Path) -> None:
    save(grey(9, 12, 10), tmp_path / "a.png")
    save(grey(9, 30, 40), tmp_path / "b.png")
    said = failure(tmp_path)
    assert "a.png has 12×10 pixels, b.png has 30×40" in said
    assert "--image-size" in said
    dataset = get(tmp_path, image_size=16)
    np.testing.assert_array_equal(dataset.images[np.arange(2)], np.full((2, 1, 16, 16), 9))


def damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    path.write_bytes(
        {"empty": b"", "text": b"hello", "cut": whole[:60], "scrambled": whole[:40] + whole[40:][::-1]}[how]
    )


@pytest.mark.parametrize("how", ["empty", "text", "cut", "scrambled"])
def test_a_damaged_image_is_named(pets: Path, tmp_path: Path, how: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(256, size=(10, 12), dtype=np.uint8))
    damage(save(noise, pets / "cat" / "img2.png"), how)
    for place in (pets, zip_of(pets, tmp_path / "pets.zip")):
        assert f"cat/img2.png in {place} is not a readable image" in failure(place)


def test_a_program_that_calls_itself_an_image_is_not_run(tmp_path: Path) -> None:
    """Pillow would hand PostScript to Ghostscript: only picture formats are opened."""
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    assert "a.png in" in failure(tmp_path)


def test_folders_without_images(tmp_path: Path) -> None:
    assert "holds no images" in failure(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing here")
    assert "holds no images" in failure(tmp_path)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    assert "holds no images" in failure(tmp_path / "empty.zip")


def test_one_image_is_too_few(tmp_path: Path) -> None:
    save(grey(1), tmp_path / "a.png")
    assert "has 1 images, too few to split" in failure(tmp_path)


def test_foreign_files(tmp_path: Path) -> None:
    for name in ("notes.txt", "photo.png", "model.pt", "images.npy"):
        (tmp_path / name).write_bytes(b"whatever")
        assert f"{tmp_path / name} is not a folder of images, a .zip of images or an .npz" in failure(
            tmp_path / name
        )
    for name in ("fake.zip", "fake.npz"):
        (tmp_path / name).write_bytes(b"whatever")
        assert f"{tmp_path / name} is not a readable {name[-4:]}" in failure(tmp_path / name)


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that declares a huge size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_huge_images_are_refused_before_they_are_unpacked(tmp_path: Path, side: int) -> None:
    (tmp_path / "a.png").write_bytes(bomb(side, side))
    assert "a.png in" in (said := failure(tmp_path))
    assert "more than 50 million pixels" in said


def test_pixels_in_all_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(12):
        save(grey(i, 100, 100), tmp_path / f"{i}.png")
    monkeypatch.setattr(limits, "MAX_BYTES", 100_000)
    assert "at full size" in failure(tmp_path)
    assert len(get(tmp_path, image_size=64)) == 12


def test_pixels_that_are_decoded_are_limited_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever size they are brought to."""
    for i in range(4):
        save(grey(i, 100, 100), tmp_path / f"{i}.png")
    monkeypatch.setattr(image_folder.Budget.__init__, "__defaults__", (30_000,))
    assert "The images up to 3.png in" in failure(tmp_path, image_size=8)


def test_large_photographs_are_never_decoded_at_full_size(tmp_path: Path) -> None:
    """64 million pixels are too many, a JPEG's eighth of each side is not."""
    y, x = np.mgrid[0:8000:10, 0:8000:10] / 8000
    small = Image.fromarray(np.uint8(127 + 60 * np.sin(9 * x) + 60 * np.cos(7 * y)))
    path = save(small.resize((8000, 8000)), tmp_path / "photo.jpg")
    with pytest.raises(ExplorerError, match="more than 50 million pixels"):
        decode(path, "photo.jpg")
    np.testing.assert_allclose(decode(path, "photo.jpg", 64)[0], np.asarray(small.resize((64, 64))), atol=3)


@pytest.mark.parametrize("size", [(40, 30), (9, 31), (400, 300), (64, 64)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_images_are_resized_like_data_sets(tmp_path: Path, size: tuple[int, int], mode: str) -> None:
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    waves = [np.uint8(127 + 60 * np.sin(x / (5 + k)) + 60 * np.cos(y / (7 + k))) for k in range(len(mode))]
    image = Image.fromarray(waves[0] if mode == "L" else np.stack(waves, 2))
    path = save(image, tmp_path / "image.png")
    expected = to_square(decode(path, "image.png")[None], 32)[0]
    np.testing.assert_allclose(decode(path, "image.png", 32).astype(int), expected, atol=2)


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    for ending in ("zip", "npz"):
        os.mkfifo(tmp_path / f"pipe.{ending}")
        assert "is not a plain file" in failure(tmp_path / f"pipe.{ending}")


def test_too_many_images(pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_IMAGES", 5)
    for place in (pets, zip_of(pets, tmp_path / "pets.zip")):
        assert "holds 6" in failure(place)


def test_a_zip_that_unpacks_to_too_much(pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(pets, tmp_path / "pets.zip")
    monkeypatch.setattr(limits, "MAX_BYTES", 300)
    assert "unpacks to" in failure(path)


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.npz"])
def test_a_zip_bomb(tmp_path: Path, name: str) -> None:
    with (
        zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("images.png" if name.endswith(".zip") else "images.npy", "w") as entry,
    ):
        for _ in range(65):
            entry.write(bytes(1 << 20))
    assert "unpacks to more than 200 times its size" in failure(tmp_path / name)


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    """An entry that declares less than it holds: no more than that is unpacked, and the checksum tells."""
    save(
        Image.fromarray(np.random.default_rng(0).integers(256, size=(40, 40), dtype=np.uint8)),
        tmp_path / "a.bmp",
    )
    path = tmp_path / "lying.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "a.bmp", "a.bmp")
        archive.write(tmp_path / "a.bmp", "b.bmp")
    whole = path.read_bytes()
    size = struct.pack("<I", (tmp_path / "a.bmp").stat().st_size)
    path.write_bytes(whole.replace(size, struct.pack("<I", 1200)))
    assert f"a.bmp in {path} cannot be unpacked" in failure(path)


def test_a_damaged_or_locked_zip(pets: Path, tmp_path: Path) -> None:
    path = zip_of(pets, tmp_path / "pets.zip", zipfile.ZIP_STORED)
    whole = path.read_bytes()
    start = whole.index(b"\x89PNG") + 20
    path.write_bytes(whole[:start] + b"?" * 8 + whole[start + 8 :])
    assert "Dog/img1.PNG in" in failure(path)
    path.write_bytes(whole[: len(whole) // 2])
    assert "is not a readable .zip" in failure(path)
    with zipfile.ZipFile(zip_of(pets, path)) as archive:
        places = [entry.header_offset for entry in archive.infolist()]
    locked = bytearray(path.read_bytes())
    for place in places:
        locked[place + 6] |= 1
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    path.write_bytes(locked)
    assert "protected by a password" in failure(path)


@pytest.mark.parametrize(
    "name", ["../../out.png", "/out.png", "C:\\out.png", "in/../../out.png", "..\\out.png"]
)
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    image = save(grey(5), tmp_path / "in" / "a.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "climb.zip", "w") as archive:
        archive.writestr("a.png", image)
        archive.writestr(name, image)
    assert "a name that leads out of it: pack it again" in failure(tmp_path / "climb.zip")
    assert not list(tmp_path.parent.glob("out.png"))


def test_links_in_a_zip_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("secret.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert failure(tmp_path / "link.zip") == "link.zip holds 'secret.png', a link: pack the files themselves."


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(image_folder.os, "scandir", denied)
    assert failure(tmp_path) == f"{tmp_path} cannot be read: Permission denied."


def test_links_out_of_a_folder_are_not_followed(pets: Path, tmp_path: Path) -> None:
    shutil.copytree(pets / "cat", tmp_path / "elsewhere")
    (pets / "bird").symlink_to(tmp_path / "elsewhere")
    check_pets(get(pets))
