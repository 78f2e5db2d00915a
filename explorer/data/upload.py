"""Uploaded images, stored by name in the data folder as `brought/NAME.npz`."""

import io
import re
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data import user_files
from explorer.data.dataset import ImageDataset, materialise
from explorer.data.npz import read_npz
from explorer.disk import disk_errors, save_file
from explorer.environment import data_folder
from explorer.errors import ExplorerError
from explorer.sandbox import LimitError, Message, Sandbox

FOLDER = "brought"  # unchanged, because data folders with uploads exist
ABOUT = "your own images"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
ENDINGS = (".zip", ".npz")
IMAGES, COLUMNS = "images.npy", "columns.npz"
MAX_BYTES = 2 << 30
"""Maximum size of an upload in uncompressed bytes."""
MAX_SECONDS = 300.0
"""Maximum time to read an upload."""


def folder() -> Path:
    """The folder of uploads."""
    return data_folder() / FOLDER


def names() -> list[str]:
    """The names of all uploads."""
    return sorted(
        path.stem for path in folder().glob("*.npz") if NAME.fullmatch(path.stem) and path.is_file()
    )


def find(name: str) -> Path | None:
    """The file of an upload; None if there is no such upload."""
    path = folder() / f"{name}.npz"
    return path if NAME.fullmatch(name) and path.is_file() else None


def image_shape(name: str) -> tuple[int, int, int, int] | None:
    """(N, C, H, W) of an upload, read from the array header only; None if it is missing or unreadable."""
    path = find(name)
    if path is None:
        return None
    try:
        with zipfile.ZipFile(path) as archive, archive.open("images.npy") as file:
            np.lib.format.read_magic(file)
            (n, c, h, w), _, _ = np.lib.format.read_array_header_1_0(file)
            return n, c, h, w
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None  # `read_npz` reports the reason


def safe_name(text: str) -> str:
    """Derive a valid upload name from `text`."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", Path(text.replace("\\", "/")).stem.lower()).strip("-._")
    return plain[:40] or "images"


def read(file_name: str, content: bytes, image_size: int | None = None) -> ImageDataset:
    """Read an uploaded `.zip` of images or `.npz` as a data set.

    A child process with limits on memory and time reads it. The images are mapped into memory from a temporary file,
    which has no name any more, so that a small archive of large images costs this process no memory. Raises
    ExplorerError with `file_name` as the file's name.
    """
    ending = next((e for e in ENDINGS if file_name.lower().endswith(e)), None)
    if ending is None:
        raise ExplorerError(
            f"{file_name[:80]} is not a .zip of images or an .npz: pack the folder of images as a .zip."
        )
    display_name = file_name[:80]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place,
        Sandbox("explorer.data.upload:convert") as reader,
    ):
        path, result = Path(place) / f"{safe_name(file_name)}{ending}", Path(place) / "result"
        path.write_bytes(content)
        result.mkdir()
        try:
            reader.ask(
                {"path": str(path), "result": str(result), "image_size": image_size}, seconds=MAX_SECONDS
            )
        except LimitError as error:
            raise ExplorerError(
                f"{display_name} was not read, {error}: import fewer or smaller images."
            ) from None
        except ExplorerError as error:
            sentence = str(error).replace(f"{path}", display_name).replace(f"{place}/", "")
            raise ExplorerError(
                sentence.replace("with --image-size 64", "with a size of 64 pixels")
            ) from None
        images = np.load(result / IMAGES, mmap_mode="r", allow_pickle=False)
        return replace(read_npz(result / COLUMNS, images), name=path.name)


def convert(question: dict[str, Any], _: bytes) -> Message:
    """Runs in the child process of `read`: convert any supported file to arrays in the explorer's format.

    Raises ExplorerError as reading the file does, and if the images are too large to be kept.
    """
    dataset = user_files.load(Path(question["path"]), question["image_size"])
    check_size(dataset)
    columns, result = arrays(dataset), Path(question["result"])
    np.save(result / IMAGES, columns.pop("images"))
    np.savez(result / COLUMNS, **columns)  # type: ignore[arg-type]
    return {}, b""


def check_size(dataset: ImageDataset) -> None:
    """Raises ExplorerError if the images are too large to be kept."""
    count = len(dataset) * int(np.prod(dataset.image_shape))
    if count > MAX_BYTES:
        raise ExplorerError(
            f"These images take {count / 2**30:.1f} GiB; the limit is {MAX_BYTES >> 30} GiB: choose a smaller size."
        )


def arrays(dataset: ImageDataset) -> dict[str, np.ndarray]:
    """The arrays of a data set for an `.npz`."""
    source = dataset.images
    columns = {"images": source if isinstance(source, np.ndarray) else materialise(source)}
    if dataset.labels is not None:
        columns |= {"labels": dataset.labels, "label_names": np.array(dataset.label_names, dtype=np.str_)}
    if dataset.factors is not None:
        columns |= {"factors": dataset.factors, "factor_names": np.array(dataset.factor_names, dtype=np.str_)}
    return columns


def write(name: str, dataset: ImageDataset) -> Path:
    """Save a data set under a name, replacing an older one (`explorer.data.add` does not replace).

    Raises ExplorerError if the name is invalid, or the images are too large or cannot be written.
    """
    if not NAME.fullmatch(name) or name.endswith("."):
        raise ExplorerError(
            f"{name[:60]!r} cannot name images: use up to 40 lower-case letters, digits, '.', '_' or '-', "
            "starting with a letter or digit."
        )
    check_size(dataset)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays(dataset))  # type: ignore[arg-type]
    path = folder() / f"{name}.npz"
    save_file(path, out.getvalue(), f"The data set {name}")
    return path


def remove(name: str) -> None:
    """Delete an upload. Raises ExplorerError if there is none of that name."""
    path = find(name)
    if path is None:
        raise ExplorerError(f"There are no uploaded images named {name[:60]!r}.")
    with disk_errors(f"The data set {name}", folder()):
        path.unlink()
