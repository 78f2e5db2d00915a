"""Images that people have uploaded, kept under a name in the data folder: `brought/NAME.npz`."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import numpy as np

from explorer.data import user_files
from explorer.data.dataset import ImageDataset, materialise
from explorer.disk import disk_errors, replace_file
from explorer.environment import data_folder
from explorer.errors import ExplorerError

FOLDER, ABOUT = "brought", "your own images"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
ENDINGS = (".zip", ".npz")
MOST_BYTES = 2 << 30
"""What one set of images may take as pixels."""


def folder() -> Path:
    """Where uploads are kept."""
    return data_folder() / FOLDER


def names() -> list[str]:
    """The names of all uploads."""
    return sorted(path.stem for path in folder().glob("*.npz") if NAME.fullmatch(path.stem))


def find(name: str) -> Path | None:
    """The file of an upload, None if there is none of that name."""
    path = folder() / f"{name}.npz"
    return path if NAME.fullmatch(name) and path.is_file() else None


def safe_name(text: str) -> str:
    """`text` made into a name for an upload."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", Path(text.replace("\\", "/")).stem.lower()).strip("-._")
    return plain[:40] or "images"


def read(file_name: str, content: bytes, image_size: int | None = None) -> ImageDataset:
    """An uploaded file, a `.zip` of images or an `.npz`, as a data set. Nothing of it stays on the disk.

    Raises ExplorerError, with the name of the file as it was given.
    """
    ending = next((e for e in ENDINGS if file_name.lower().endswith(e)), None)
    if ending is None:
        raise ExplorerError(
            f"{file_name[:80]} is not a .zip of images or an .npz: pack the folder of images as a .zip."
        )
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"{safe_name(file_name)}{ending}"
        path.write_bytes(content)
        try:
            return user_files.load(path, image_size)
        except ExplorerError as error:
            said = str(error).replace(f"{path}", file_name[:80]).replace(f"{place}/", "")
            raise ExplorerError(said.replace("with --image-size 64", "with a size of 64 pixels")) from None


def write(name: str, dataset: ImageDataset) -> Path:
    """Keep a data set under a name, replacing an older one of that name (`explorer.data.add` does not).

    Raises ExplorerError if it is no name, or the images are too large or cannot be written.
    """
    if not NAME.fullmatch(name) or name.endswith("."):
        raise ExplorerError(
            f"{name[:60]!r} cannot name images: use up to 40 small letters, digits, '.', '_' or '-', beginning with a "
            "letter or digit."
        )
    count = len(dataset) * int(np.prod(dataset.image_shape))
    if count > MOST_BYTES:
        raise ExplorerError(
            f"These images take {count / 2**30:.1f} GiB; at most {MOST_BYTES >> 30} are kept: choose a smaller size."
        )
    arrays: dict[str, np.ndarray] = {"images": materialise(dataset.images)}
    if dataset.labels is not None:
        arrays |= {"labels": dataset.labels, "label_names": np.array(dataset.label_names, dtype=np.str_)}
    if dataset.factors is not None:
        arrays |= {"factors": dataset.factors, "factor_names": np.array(dataset.factor_names, dtype=np.str_)}
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    path = folder() / f"{name}.npz"
    with disk_errors(f"The data set {name}", folder()):
        folder().mkdir(parents=True, exist_ok=True)
        replace_file(path, out.getvalue())
    return path


def remove(name: str) -> None:
    """Delete an upload. Raises ExplorerError if there is none of that name."""
    path = find(name)
    if path is None:
        raise ExplorerError(f"There are no brought images named {name[:60]!r}.")
    with disk_errors(f"The data set {name}", folder()):
        path.unlink()
