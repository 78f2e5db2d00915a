"""People's own images: a folder, a `.zip` or an `.npz`."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path

from explorer.data.dataset import ImageDataset
from explorer.errors import ExplorerError

MAX_IMAGES = 200_000
MAX_BYTES = 4 << 30  # uncompressed, whether as files or as pixels
MAX_RATIO = 200  # of uncompressed to compressed size; sprites reach about 120
RATIO_FREE = 64 << 20  # bytes below which no ratio does harm


def existing(name: str) -> Path | None:
    """The path that `name` means, if there is something there."""
    try:
        path = Path(name).expanduser()
        return path if name and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, no such user
        return None


def load(path: Path, image_size: int | None = None) -> ImageDataset:
    """Images from a folder or a `.zip` (see `pictures`), or from an `.npz` (see `arrays`).

    Nine tenths, chosen at random but always alike, are for training. `image_size` is applied here where images
    may differ in size, that is, not to an `.npz`.
    Raises ExplorerError that names the file at fault.
    """
    from explorer.data import image_folder, npz  # here: Pillow is slow to import

    try:
        if path.is_dir():
            return image_folder.read_folder(path, image_size)
        if path.suffix.lower() == ".zip":
            return image_folder.read_zip(path, image_size)
        if path.suffix.lower() == ".npz":
            return npz.read_npz(path)
    except OSError as error:
        raise ExplorerError(f"{path} cannot be read: {error.strerror or error}.") from error
    raise ExplorerError(
        f"{path} is not a folder of images, a .zip of images or an .npz: choose one of these."
    )


def check_names(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse archives with links in them, or with names that lead out of where they are unpacked; raises
    ExplorerError. Nothing here is unpacked to disk, but an archive like that was not made for this."""
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        shown = repr(entry.filename[:80])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ExplorerError(f"{path.name} holds {shown}, a link: pack the files themselves.")
        if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
            raise ExplorerError(f"{path.name} holds {shown}, a name that leads out of it: pack it again.")


def check_archive(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse archives that are made to fill a machine; raises ExplorerError.

    The sizes are those the archive declares: `zipfile` never unpacks more of an entry than that.
    """
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_IMAGES:
        raise ExplorerError(f"{path} holds {len(entries):,} files: at most {MAX_IMAGES:,} are read.")
    if total > MAX_BYTES:
        raise ExplorerError(f"{path} unpacks to {total / 2**30:.1f} GiB: at most {MAX_BYTES >> 30} are read.")
    if total > RATIO_FREE and total > MAX_RATIO * packed:
        raise ExplorerError(
            f"{path} unpacks to more than {MAX_RATIO} times its size, which no images do: pack it again."
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise ExplorerError(f"{path} is protected by a password: pack it again without one.")
